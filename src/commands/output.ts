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
  /** A column that shrinks is not cut below this, in cells; 8 if absent. */
  readonly least?: number;
  /** What is kept of a cell that is cut: of a path, its end. The beginning if absent. */
  readonly keeps?: "end";
  /** Left out when the terminal is too narrow even so; the last such column goes first. */
  readonly optional?: true;
}

/** Between two columns. */
const GAP = "  ";
/** A column is not cut below this, where it says nothing else. */
const LEAST_COLUMN = 8;

/**
 * Rows in columns, a line each. Cells are shown without control bytes.
 * @param width the terminal's columns; `undefined` cuts nothing
 */
export function table(
  head: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const titles = head.some(({ title }) => title !== "") ? [head.map(({ title }) => title)] : [];
  const all = [...titles, ...rows];
  const columns = head.map((column, index) => {
    const cells = all.map((row) => oneLine(row[index] ?? ""));
    return { ...column, cells, width: widthOf(cells) };
  });
  const shown = width === undefined ? columns : fitted(columns, width);
  return all.map((_, row) => {
    const line = shown.map((column) => fit(column, column.cells[row] ?? "")).join(GAP).trimEnd();
    return `${width === undefined ? line : shorten(line, width)}\n`;
  }).join("");
}

interface Filled extends Column {
  readonly cells: readonly string[];
  width: number;
}

/** The columns that fit into a line, as wide as they may be. */
function fitted(columns: readonly Filled[], width: number): readonly Filled[] {
  const shown = [...columns];
  const gaps = () => GAP.length * (shown.length - 1);
  const least = ({ width, shrinks, least = LEAST_COLUMN }: Filled) =>
    shrinks ? Math.min(width, least) : width;
  while (shown.reduce((sum, column) => sum + least(column), gaps()) > width) {
    const last = shown.findLastIndex(({ optional }) => optional);
    if (last < 0) break;
    shown.splice(last, 1);
  }
  let excess = shown.reduce((sum, column) => sum + column.width, gaps()) - width;
  while (excess > 0) {
    const wide = shown.filter((column) => column.width > least(column))
      .toSorted((a, b) => b.width - a.width);
    const [widest, next] = wide;
    if (!widest) break;
    const step = Math.max(1, widest.width - (next?.width ?? 0));
    const less = Math.min(excess, step, widest.width - least(widest));
    widest.width -= less;
    excess -= less;
  }
  return shown;
}

function fit({ width, align, keeps }: Filled, cell: string): string {
  const shown = keeps === "end" ? shortenStart(cell, width) : shorten(cell, width);
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

/** A text cut to a width in cells, of which the end is kept: `…/notes/bread.md`. */
export function shortenStart(text: string, width: number): string {
  if (visibleWidth(text) <= width) return text;
  let shown = "";
  let used = 0;
  for (const { segment } of [...new Intl.Segmenter().segment(text)].reverse()) {
    used += visibleWidth(segment);
    if (used > width - 1) break;
    shown = segment + shown;
  }
  return `…${shown}`;
}

/** A value as a line of JSON. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A size as `512 B`, `3.4 kB` or `12 MB`. */
export function byteText(bytes: number): string {
  const units = ["kB", "MB", "GB", "TB"];
  if (bytes < 1000) return `${bytes} B`;
  let value = bytes / 1000;
  let unit = 0;
  // What would round up to 1000 is one of the next unit.
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : String(Math.round(value))} ${units[unit]}`;
}

/** A time as `2026-01-31 14:05` in the person's time zone; what is no time as it is. */
export function localTime(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return oneLine(iso);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join("-");
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** The width of the widest; there may be more of them than a call takes arguments. */
function widthOf(cells: readonly string[]): number {
  return cells.reduce((most, cell) => Math.max(most, visibleWidth(cell)), 0);
}
