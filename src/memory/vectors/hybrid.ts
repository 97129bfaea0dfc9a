/**
 * Search by words and by meaning at once.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Hit, RankedPassage, SearchOptions } from "../search/hit.ts";
import { hitsOf, rankPassages } from "../search/search.ts";
import { fuseRanks } from "./fusion.ts";
import type { VectorIndex } from "./vector_index.ts";

/** Passages that each of the two orders gives, at least. */
const DEPTH = 100;
const DEFAULT_LIMIT = 10;

/**
 * The notes found by words, and with `meaning` by the nearest vectors too: each order names its best
 * passages, and their places are taken together. A note without vectors is found by its words as before.
 */
export async function searchHybrid(
  db: DatabaseSync,
  vectors: VectorIndex,
  query: string,
  options: SearchOptions = {},
): Promise<Hit[]> {
  const { category, meaning, limit = DEFAULT_LIMIT } = options;
  const depth = Math.max(DEPTH, limit * 4);
  const within = category === undefined ? {} : { category };
  const words = await rankPassages(db, query, { ...within, limit: depth });
  if (meaning === undefined) return await hitsOf(db, query, words, limit);
  const near = await vectors.search(meaning, { ...within, limit: depth });
  const fused: RankedPassage[] = near.length === 0 ? words : fuseRanks([words, near], 2 * depth);
  return await hitsOf(db, query, fused, limit);
}
