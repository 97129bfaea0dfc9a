/**
 * Search by words: what is sought, which passages have it, how well each note answers.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { wordsOf } from "../index/entries.ts";
import { statement } from "../index/statements.ts";
import { analyserOf } from "../text/analysers.ts";
import { candidatesOf } from "./candidates.ts";
import { countsOf } from "./counts.ts";
import type { Hit, RankedPassage, SearchOptions } from "./hit.ts";
import { NoteScores } from "./note_scores.ts";
import { snippetOf } from "./snippet.ts";
import { soughtBy, type Stage } from "./sought.ts";
import { Weigher } from "./weighing.ts";

/** How many notes a search gives if it is not told. */
export const HIT_LIMIT = 10;
const NOTHING: ReadonlySet<Stage> = new Set();

/** How to rank. */
export interface RankOptions extends Pick<SearchOptions, "category"> {
  /** How many passages. */
  readonly limit: number;
  /** Stages that are left out, to measure what they are worth. */
  readonly without?: ReadonlySet<Stage>;
}

/**
 * The passages that answer best, a note's best one before its others and with the note's own score.
 * Nothing if no word of the query is in any note.
 */
export async function rankPassages(
  db: DatabaseSync,
  query: string,
  options: RankOptions,
): Promise<RankedPassage[]> {
  const without = options.without ?? NOTHING;
  const sought = await soughtBy(db, query, without);
  const candidates = candidatesOf(db, sought, options.category);
  const weigher = new Weigher(sought, countsOf(db).totals());
  return new NoteScores(db, weigher, without).rank(candidates, options.limit);
}

/** What to show of ranked passages: one hit a note, by the first of its passages. */
export async function hitsOf(
  db: DatabaseSync,
  query: string,
  ranked: readonly RankedPassage[],
  limit: number,
): Promise<Hit[]> {
  const { words } = await soughtBy(db, query);
  const weights = new Map<string, number>();
  for (const { terms, passages } of words) {
    for (const term of terms) weights.set(term, 1 / (1 + Math.log1p(passages)));
  }
  const read = statement(
    db,
    `SELECT m.path, m.summary, m.keywords, m.language, p.line, p.heading, p.text
     FROM memory_meta m JOIN memory_passage p ON p.note = m.id WHERE m.id = ? AND p.ordinal = ?`,
  );
  const hits: Hit[] = [];
  const seen = new Set<number>();
  for (const { note, ordinal, score } of ranked) {
    if (hits.length >= limit) break;
    if (seen.has(note)) continue;
    const row = read.get(note, ordinal);
    if (row === undefined) continue;
    seen.add(note);
    const text = String(row["text"]);
    const analyser = await analyserOf(String(row["language"]));
    const { snippet, linesBefore } = snippetOf(text, analyser, weights);
    hits.push({
      file: String(row["path"]),
      line: Number(row["line"]) + linesBefore,
      heading: String(row["heading"]),
      summary: String(row["summary"]),
      keywords: wordsOf(row["keywords"]),
      snippet,
      passage: text,
      score,
    });
  }
  return hits;
}

/** Searches by words. Never throws for what the query says. */
export async function searchRows(
  db: DatabaseSync,
  query: string,
  options: SearchOptions = {},
): Promise<Hit[]> {
  const limit = options.limit ?? HIT_LIMIT;
  const ranked = await rankPassages(db, query, {
    limit: limit * 8,
    ...(options.category === undefined ? {} : { category: options.category }),
  });
  return await hitsOf(db, query, ranked, limit);
}
