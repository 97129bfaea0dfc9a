/**
 * Search by words and by meaning at once.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Hit, SearchOptions } from "../search/hit.ts";
import { HIT_LIMIT, hitsOf, rankPassages } from "../search/search.ts";
import { meetingDemands } from "./conditions.ts";
import { fuseRanks } from "./fusion.ts";
import type { VectorIndex } from "./vector_index.ts";

/** Passages that each of the two orders gives for a note that is asked for. */
const PASSAGES_EACH = 8;
const MIN_PASSAGES = 80;
/** Those of the vectors are read one by one; beyond these the words are enough. */
const MAX_NEAR = 400;
/** Notes that may vanish before they are shown. */
const SPARE = 10;

/**
 * The notes found by words, and with `meaning` by the nearest vectors too: each order names its best
 * passages, and the notes' places are taken together. A note without vectors is found by its words as before.
 */
export async function searchHybrid(
  db: DatabaseSync,
  vectors: VectorIndex,
  query: string,
  options: SearchOptions = {},
): Promise<Hit[]> {
  const { category, meaning, limit = HIT_LIMIT } = options;
  const depth = Math.max(MIN_PASSAGES, limit * PASSAGES_EACH);
  const within = category === undefined ? {} : { category };
  const words = await rankPassages(db, query, { ...within, limit: depth });
  if (meaning === undefined) return await hitsOf(db, query, words, limit);
  const nearest = await vectors.search(meaning, { ...within, limit: Math.min(depth, MAX_NEAR) });
  const near = await meetingDemands(db, query, nearest, words);
  // Without vectors the order of the words stays as it is, scores and all.
  const ranked = near.length === 0 ? words : fuseRanks([words, near], limit + SPARE);
  return await hitsOf(db, query, ranked, limit);
}
