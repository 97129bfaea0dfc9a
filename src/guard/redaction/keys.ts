/**
 * Finds keys that can be told by their own characters, whatever stands around them.
 * @module
 */
import { decodeBase64 } from "./base64.ts";
import { pairCode, tableOf } from "./characters.ts";
import type { Runs } from "./runs.ts";
import type { Secret } from "./secret.ts";
import { type Shape, SHAPES } from "./shapes.ts";
import { isStandIn, isWords, mixture } from "./value.ts";

/** How a key is broken off and goes on: over the end of a line, or in a program's next string. */
const LINE_JOINT =
  /\\?\r?\n[ \t]{0,20}|["'`][ \t]{0,8}(?:[+.&\\]{0,2})[ \t]{0,8}\r?\n?[ \t]{0,20}["'`]/y;
/** Also over a space, if it would be too short without what follows. */
const ANY_JOINT =
  /\\?\r?\n[ \t]{0,20}| |["'`][ \t]{0,8}(?:[+.&\\]{0,2})[ \t]{0,8}\r?\n?[ \t]{0,20}["'`]/y;
const JOINTS = 8;
/** A line that goes on has so many characters at least. */
const PIECE = 8;
/** So much of a key tells whether it is one. */
const JUDGED = 512;
/** And of a key with several parts, the first of which may be long. */
const JUDGED_PARTS = 4_096;
/** Of a key without digits: names in a program have less. */
const LEAST_MIXTURE = 0.28;

/** The shapes by their first two characters, and which of these there are. */
interface Starts {
  readonly shapes: ReadonlyMap<number, readonly Shape[]>;
  readonly known: Uint8Array;
}

let starts: Starts | undefined;

function madeStarts(): Starts {
  const shapes = new Map<number, Shape[]>();
  const known = new Uint8Array(0x4000);
  for (const shape of SHAPES) {
    for (const start of shape.starts) {
      const code = startCode(start, 0);
      const same = shapes.get(code) ?? [];
      if (!same.includes(shape)) same.push(shape);
      shapes.set(code, same);
      known[code] = 1;
    }
  }
  return { shapes, known };
}

function startCode(text: string, at: number): number {
  return pairCode(text.charCodeAt(at), text.charCodeAt(at + 1));
}

/** Whether some shape begins as the text does there. */
export function mayBeKey(text: string, at: number): boolean {
  starts ??= madeStarts();
  return starts.known[startCode(text, at)] === 1;
}

/** Whether a known shape's first characters stand there. */
export function isKeyStart(text: string, at: number): boolean {
  starts ??= madeStarts();
  const shapes = starts.shapes.get(startCode(text, at)) ?? [];
  return shapes.some(({ starts }) => starts.some((start) => text.startsWith(start, at)));
}

/** The key of a known shape that begins at `start`. */
export function keyAt(runs: Runs, start: number): Secret | undefined {
  const { text } = runs;
  starts ??= madeStarts();
  for (const shape of starts.shapes.get(startCode(text, start)) ?? []) {
    const { kind, alphabet, least, most } = shape;
    const first = shape.starts.find((first) => text.startsWith(first, start));
    if (first === undefined) continue;
    const end = bodyEnd(runs, start + first.length, { alphabet, least, most });
    if (end !== undefined) return { start, end, kind };
  }
  return undefined;
}

/** Where a body ends that begins at `from`, if it is one. */
function bodyEnd(
  runs: Runs,
  from: number,
  { alphabet, least, most }: Pick<Shape, "alphabet" | "least" | "most">,
): number | undefined {
  const { text } = runs;
  let end = runs.bareEnd(alphabet, from);
  let length = end - from;
  let body = text.slice(from, Math.min(end, from + JUDGED));
  for (let joints = 0; joints < JOINTS && length < most && body.length < JUDGED; joints++) {
    const joint = length < least ? ANY_JOINT : LINE_JOINT;
    joint.lastIndex = end;
    if (!joint.test(text)) break;
    const next = joint.lastIndex;
    const nextEnd = runs.bareEnd(alphabet, next);
    const piece = text.slice(next, Math.min(nextEnd, next + JUDGED));
    if (piece.length < Math.min(PIECE, least - length) || piece.length === 0) break;
    const isApart = text[end] === " " && next === end + 1;
    if ((isApart && isWords(piece)) || length + piece.length > most) break;
    if (length >= least && !isSameWriting(text, nextEnd, piece)) break;
    body += piece;
    length += nextEnd - next;
    end = nextEnd;
  }
  if (length < least || length > most) return undefined;
  if (isWordCharacter(text, end) || (least > 0 && !isReal(body, alphabet))) return undefined;
  return end;
}

/** The rest of a complete key: a long piece that fills its line or string. */
function isSameWriting(text: string, end: number, piece: string): boolean {
  return piece.length >= 20 && /\d/.test(piece) && /^(?:["'`\s]|$)/.test(text.slice(end, end + 1));
}

function isReal(body: string, alphabet: Shape["alphabet"]): boolean {
  if (alphabet === "capitals") return !/X{4,}|EXAMPLE/.test(body);
  if (isStandIn(body) || body.includes("..")) return false;
  return /\d/.test(body) ? !isWords(body) : mixture(body) >= LEAST_MIXTURE;
}

function isWordCharacter(text: string, at: number): boolean {
  return at < text.length && tableOf("word")[text.charCodeAt(at)] === 1;
}

interface Form {
  readonly kind: string;
  /** Sticky; the whole match is the secret. */
  readonly form: RegExp;
}

/** Of several parts, told by the character behind the first one. */
const FORMS: Readonly<Record<string, readonly Form[]>> = {
  ".": [
    { kind: "json web token", form: /(?<![\w-]\.)eyJ[\w-]{8,}\.(?:[\w-]{8,})(?:\.[\w-]*){0,3}/y },
    { kind: "discord token", form: /[A-Z][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,38}(?![\w-])/y },
    { kind: "api key", form: /[0-9a-f]{32}\.[A-Za-z0-9]{16}(?!\w)/y },
    { kind: "terraform token", form: /[A-Za-z0-9]{14}\.atlasv1\.[\w-]{40,80}/y },
  ],
  ":": [
    { kind: "telegram token", form: /(?:(?<=\/)bot)?\d{8,10}:A[\w-]{33,35}(?![\w-])/y },
  ],
  "|": [
    { kind: "facebook token", form: /\d{15,16}(?:\||%7C)[\w-]{27,40}(?![\w-])/y },
  ],
};
/** Told by their length and characters. */
const WHOLE: readonly Form[] = [
  { kind: "mailchimp key", form: /[0-9a-f]{32}-us\d{1,2}(?![\w-])/y },
  { kind: "mailgun key", form: /[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![\w-])/y },
  { kind: "maxmind key", form: /\w{6}_\w{29}_mmk(?![\w-])/y },
];
const AZURE = /[\w.~-]{3}\dQ~[\w.~-]{31,34}(?![\w.~-])/y;

const PART_ENDS = [..."~.:|"].map((character) => character.charCodeAt(0));
const PART_CHARACTERS = 8;
const WHOLE_CHARACTERS = 34;

/** Whether a word of that length may be the first part of a key, or one told by its length. */
export function mayBeForm(length: number, next: number): boolean {
  if (length >= WHOLE_CHARACTERS) return true;
  if (next === PART_ENDS[0]) return true;
  return length >= PART_CHARACTERS && next !== 32 && PART_ENDS.includes(next);
}

/** The key of several parts, or told by its length, whose first part is `start` to `end`. */
export function formAt(text: string, start: number, end: number): Secret | undefined {
  const next = text[end] ?? "";
  if (next === "~" && text.startsWith("Q~", end - 1)) return azureKey(text, start, end);
  const isLong = end - start >= WHOLE_CHARACTERS && end - start <= 60;
  for (const { kind, form } of [...(FORMS[next] ?? []), ...(isLong ? WHOLE : [])]) {
    form.lastIndex = start;
    if (!form.test(text)) continue;
    const found = { start, end: form.lastIndex, kind };
    const value = text.slice(start, Math.min(found.end, start + JUDGED_PARTS));
    if (!isStandIn(value) && (!value.startsWith("eyJ") || isTokenHeader(value))) return found;
  }
  return undefined;
}

/** Whether a web token's first part is a whole JSON object. */
function isTokenHeader(value: string): boolean {
  const header = decodeBase64(value.slice(0, value.indexOf(".")));
  return header === undefined || header.trimEnd().endsWith("}");
}

/** Its first characters may be ones that end a word. */
function azureKey(text: string, start: number, end: number): Secret | undefined {
  const from = end - 5;
  AZURE.lastIndex = from;
  if (from < 0 || !AZURE.test(text) || isStandIn(text.slice(from, AZURE.lastIndex))) return;
  return { start: Math.min(start, from), end: AZURE.lastIndex, kind: "azure client secret" };
}
