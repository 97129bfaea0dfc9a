import { editDistance } from "../protocol/edit_distance.ts";

/** Longer words are compared by their beginning. */
const WORD_LIMIT = 64;

/**
 * The candidate that a mistyped word most likely meant: at most a third of its letters differ.
 * A swap of two neighbouring letters counts as one mistake.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const typed = word.slice(0, WORD_LIMIT).toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(typed.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(typed, candidate.toLowerCase());
    if (distance < least && distance < candidate.length) [best, least] = [candidate, distance];
  }
  return best;
}
