/**
 * What stands around a word, as far as it tells an order from a remark.
 * @module
 */
import { ASCII_KINDS, DIGIT, SEPARATOR } from "./letters.ts";

/** It begins a clause, or follows a word like "please" or "must": the place of an order. */
export const FIRST = 1;
/** A colon, or the bracket of a tag, follows. */
export const LABEL = 2;
/** A bracket, `#` or the like stands before it. */
export const TAGGED = 4;
/** A dot, slash or tilde stands before it: part of a path. */
export const PATH = 8;
/** It begins a text within data: `"key": "It…`. */
export const VALUE = 16;
/** It is part of an address, a path or a name. */
export const INNER = 32;
/** It is a later part of one: `settings.token`. */
export const MEMBER = 64;

const [TAB, NEWLINE, SPACE, QUOTE, COLON] = [9, 10, 32, 34, 58];
/** After these an order may begin at once, */
const CLAUSE_STARTS = codes("\"'`([{<>*|#\n\r，。、！？：“‘”«»「『（");
/** and after these if a blank or a capital follows. */
const LOOSE_STARTS = codes(".!?;:,-=+~/–—→");
const TAG_STARTS = codes("[<#(");
const LABEL_ENDS = codes(":]>)_：");
const INNER_SIGNS = codes("./\\@=");
const PATH_STARTS = codes("./~\\_");
const MAX_BLANKS = 64;

/** The code units of signs. */
export function codes(signs: string): ReadonlySet<number> {
  return new Set([...signs].map((sign) => sign.charCodeAt(0)));
}

/** The flags of the word from `start` to `end`. */
export function surroundings(text: string, start: number, end: number): number {
  // Within a sentence, which is where most words stand.
  if (isWordCode(text.charCodeAt(start - 2)) && text.charCodeAt(start - 1) === SPACE) {
    if (text.charCodeAt(end) === SPACE) return 0;
  }
  const before = lastSign(text, start - 1);
  const sign = before < 0 ? NEWLINE : text.charCodeAt(before);
  let flags = beginsClause(text, start, before) ? FIRST : 0;
  if (TAG_STARTS.has(sign) && !isWordCode(text.charCodeAt(before - 1))) flags |= TAGGED;
  if (sign === QUOTE && isValueStart(text, before)) flags |= VALUE;
  if (start > 0 && PATH_STARTS.has(text.charCodeAt(start - 1))) flags |= PATH;
  if (INNER_SIGNS.has(text.charCodeAt(start - 1))) flags |= INNER | MEMBER;
  else if (isJoined(text, end)) flags |= INNER;
  if (LABEL_ENDS.has(text.charCodeAt(end)) || text.charCodeAt(end + 1) === 58) flags |= LABEL;
  return flags;
}

/** Where the last character before `at` is that is no blank; -1 for none. */
function lastSign(text: string, at: number): number {
  let before = at;
  // A long run of blanks is as good as a new line.
  for (let left = MAX_BLANKS; before >= 0 && left > 0; left--, before--) {
    const code = text.charCodeAt(before);
    if (code !== SPACE && code !== TAB) return before;
  }
  return -1;
}

function beginsClause(text: string, start: number, before: number): boolean {
  if (before < 0) return true;
  const sign = text.charCodeAt(before);
  const capital = isCapital(text.charCodeAt(start));
  if (LOOSE_STARTS.has(sign)) return before < start - 1 || capital;
  if (sign !== NEWLINE || capital) return CLAUSE_STARTS.has(sign);
  // A line within a paragraph goes on with the sentence of the line before.
  const last = lastSign(text, before - 1);
  const lastCode = last < 0 ? NEWLINE : text.charCodeAt(last);
  return CLAUSE_STARTS.has(lastCode) || LOOSE_STARTS.has(lastCode);
}

/** Whether a code unit is an ASCII capital. */
export function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Whether a dot, a slash or the like joins the word to another. */
function isJoined(text: string, end: number): boolean {
  if (!INNER_SIGNS.has(text.charCodeAt(end))) return false;
  return isWordCode(text.charCodeAt(end + 1));
}

/** Whether a code unit is an ASCII letter or digit, or a sign that may stand for one. */
export function isWordCode(code: number): boolean {
  const kind = ASCII_KINDS[code] ?? SEPARATOR;
  return kind !== SEPARATOR && kind <= DIGIT;
}

/** Whether the quote at `quote` opens the value of a key. */
function isValueStart(text: string, quote: number): boolean {
  const colon = lastSign(text, quote - 1);
  return colon > 0 && text.charCodeAt(colon) === COLON && text.charCodeAt(colon - 1) === QUOTE;
}

/** Whether a code unit is the second half of a pair. */
export function isLowHalf(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000;
}
