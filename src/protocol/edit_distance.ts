/**
 * How far a mistyped word is from a known one: errors on every surface name the nearest.
 * @module
 */

/** Longer words are compared by their beginning: a pasted text must not cost time. */
const WORD_LIMIT = 64;

/** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
export function editDistance(whole: string, other: string): number {
  const [a, b] = [whole.slice(0, WORD_LIMIT), other.slice(0, WORD_LIMIT)];
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(
        cell(next, j - 1) + 1,
        cell(row, j) + 1,
        cell(row, j - 1) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, cell(before, j - 2) + 1);
      }
      next.push(cost);
    }
    [before, row] = [row, next];
  }
  return cell(row, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
