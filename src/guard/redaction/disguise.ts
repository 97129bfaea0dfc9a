/**
 * Looks behind what hides a secret: characters that are not seen, base64, percent encoding.
 * @module
 */
import { decodeBase64 } from "./base64.ts";
import { tableOf } from "./characters.ts";
import type { Runs } from "./runs.ts";
import type { Secret } from "./secret.ts";

/** A text without what is not seen, and where each of its characters was. */
export interface View {
  readonly text: string;
  /** Where a piece begins that begins at `at` here. */
  from(at: number): number;
  /** Where a piece ends that ends at `at` here. */
  to(at: number): number;
}

/** Escapes of terminals, and characters without width. */
const HIDDEN =
  // deno-lint-ignore no-control-regex -- they are what is looked for
  /\x1b\[[0-?]{0,20}[ -/]{0,4}[@-~]|[\x00\x7f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]/g;

/** The text without hidden characters; `undefined` if there are none. */
export function withoutHidden(text: string): View | undefined {
  const pieces: string[] = [];
  /** Where each piece begins, in the new text and in the old. */
  const begins: number[] = [];
  const origins: number[] = [];
  let from = 0;
  let length = 0;
  const keep = (end: number) => {
    if (end === from) return;
    begins.push(length);
    origins.push(from);
    pieces.push(text.slice(from, end));
    length += end - from;
  };
  for (const { index, 0: hidden } of text.matchAll(HIDDEN)) {
    keep(index);
    from = index + hidden.length;
  }
  if (from === 0) return undefined;
  keep(text.length);
  const origin = (at: number): number => {
    let low = 0;
    let high = begins.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((begins[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return (origins[low] ?? 0) + at - (begins[low] ?? 0);
  };
  return { text: pieces.join(""), from: origin, to: (at) => at === 0 ? 0 : origin(at - 1) + 1 };
}

/** The longest base64 text that is looked into. */
const BASE64_CHARACTERS = 256 * 1024;
/** A secret that lies across the end of such a piece is no longer. */
const OVERLAP_CHARACTERS = 8 * 1024;
/** So many bytes tell whether it is text. */
const PROBE_CHARACTERS = 24;
const PRINTABLE = /^[\t\n\r\x20-\x7e]*$/;

/** The base64 text that begins at `start`, if a secret lies in it. */
export function inBase64(
  runs: Runs,
  start: number,
  holdsSecret: (text: string) => boolean,
): Secret | undefined {
  const { text } = runs;
  if (start < runs.emptyUntil(start)) return undefined;
  const probe = decodeBase64(text.slice(start, start + PROBE_CHARACTERS));
  if (probe === undefined || !PRINTABLE.test(probe)) return undefined;
  const whole = runs.end("unfilled", start);
  const end = Math.min(whole, start + BASE64_CHARACTERS);
  const decoded = decodeBase64(text.slice(start, end));
  if (decoded !== undefined && holdsSecret(decoded)) {
    return { start, end: behindFilling(text, end), kind: "encoded secret" };
  }
  // What begins later in it, a whole number of bytes on, is the end of the same.
  runs.noteEmpty(start, end < whole ? end - OVERLAP_CHARACTERS : end);
  return undefined;
}

function behindFilling(text: string, end: number): number {
  if (text[end] !== "=") return end;
  return text[end + 1] === "=" ? end + 2 : end + 1;
}

const ESCAPE_BEFORE = 200;
const ESCAPED_CHARACTERS = 8_192;

/** The secrets in the percent-encoded piece around the `%` at `at`, and where that piece ends. */
export function inPercent(
  text: string,
  at: number,
  find: (text: string) => readonly Secret[],
): { readonly secrets: readonly Secret[]; readonly end: number } {
  const table = tableOf("dots");
  let start = at;
  while (start > 0 && at - start < ESCAPE_BEFORE && table[text.charCodeAt(start - 1)] === 1) {
    start--;
  }
  let decoded = "";
  const origins: number[] = [];
  let from = start;
  let escapes = 0;
  while (from < text.length && from - start < ESCAPED_CHARACTERS) {
    const code = text.charCodeAt(from);
    const byte = code === 37 ? Number.parseInt(text.slice(from + 1, from + 3), 16) : NaN;
    if (!Number.isNaN(byte) && /^[0-9A-Fa-f]{2}/.test(text.slice(from + 1, from + 3))) {
      decoded += String.fromCharCode(byte);
      origins.push(from);
      from += 3;
      escapes++;
    } else if (table[code] === 1 || code === 0x7e || code === 0x2b) {
      decoded += text[from];
      origins.push(from++);
    } else break;
  }
  const end = Math.max(from, at + 1);
  if (escapes === 0 || decoded.length < 8) return { secrets: [], end };
  const secrets = find(decoded).map((secret) => ({
    ...secret,
    start: origins[secret.start] ?? start,
    end: origins[secret.end] ?? from,
  }));
  return { secrets, end };
}
