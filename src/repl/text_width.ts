/**
 * Columns that text takes on a terminal. Text of common letters, signs and simple emoji is counted
 * here; the rest (marks, joined emoji, scripts with rules of their own) is measured by the editor's
 * library, loaded when such text comes. Both agree, so the editor and the answers always align.
 * @module
 */

/** Measures any text on one line; escape sequences count nothing. */
export type Measure = (text: string) => number;

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x1f\x7f]/;
const PLAIN = /^[\x20-\x7e]*$/;
/** One column, never joined with a neighbour: European letters, punctuation, arrows, signs, boxes. */
const NARROW =
  "\\x20-\\x7e\\xa0-\\xac\\xae-\\u02ff\\u0370-\\u0482\\u048a-\\u052f\\u2010-\\u2027\\u2030-\\u205e\\u20a0-\\u20bf\\u2100-\\u22ff\\u2500-\\u259f\\u25e6\\u25aa";
/** Two columns, never joined but by what is not in these sets (East Asian width W and F). */
const WIDE =
  "\\u3000-\\u3029\\u3030-\\u303e\\u3041-\\u3096\\u309b-\\u30ff\\u3105-\\u312f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff60" +
  "\\u26a1\\u2705\\u2728\\u274c\\u2753-\\u2755\\u2757\\u2795-\\u2797\\u2b50" +
  "\\u{1f300}-\\u{1f320}\\u{1f32d}-\\u{1f335}\\u{1f337}-\\u{1f37c}\\u{1f37e}-\\u{1f393}\\u{1f3a0}-\\u{1f3ca}\\u{1f3e0}-\\u{1f3f0}" +
  "\\u{1f400}-\\u{1f43e}\\u{1f442}-\\u{1f4fc}\\u{1f4ff}-\\u{1f53d}\\u{1f5fb}-\\u{1f64f}\\u{1f680}-\\u{1f6c5}\\u{1f90c}-\\u{1f93a}\\u{1f947}-\\u{1f9ff}";
const SIMPLE = new RegExp(`^[${NARROW}${WIDE}]*$`, "u");
const SIMPLE_LINES = new RegExp(`^[${NARROW}${WIDE}\\n\\r\\t]*$`, "u");
const WIDE_CHARACTERS = new RegExp(`[${WIDE}]`, "gu");

let measure: Measure | undefined;
let segmenter: Intl.Segmenter | undefined;

/** Loads the measure for the text that needs it. Await it before such text is laid out. */
export async function loadMeasure(): Promise<void> {
  measure ??= (await import("./text_measure.ts")).measureText;
}

/** True if the text, of any number of lines, is measured right without `loadMeasure`. */
export function isSimple(text: string): boolean {
  return SIMPLE_LINES.test(text);
}

/** True for text of printable ASCII, where each character is one column. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** Columns of a text on one line; escape sequences count nothing. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  if (SIMPLE.test(text)) {
    const wide = text.match(WIDE_CHARACTERS)?.length ?? 0;
    let characters = 0;
    for (const _ of text) characters += 1;
    return characters + wide;
  }
  return measure === undefined ? roughWidth(text) : measure(text);
}

/** For text that came before the measure was loaded. */
function roughWidth(text: string): number {
  const shown = CONTROL.test(text) ? stripStyles(text) : text;
  return graphemes(shown).reduce((sum, part) => sum + (isPlain(part) ? 1 : 2), 0);
}

/** The text without `ESC [ … m`. */
function stripStyles(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}

/** The characters as a person sees them (grapheme clusters), in order. */
export function graphemes(text: string): string[] {
  if (PLAIN.test(text)) return text.split("");
  if (SIMPLE.test(text)) return Array.from(text);
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), (part) => part.segment);
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
  const kept = fittingPrefix(text, columns - 1);
  return textWidth(kept) < columns ? `${kept}…` : "…";
}
