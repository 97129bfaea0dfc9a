/**
 * Whether a text that stands where a secret would stand is one.
 * @module
 */

/** Words with which manuals say what belongs in a place. */
const STAND_IN =
  /(?:^|[^a-z])(?:your|my|placeholder|change|changeme|replace|insert|dummy|sample|here|put|enter|todo|redacted|secret|password|token|key|none|null|true|false|undefined|required|optional|string)(?:[^a-z]|$)/i;
const STAND_IN_ANYWHERE =
  /x{4,}|\*{3,}|\.{3}|…|example|[#•]{3,}|(?:^|[^a-z])(?:your|placeholder|changeme|insert|dummy)[^a-z]/i;
/** A value that a program puts in. */
const FILLED_IN =
  /^(?:[$<{[(%&@#]|\\\$)|\$\{|\$\(|\{\{|<%|%[sdv]\b|\(|^(?:process|os|env|self|this|config|settings|secrets?|vars?|data|var|local|module|import)\.|\benv\b|ENV\[/;
const DATE = /^\d{4}-\d\d-\d\d/;
const PLACE = /^(?:[a-z][a-z0-9+.-]{1,20}:\/\/|\.{0,2}\/|~\/|[A-Z]:\\)/i;
/** A word, perhaps with a number: what people and programmers name things. */
const NAME_PART = /^(?:[A-Za-z]*\d{0,3}|\d{1,4})$/;
/** Shorter parts say nothing about how letters are mixed. */
const MIXED_CHARACTERS = 12;

/** How many different characters there are. */
export function variety(value: string): number {
  return new Set(value).size;
}

/** How often small letters and capitals take turns, for each character. */
export function mixture(value: string): number {
  let changes = 0;
  for (let at = 1; at < value.length; at++) {
    if (isCapital(value.charCodeAt(at)) !== isCapital(value.charCodeAt(at - 1))) changes++;
  }
  return changes / value.length;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Whether it is made of words, as names, paths and expressions are. */
export function isWords(value: string): boolean {
  return value.split(/[^A-Za-z0-9]+/).every((part) =>
    NAME_PART.test(part) && (part.length < MIXED_CHARACTERS || mixture(part) < 0.4)
  );
}

/** Whether the body of a key of a known shape is only an example. */
export function isStandIn(body: string): boolean {
  if (STAND_IN_ANYWHERE.test(body)) return true;
  if (body.length < 12) return false;
  let same = 0;
  for (let at = 1; at < body.length; at++) if (body[at] === body[at - 1]) same++;
  return same > body.length / 2 || variety(body) < Math.min(6, body.length / 3);
}

const DIGIT = /\d/;
const LETTER = /[A-Za-z]/;
const SYMBOL = /[^A-Za-z0-9\s_.,;:'"/-]/;

/** How a value was found. */
export interface Found {
  readonly isQuoted: boolean;
  /** Whether its name was set off with spaces from the sign between them, as programs have it. */
  readonly isSpaced: boolean;
}

/** Whether the value of something called a password is one. */
export function isPassword(value: string, { isQuoted, isSpaced }: Found): boolean {
  if (value.length < 4 || value.length > 200 || isNoSecret(value)) return false;
  if (/^\d+(?:\.\d+)?$/.test(value)) return value.length >= 6;
  if (/\s/.test(value) && !isQuoted) return false;
  if (/\s/.test(value) && !DIGIT.test(value)) return false;
  if (!DIGIT.test(value)) return SYMBOL.test(value) && value.length >= 6 && /^\S+$/.test(value);
  if (isQuoted) return LETTER.test(value) || SYMBOL.test(value);
  return value.length >= 6 && !(isSpaced && isWords(value));
}

/** Whether the value of something called a key, token or secret is one. */
export function isToken(value: string, least: number): boolean {
  if (value.length < least || value.length > 4_096 || /\s/.test(value)) return false;
  if (isNoSecret(value) || isStandIn(value)) return false;
  if (!DIGIT.test(value)) return false;
  if (!LETTER.test(value)) return value.length >= 16 && variety(value) >= 5 && /^\d+$/.test(value);
  return variety(value) >= 5 && !isWords(value);
}

/** Whether the credentials in a request's header are real. */
export function isCredential(value: string): boolean {
  if (value.length < 8 || /\s/.test(value)) return false;
  if (isNoSecret(value) || isStandIn(value)) return false;
  return variety(value) >= 5 && (DIGIT.test(value) || value.length >= 20) && !isWords(value);
}

/** Whether the second half of `user:password` is a password. */
export function isUserPassword(value: string): boolean {
  if (value.length < 3 || isNoSecret(value.replace(/^\{|\}$/g, ""))) return false;
  if (/^\d*$/.test(value)) return value.length >= 8;
  return DIGIT.test(value) || SYMBOL.test(value) || value.length >= 8;
}

function isNoSecret(value: string): boolean {
  if (STAND_IN_ANYWHERE.test(value) || FILLED_IN.test(value)) return true;
  if (DATE.test(value)) return true;
  if (PLACE.test(value) && isWords(value)) return true;
  return value.length < 60 && STAND_IN.test(value) && isWords(value);
}
