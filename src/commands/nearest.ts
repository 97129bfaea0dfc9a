/**
 * What was probably meant by a mistyped word.
 * @module
 */

import { editDistance } from "../protocol/edit_distance.ts";

/** The most similar of some words; at the same distance, the first. `undefined` only for none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || distance < best.distance) best = { word: candidate, distance };
  }
  return best?.word;
}
