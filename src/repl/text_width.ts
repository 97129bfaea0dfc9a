/**
 * Columns that text takes on a terminal; the same measure as the editor's, so both always agree.
 * @module
 */
import { getGraphemeSegmenter, visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";

const PLAIN = /^[\x20-\x7e]*$/;

/** Columns of a text on one line; escape sequences count nothing. */
export function textWidth(text: string): number {
  return visibleWidth(text);
}

/** True for text of printable ASCII, where each character is one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** The characters as a person sees them (grapheme clusters), in order. */
export function graphemes(text: string): string[] {
  if (isPlain(text)) return text.split("");
  return Array.from(getGraphemeSegmenter().segment(text), (part) => part.segment);
}

/** The longest beginning of whole graphemes that fits into `columns`. At least one grapheme. */
export function fittingPrefix(text: string, columns: number): string {
  if (isPlain(text)) return text.slice(0, Math.max(1, columns));
  let taken = "";
  let width = 0;
  for (const grapheme of graphemes(text)) {
    width += textWidth(grapheme);
    if (width > columns && taken !== "") return taken;
    taken += grapheme;
  }
  return taken;
}

/** Text cut to `columns`, with `…` where something was left out. */
export function shorten(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns <= 1) return columns === 1 ? "…" : "";
  return `${fittingPrefix(text, columns - 1)}…`;
}
