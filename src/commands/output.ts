/**
 * Tables and lines for people: as wide as the terminal, plain in a pipe.
 * @module
 */
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import { oneLine } from "./errors.ts";

/** A column of a table. */
export interface Column {
  /** Lower case; empty for a table without a head. */
  readonly title: string;
  readonly align?: "right";
  /** May be cut when the terminal is too narrow; the widest such column is cut first. */
  readonly shrinks?: true;
}

/** Between two columns. */
const GAP = "  ";
/** A column is not cut below this. */
const LEAST_COLUMN = 8;

/**
 * Rows in columns, a line each. Cells are shown without control bytes.
 * @param columns the terminal's width; `undefined` cuts nothing
 */
export function table(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const titles = head.some(({ title }) => title !== "") ? [head.map(({ title }) => title)] : [];
  const lines = [...titles, ...rows].map((row) =>
    head.map((_, index) => oneLine(row[index] ?? ""))
  );
  const widths = head.map((_, index) =>
    Math.max(0, ...lines.map((line) => visibleWidth(line[index] ?? "")))
  );
  if (columns !== undefined) shrink(head, widths, columns);
  return lines.map((line) => {
    const cells = line.map((cell, index) => fit(cell, widths[index] ?? 0, head[index]?.align));
    return `${cells.join(GAP).trimEnd()}\n`;
  }).join("");
}

/** Takes from the widest column that may shrink until the line fits. */
function shrink(head: readonly Column[], widths: number[], columns: number): void {
  const gaps = GAP.length * (head.length - 1);
  let excess = widths.reduce((sum, width) => sum + width, gaps) - columns;
  while (excess > 0) {
    const candidates = widths.map((width, index) =>
      head[index]?.shrinks && width > LEAST_COLUMN ? width : 0
    );
    const widest = Math.max(...candidates);
    if (widest === 0) return;
    const index = candidates.indexOf(widest);
    const next = Math.max(LEAST_COLUMN, ...candidates.filter((width) => width < widest));
    const less = Math.min(excess, Math.max(1, widest - next));
    widths[index] = widest - less;
    excess -= less;
  }
}

function fit(cell: string, width: number, align: "right" | undefined): string {
  const shown = shorten(cell, width);
  const padding = " ".repeat(Math.max(0, width - visibleWidth(shown)));
  return align === "right" ? padding + shown : shown + padding;
}

/** A text cut to a width in cells, with `…` where something is missing. */
export function shorten(text: string, width: number): string {
  if (visibleWidth(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += visibleWidth(segment);
    if (used > width - 1) break;
    shown += segment;
  }
  return `${shown}…`;
}

/** A value as a line of JSON. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A time as `2026-01-31 14:05` in the person's time zone; what is no time as it is. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return oneLine(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
