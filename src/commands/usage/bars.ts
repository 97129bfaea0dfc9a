/**
 * Bars of text.
 * @module
 */

const FULL = "█";
const EMPTY = "░";
const HEIGHTS = "▁▂▃▄▅▆▇█";
/** No bar is wider, cells. */
const WIDEST = 24;

/** How wide bars may be beside a name and two numbers, cells. */
export function barWidth(columns: number | undefined): number {
  return Math.max(5, Math.min(WIDEST, (columns ?? 80) - 54));
}

/** A bar of `part` of `whole`; what is more than nothing has a cell at least. */
export function bar(part: number, whole: number, cells: number): string {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const filled = part > 0 ? Math.max(1, Math.round(share * cells)) : 0;
  return FULL.repeat(filled) + EMPTY.repeat(cells - filled);
}

/** One cell for each value, as high as it is; a space for nothing. */
export function columnsOf(values: readonly number[]): string {
  const most = values.reduce((a, b) => Math.max(a, b), 0);
  return values.map((value) =>
    value <= 0 ? " " : HEIGHTS[Math.ceil(value / most * HEIGHTS.length) - 1] ?? " "
  ).join("");
}

/** Lines whose bars are coloured; `tone` is the number of a colour of the terminal. */
export function coloured(lines: string, tone: 31 | 33 | 36): string {
  return lines.replace(/[█░▁▂▃▄▅▆▇]+/gu, (one) => `\x1b[${tone}m${one}\x1b[39m`);
}
