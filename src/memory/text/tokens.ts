/**
 * A text's words with their places.
 *
 * Scripts that are written without spaces have no words that can be seen: they give each sign and each
 * two signs that follow each other, so that a query of one sign finds something, too.
 * @module
 */

/** A word, or signs of a script without spaces, as it stands in the text. */
export interface Token {
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `sign`: one sign of a script without spaces; `pair`: two that follow each other. */
  readonly kind: "word" | "sign" | "pair";
}

/** Scripts without spaces, and Hangul, whose words carry their particles at the end. */
const UNSPACED =
  "\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}ー々〆\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}\\p{sc=Hangul}";
const RUN = new RegExp(`[\\p{L}\\p{M}\\p{N}\\u200c\\u200d]+|\\p{Extended_Pictographic}`, "gu");
const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, "u");
const PART = new RegExp(`[${UNSPACED}][${UNSPACED}\\p{M}]*|[^${UNSPACED}]+`, "gu");
/** A sign with what is written onto it. */
const SIGN = /\P{M}\p{M}*|\p{M}+/gu;
/** What an apostrophe leaves of a shortened word: `it's`, `don't`, `we'll`, and `l'eau`, `d'un`. */
const SHORTENED = /^(?:s|t|m|d|re|ve|ll)$/iu;
const PLAIN = /^[\0-\x7f]*$/u;

/** The tokens of a text in their order; a pair comes after its first sign. */
export function* tokensOf(text: string): Generator<Token> {
  for (const match of text.matchAll(RUN)) {
    const [run, start] = [match[0], match.index];
    if (PLAIN.test(run) || !HAS_UNSPACED.test(run)) {
      if (!isShortened(text, run, start)) {
        yield { start, end: start + run.length, text: run, kind: "word" };
      }
      continue;
    }
    for (const part of run.matchAll(PART)) {
      const begin = start + part.index;
      if (HAS_UNSPACED.test(part[0])) yield* signs(part[0], begin);
      else yield { start: begin, end: begin + part[0].length, text: part[0], kind: "word" };
    }
  }
}

function* signs(run: string, start: number): Generator<Token> {
  const found = [...run.matchAll(SIGN)];
  for (const [at, sign] of found.entries()) {
    const begin = start + sign.index;
    const end = begin + sign[0].length;
    yield { start: begin, end, text: sign[0], kind: "sign" };
    const next = found[at + 1];
    if (next === undefined) continue;
    yield { start: begin, end: end + next[0].length, text: sign[0] + next[0], kind: "pair" };
  }
}

function isShortened(text: string, run: string, start: number): boolean {
  const before = text[start - 1];
  return (before === "'" || before === "’") && run.length < 3 && SHORTENED.test(run) &&
    /\p{L}/u.test(text[start - 2] ?? "");
}
