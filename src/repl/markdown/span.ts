/**
 * What reads one construct of inline Markdown, and what it gives.
 * @module
 */
import type { Palette, Style } from "../style.ts";

/** Receives text in a style. White space separates words; a line feed ends the line. */
export type InlineSink = (text: string, style: Style) => void;

/** Found a construct that ends before `end`; or it is plain text; or more text is needed to know. */
export type Span =
  | { readonly kind: "span"; readonly end: number; readonly emit: (sink: InlineSink) => void }
  | { readonly kind: "plain"; readonly end: number }
  | { readonly kind: "wait" };

/** More text is needed to know. */
export const WAIT: Span = { kind: "wait" };

/** Where to read, and how what is found will look. */
export interface Scan {
  readonly text: string;
  /** Where the sign stands. */
  readonly at: number;
  readonly previous: string;
  /** Where the search for an end stops. */
  readonly limit: number;
  /** Nothing more comes, or so much has come that the limit decides. */
  readonly final: boolean;
  readonly palette: Palette;
  readonly style: Style;
  /** Hands on the whole of a text inside the construct; `before` is the character before it. */
  readonly inner: (text: string, before: string, style: Style, sink: InlineSink) => void;
}

/** Not found: plain text if that is certain. */
export function missing(scan: Scan, end: number): Span {
  return scan.final ? { kind: "plain", end } : WAIT;
}

/** How often the character at `at` follows itself. */
export function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

/** Where the code span that opens at `at` ends, or -1. */
export function codeEnd(text: string, at: number, limit: number): number {
  const ticks = runLength(text, at);
  for (let next = text.indexOf("`", at + ticks); next >= 0 && next < limit;) {
    const length = runLength(text, next);
    if (length === ticks) return next + length;
    next = text.indexOf("`", next + length);
  }
  return -1;
}
