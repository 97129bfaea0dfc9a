/**
 * Search by words: what is sought, which passages have it, how well each note answers.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { analyserOf } from "../text/analysers.ts";
import { candidatesOf } from "./candidates.ts";
import type { Hit, RankedPassage, SearchOptions } from "./hit.ts";
import { snippetOf } from "./snippet.ts";
import { soughtBy } from "./sought.ts";
import { decodeTerms } from "./term_codes.ts";
import { type WeighedPassage, Weigher } from "./weighing.ts";

/** How many notes a search gives if it is not told. */
export const HIT_LIMIT = 10;
/** Passages of one note that are weighed. */
const PASSAGE_LIMIT = 60;

/** How to rank. */
export interface RankOptions extends Pick<SearchOptions, "category"> {
  /** How many passages. */
  readonly limit: number;
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
  const sought = await soughtBy(db, query);
  const candidates = candidatesOf(db, sought, options.category);
  const total = db.prepare("SELECT passages, terms FROM memory_total").get();
  const passages = Number(total?.["passages"] ?? 0);
  const length = Math.max(1, Number(total?.["terms"] ?? 0) / Math.max(1, passages));
  const weigher = new Weigher(sought, { passages, length });
  const read = db.prepare(
    `SELECT ordinal, codes FROM memory_passage WHERE note = ? ORDER BY ordinal LIMIT ${PASSAGE_LIMIT}`,
  );
  const ranked: RankedPassage[] = [];
  for (const note of new Set(candidates.map(({ note }) => note))) {
    const parts: WeighedPassage[] = read.all(note).map((row) => ({
      ordinal: Number(row["ordinal"]),
      codes: decodeTerms(row["codes"]),
    }));
    const weight = weigher.weigh(parts);
    const best = weight.passages[0]?.score ?? 0;
    for (const { ordinal, score } of weight.passages) {
      if (score > 0) ranked.push({ note, ordinal, score: weight.score * score / best });
    }
  }
  return ranked.toSorted((a, b) => b.score - a.score || a.note - b.note || a.ordinal - b.ordinal)
    .slice(0, options.limit);
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
  const read = db.prepare(
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
      keywords: JSON.parse(String(row["keywords"])),
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
