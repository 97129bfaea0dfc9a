/**
 * Texts within a text that are written in another encoding.
 * @module
 */
import { fromMorse } from "./ciphers.ts";
import type { Tokens } from "./token_lists.ts";

/** A text that was decoded, and where it stands in the one it was found in. */
export interface Decoded {
  readonly encoding: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Shortest encoded text worth decoding. */
const MIN_LENGTH = 16;
/** Share of a decoded text that must be printable, and of the signs ordinary text is made of. */
const PRINTABLE = 0.9;
/** How far apart escapes of one text may be. */
const ESCAPE_GAP = 24;
const MIN_ESCAPES = 5;
/** How much around words in another cipher is read with them. */
const CIPHER_AROUND = 400;
const CIPHER_NEAR = 12;

/** What can be decoded in a text, whose words are `tokens`. */
export function decodedIn(text: string, tokens: Tokens, ciphers: readonly Cipher[]): Decoded[] {
  return [
    ...runsIn(text, tokens.runs),
    ...escapesIn(text),
    ...(tokens.signs[HYPHEN] === 1 ? morseIn(text) : []),
    ...cipheredIn(text, tokens, ciphers),
  ];
}

/** At least this many letters in a row; fewer are lines and ornaments. */
const MORSE_RUN = /(?:[.-]{1,6}(?: {0,2}[/|] {0,2}| {1,3})){15,}[.-]{1,6}/g;

const HYPHEN = 45;

function morseIn(text: string): Decoded[] {
  // No text is without the letter a.
  if (!text.includes(" .- ")) return [];
  const found: Decoded[] = [];
  for (const { 0: run, index } of text.matchAll(MORSE_RUN)) {
    found.push({ encoding: "Morse", text: fromMorse(run), start: index, end: index + run.length });
  }
  return found;
}

/** A cipher of letters, and which words are of it. */
export interface Cipher {
  readonly encoding: string;
  readonly has: (word: number) => boolean;
  readonly decode: (text: string) => string;
}

/** Base64 and hex around the long runs of letters and digits. */
function runsIn(text: string, runs: readonly number[]): Decoded[] {
  const found: Decoded[] = [];
  let done = 0;
  for (let i = 0; i < runs.length; i += 2) {
    let [start, end] = [runs[i] ?? 0, runs[i + 1] ?? 0];
    if (start < done) continue;
    while (start > done && isBase64(text.charCodeAt(start - 1))) start--;
    while (end < text.length && (isBase64(text.charCodeAt(end)) || isWrapped(text, end))) end++;
    done = end;
    if (end - start < MIN_LENGTH) continue;
    const run = text.slice(start, end).replaceAll(/[\r\n]/g, "");
    for (const [encoding, decode] of RUN_ENCODINGS) {
      const plain = decode(run);
      if (plain === undefined || !isText(plain)) continue;
      found.push({ encoding, text: plain, start, end });
      break;
    }
  }
  return found;
}

const RUN_ENCODINGS: readonly (readonly [string, (run: string) => string | undefined])[] = [
  ["hex", fromHex],
  ["base64", fromBase64],
];

function isBase64(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ||
    code === 43 || code === 47 || code === 45 || code === 95;
}

/** Whether a line of an encoded text goes on in the next. */
function isWrapped(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return (code === 10 || code === 13) && at >= 60 && isBase64(text.charCodeAt(at - 1)) &&
    !/\s/u.test(text.slice(at - 59, at)) && isBase64(text.charCodeAt(at + 1));
}

function fromHex(run: string): string | undefined {
  if (run.length % 2 !== 0 || !/^[0-9a-f]+$/iu.test(run)) return undefined;
  const bytes = new Uint8Array(run.length / 2);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = Number.parseInt(run.slice(2 * i, 2 * i + 2), 16);
  }
  return textOf(bytes);
}

function fromBase64(run: string): string {
  const bytes = new Uint8Array(run.length * 3 >> 2);
  let [bits, held, length] = [0, 0, 0];
  for (let i = 0; i < run.length; i++) {
    bits = (bits << 6 | sextet(run.charCodeAt(i))) & 0xffff;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = bits >> held;
  }
  return textOf(bytes.subarray(0, length));
}

/** What a sign of base64 or its variant for addresses stands for. */
function sextet(code: number): number {
  if (code >= 97) return code - 71;
  if (code === 95 || code === 47) return 63;
  if (code >= 65) return code - 65;
  return code >= 48 ? code + 4 : 62;
}

function textOf(bytes: Uint8Array): string {
  // PowerShell encodes text of two bytes a letter.
  const isWide = bytes.length > 3 && bytes[1] === 0 && bytes[3] === 0;
  return new TextDecoder(isWide ? "utf-16le" : "utf-8").decode(bytes);
}

/** Whether it reads like text, judged by its beginning. */
function isText(text: string): boolean {
  const sample = text.slice(0, 400);
  const odd = sample.match(/[\p{Cc}\ufffd]/gu)?.length ?? 0;
  const plain = sample.match(/[\p{L}\p{N}\s.,:;'"/=+-]/gu)?.length ?? 0;
  return odd <= sample.length * (1 - PRINTABLE) && plain >= sample.length * PRINTABLE;
}

const ESCAPE =
  /%[0-9a-f]{2}|\\x[0-9a-f]{2}|\\u\{?[0-9a-f]{4,6}\}?|&#(?:\d{2,6}|x[0-9a-f]{2,5});/giu;

/** Percent signs, backslashes and HTML entities that stand for letters. */
function escapesIn(text: string): Decoded[] {
  if (!text.includes("%") && !text.includes("\\") && !text.includes("&#")) return [];
  const found: Decoded[] = [];
  let [start, end, count] = [0, -ESCAPE_GAP - 1, 0];
  const close = (): void => {
    if (count >= MIN_ESCAPES) {
      const until = Math.min(text.length, end + ESCAPE_GAP);
      found.push({
        encoding: "escaped text",
        text: unescaped(text.slice(start, until)),
        start,
        end: until,
      });
    }
  };
  ESCAPE.lastIndex = 0;
  for (const { index, 0: escape } of text.matchAll(ESCAPE)) {
    if (index - end > ESCAPE_GAP) {
      close();
      [start, count] = [Math.max(index - ESCAPE_GAP, end, 0), 0];
    }
    end = index + escape.length;
    count++;
  }
  close();
  return found;
}

function unescaped(text: string): string {
  return text.replaceAll(ESCAPE, (escape) => {
    const digits = /[0-9a-f]{2,}/iu.exec(escape.replace(/^&#(?=\d)|^\\u|^\\x|^&#x/iu, ""))?.[0] ??
      "";
    const code = Number.parseInt(digits, /^&#\d/u.test(escape) ? 10 : 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
  });
}

/** Parts whose words are of a cipher. */
function cipheredIn(text: string, tokens: Tokens, ciphers: readonly Cipher[]): Decoded[] {
  const found: Decoded[] = [];
  for (const { encoding, has, decode } of ciphers) {
    let [last, done] = [-1, 0];
    tokens.word.forEach((word, i) => {
      if (!has(word)) return;
      const near = last >= 0 && (tokens.place[i] ?? 0) - (tokens.place[last] ?? 0) <= CIPHER_NEAR;
      const at = tokens.start[near ? last : i] ?? 0;
      last = i;
      if (!near || at < done) return;
      const start = Math.max(done, at - CIPHER_AROUND);
      done = Math.min(text.length, at + CIPHER_AROUND);
      found.push({ encoding, text: decode(text.slice(start, done)), start, end: done });
    });
  }
  return found;
}
