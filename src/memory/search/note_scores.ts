/**
 * Scores of notes from those of their passages, of themselves and of the notes next to them.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { statement } from "../index/statements.ts";
import { type Candidate, type NoteTraits, TRAITS, traitsOf } from "./candidates.ts";
import type { RankedPassage } from "./hit.ts";
import type { Stage } from "./sought.ts";
import { decodeTerms } from "./term_codes.ts";
import type { Weigher } from "./weighing.ts";

/** What the best passage counts beside the whole note. */
const PASSAGE_SHARE = 0.5;
/** What a word is worth that stands next to the note in its series, by how far from it. */
const NEIGHBOURS = [0.5, 0.4, 0.3] as const;
/** What that counts beside the note's own words. */
const NEIGHBOUR_SHARE = 0.7;
/** Passages that are read for the sake of the notes next to them. */
const NEIGHBOUR_BUDGET = 100;
/**
 * A pinned note, and one as young as the youngest found, gain this part of their score: enough to go
 * first among notes that answer alike, and too little to go before a better answer.
 */
const PINNED = 0.05;
const RECENT = 0.02;
const HALF_LIFE_DAYS = 180;
const DAY_MS = 86_400_000;
/** Passages of one note that are weighed, beside those that the index found. */
const PASSAGE_LIMIT = 40;

interface ScoredNote {
  readonly id: number;
  readonly traits: NoteTraits;
  /** By ordinal. */
  readonly passages: ReadonlyMap<number, number>;
  /** What each word adds to the note's score. */
  readonly parts: Float64Array;
  readonly own: number;
  readonly hasPhrases: boolean;
  readonly isExcluded: boolean;
}

/** Scores notes for one query. */
export class NoteScores {
  readonly #weigher: Weigher;
  readonly #without: ReadonlySet<Stage>;
  readonly #readSome: StatementSync;
  readonly #readOne: StatementSync;
  readonly #readSeries: StatementSync;
  readonly #notes = new Map<number, ScoredNote>();
  /** The same notes by their place in their series. */
  readonly #places = new Map<string, ScoredNote>();

  constructor(db: DatabaseSync, weigher: Weigher, without: ReadonlySet<Stage>) {
    this.#weigher = weigher;
    this.#without = without;
    this.#readSome = statement(
      db,
      `SELECT ordinal, codes FROM memory_passage WHERE note = ? AND ordinal < ${PASSAGE_LIMIT}`,
    );
    this.#readOne = statement(db, "SELECT ordinal, codes FROM memory_passage WHERE id = ?");
    this.#readSeries = statement(
      db,
      `SELECT m.id, ${TRAITS} FROM memory_meta m
       WHERE series = ? AND series <> '' AND number BETWEEN ? AND ? LIMIT ${4 * NEIGHBOURS.length}`,
    );
  }

  /** The candidates' passages and some of the notes next to them, the best first. */
  rank(candidates: readonly Candidate[], limit: number): RankedPassage[] {
    const found = new Map<number, Candidate[]>();
    for (const candidate of candidates) {
      const others = found.get(candidate.note);
      if (others === undefined) found.set(candidate.note, [candidate]);
      else others.push(candidate);
    }
    for (const [note, passages] of found) {
      if (passages[0] !== undefined) this.#add(note, passages[0].traits, passages);
    }
    if (!this.#without.has("neighbours")) this.#addNeighbours();
    const notes = [...this.#notes.values()].filter(({ own, isExcluded }) => own > 0 && !isExcluded);
    const exact = notes.filter(({ hasPhrases }) => hasPhrases);
    const newest = Math.max(...notes.map(({ traits }) => traits.modified));
    const ranked: RankedPassage[] = [];
    for (const note of exact.length > 0 ? exact : notes) {
      const whole = note.own +
        (this.#without.has("neighbours") ? 0 : this.#fromNeighbours(note));
      const score = whole * (1 + favour(note.traits, newest));
      const best = Math.max(...note.passages.values());
      for (const [ordinal, part] of note.passages) {
        if (part > 0) ranked.push({ note: note.id, ordinal, score: score * part / best });
      }
    }
    return ranked.sort((a, b) => b.score - a.score || a.note - b.note || a.ordinal - b.ordinal)
      .slice(0, limit);
  }

  #add(id: number, traits: NoteTraits, found: readonly Candidate[]): number {
    const rows = this.#readSome.all(id);
    for (const { id: passage, ordinal } of found) {
      if (ordinal >= PASSAGE_LIMIT) rows.push(...this.#readOne.all(passage));
    }
    const weigher = this.#weigher;
    const whole = { counts: new Float64Array(weigher.words), length: 0 };
    const passages = new Map<number, number>();
    const texts: Uint32Array[] = [];
    for (const row of rows) {
      const codes = decodeTerms(row["codes"]);
      texts.push(codes);
      const counted = weigher.count(codes);
      whole.length += counted.length;
      for (let at = 0; at < weigher.words; at++) {
        whole.counts[at] = (whole.counts[at] ?? 0) + (counted.counts[at] ?? 0);
      }
      passages.set(Number(row["ordinal"]), weigher.score(weigher.ofPassage(counted)));
    }
    const parts = weigher.ofNote(whole);
    const share = this.#without.has("best passage") ? 0 : PASSAGE_SHARE;
    const best = Math.max(0, ...passages.values());
    const note: ScoredNote = {
      id,
      traits,
      passages,
      parts,
      own: share * best + (1 - share) * weigher.score(parts),
      hasPhrases: weigher.hasPhrases(texts),
      isExcluded: weigher.isExcluded(texts),
    };
    this.#notes.set(id, note);
    const { series } = traits;
    if (series.name !== "") this.#places.set(placeOf(series.name, series.number), note);
    return rows.length;
  }

  /** Reads the notes next to the best ones: each may be the better answer, or make one better. */
  #addNeighbours(): void {
    let budget = NEIGHBOUR_BUDGET;
    const best = [...this.#notes.values()].sort((a, b) => b.own - a.own || a.id - b.id);
    for (const { traits: { series: { name, number } } } of best) {
      if (budget <= 0) return;
      if (name === "") continue;
      const reach = NEIGHBOURS.length;
      for (const row of this.#readSeries.all(name, number - reach, number + reach)) {
        const id = Number(row["id"]);
        if (!this.#notes.has(id)) budget -= this.#add(id, traitsOf(row), []);
      }
    }
  }

  /** What the words add that stand in the notes next to this one, and not or less in it. */
  #fromNeighbours({ traits: { series: { name, number } }, parts }: ScoredNote): number {
    if (name === "") return 0;
    const gained = Float64Array.from(parts);
    for (const [near, worth] of NEIGHBOURS.entries()) {
      for (const place of [number - near - 1, number + near + 1]) {
        const other = this.#places.get(placeOf(name, place));
        if (other === undefined) continue;
        for (let at = 0; at < gained.length; at++) {
          gained[at] = Math.max(gained[at] ?? 0, worth * (other.parts[at] ?? 0));
        }
      }
    }
    return NEIGHBOUR_SHARE * this.#weigher.score(gained.map((gain, at) => gain - (parts[at] ?? 0)));
  }
}

/** What a note gains for being pinned and for being young, as a part of its score. */
function favour({ modified, isPinned }: NoteTraits, newest: number): number {
  const age = Math.max(0, newest - modified) / DAY_MS;
  return (isPinned ? PINNED : 0) + RECENT * 2 ** (-age / HALF_LIFE_DAYS);
}

function placeOf(series: string, number: number): string {
  return `${number} ${series}`;
}
