/**
 * Several orders of the same passages as one.
 * @module
 */
import type { RankedPassage } from "../search/hit.ts";

/**
 * How much a place near the top counts more than one further down: reciprocal rank fusion (Cormack,
 * Clarke and Büttcher, SIGIR 2009) with the authors' constant.
 */
const DAMPING = 60;

/**
 * The passages of all lists, the best first; each list has one vote of `1 / (60 + place)` a passage.
 * Scores of the lists are not compared, only places, so that a list of words and one of vectors can be
 * taken together. A passage that a list names twice counts there at its best place. Of two with the same
 * score the one that an earlier list placed stands first.
 */
export function fuseRanks(
  lists: readonly (readonly RankedPassage[])[],
  limit: number,
): RankedPassage[] {
  const fused = new Map<string, { note: number; ordinal: number; score: number }>();
  for (const list of lists) {
    const seen = new Set<string>();
    for (const { note, ordinal } of list) {
      const key = `${note}/${ordinal}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const vote = 1 / (DAMPING + seen.size);
      const passage = fused.get(key);
      if (passage === undefined) fused.set(key, { note, ordinal, score: vote });
      else passage.score += vote;
    }
  }
  // The sort is stable: what came in first stays first among equals.
  return [...fused.values()].sort((a, b) => b.score - a.score).slice(0, Math.max(0, limit));
}
