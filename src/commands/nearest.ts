/**
 * What was probably meant by a mistyped word.
 * @module
 */

/** Only so much of a word is compared: a pasted text must not cost time. */
const COMPARED_LENGTH = 64;

/** Letters to insert, remove, replace or swap with their neighbour to get from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  const from = [...a.slice(0, COMPARED_LENGTH)];
  const to = [...b.slice(0, COMPARED_LENGTH)];
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of from.entries()) {
    const next = [row + 1];
    for (const [column, wanted] of to.entries()) {
      const replaced = (last[column] ?? 0) + (letter === wanted ? 0 : 1);
      const swapped = row > 0 && column > 0 && letter === to[column - 1] && from[row - 1] === wanted
        ? (before[column - 1] ?? 0) + 1
        : Infinity;
      next.push(
        Math.min(replaced, swapped, (last[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1),
      );
    }
    [before, last] = [last, next];
  }
  return last[to.length] ?? 0;
}

/** The most similar of some words; at the same distance, the first. `undefined` only for none. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (!best || distance < best.distance) best = { word: candidate, distance };
  }
  return best?.word;
}
