/**
 * Goes through a text once, word by word, and asks at each word whether a secret may begin there.
 * @module
 */
import { inAddress, privateKeyAt, privateKeyBefore, userArgument } from "./blocks.ts";
import { tableOf } from "./characters.ts";
import { inBase64, inPercent, withoutHidden } from "./disguise.ts";
import { formAt, isKeyStart, keyAt, mayBeForm, mayBeKey } from "./keys.ts";
import { bearerAt, isBearer, isSecretName, mayBeName, namedAt, Values } from "./names.ts";
import { Runs } from "./runs.ts";
import { joinSecrets, type Secret } from "./secret.ts";

/** Encodings are looked into so often, one in another. */
const DEPTH = 2;
/** Shorter words hold no encoded key. */
const ENCODED_CHARACTERS = 20;

const PERCENT = 37;
const COLON = 58;
const DASH = 45;
const UNDERSCORE = 95;
const BACKSLASH = 92;

/** The secrets of a text, in order. */
export function findSecrets(text: string): Secret[] {
  const found = findPlain(text, DEPTH);
  const view = withoutHidden(text);
  if (view !== undefined) {
    for (const { start, end, kind } of findPlain(view.text, DEPTH)) {
      found.push({ start: view.from(start), end: view.to(end), kind });
    }
  }
  return joinSecrets(found);
}

/** How far behind a name, or a key's beginning, the rest of the secret may come. */
const REACH = 1024;

/**
 * Where what may be the beginning of a secret begins that the text's end cuts off, and before which
 * nothing that follows can change anything.
 * @param from nothing before it is of interest
 * @param secrets of this text
 */
export function openFrom(text: string, from: number, secrets: readonly Secret[]): number {
  let open = text.length;
  while (open > from && text.charCodeAt(open - 1) > 32) open--;
  const word = tableOf("dash");
  const lastLine = text.lastIndexOf("\n", open - 1);
  const first = Math.max(from, open - REACH, text.lastIndexOf("\n", lastLine - 1) + 1);
  for (let at = first; at < open; at++) {
    if (word[text.charCodeAt(at)] !== 1) continue;
    const start = at;
    while (at < open && word[text.charCodeAt(at)] === 1) at++;
    if (mayOpen(text, start, at)) open = start;
  }
  for (const { start, end } of secrets) {
    if (end >= open - JOINT_CHARACTERS && start < open) open = start;
  }
  return Math.max(from, open);
}

/** What lies between two pieces of a key that was broken off. */
const JOINT_CHARACTERS = 64;

function mayOpen(text: string, start: number, end: number): boolean {
  let from = start;
  while (from < end && (isMark(text.charCodeAt(from)))) from++;
  if (
    text.startsWith("-----", start) || /^-(?:u|-user|-proxy-user)$/.test(text.slice(start, end))
  ) {
    return true;
  }
  const isKey = mayBeKey(text, from) && isKeyStart(text, from);
  return isKey || isBearer(text, start, end) || isSecretName(text, start, end);
}

function isMark(code: number): boolean {
  return code === DASH || code === UNDERSCORE;
}

function findPlain(text: string, depth: number): Secret[] {
  const word = tableOf("dash");
  const values = new Values(text);
  const runs = new Runs(text);
  const found: Secret[] = [];
  const length = text.length;
  let at = 0;
  /** Behind the last percent-encoded piece that was looked into. */
  let decoded = 0;
  while (at < length) {
    const code = text.charCodeAt(at);
    if (word[code] === 1) {
      const start = at;
      do at++; while (at < length && word[text.charCodeAt(at)] === 1);
      const secret = atWord(values, runs, start, at) ?? encoded(runs, start, at, depth);
      if (secret !== undefined) {
        found.push(secret);
        // A value may lie behind other words: they are looked at, too.
        if (secret.start <= start) at = Math.max(at, secret.end);
      }
      continue;
    }
    if (code === COLON && text.startsWith("://", at)) {
      const secret = inAddress(text, at + 3);
      if (secret !== undefined) {
        found.push(secret);
        at = secret.end;
        continue;
      }
    } else if (code === PERCENT && at >= decoded && depth > 0) {
      const { secrets, end } = inPercent(text, at, (inner) => findPlain(inner, depth - 1));
      found.push(...secrets);
      decoded = end;
    }
    at++;
  }
  return found;
}

function encoded(runs: Runs, start: number, end: number, depth: number): Secret | undefined {
  if (depth === 0 || end - start < ENCODED_CHARACTERS) return undefined;
  return inBase64(runs, start, (inner) => findPlain(inner, depth - 1).length > 0);
}

function atWord(values: Values, runs: Runs, start: number, end: number): Secret | undefined {
  const { text } = values;
  let from = start;
  if (text.charCodeAt(from) === DASH) {
    const block = atDash(text, start, end);
    if (block !== undefined) return block;
    while (from < end && text.charCodeAt(from) === DASH) from++;
  }
  while (from < end && text.charCodeAt(from) === UNDERSCORE) from++;
  from = afterEscape(text, from, end);
  if (mayBeKey(text, from)) {
    const key = keyAt(runs, from);
    if (key !== undefined) return key;
  }
  if (mayBeForm(end - from, text.charCodeAt(end))) {
    const key = formAt(text, from, end);
    if (key !== undefined) return key;
  }
  if (!mayBeName(text, start, end)) return undefined;
  if (isBearer(text, start, end)) return bearerAt(values, end);
  return namedAt(values, start, end);
}

/** A word that begins with dashes: a key's frame, or an option. */
function atDash(text: string, start: number, end: number): Secret | undefined {
  if (text.startsWith("-----BEGIN", start)) return privateKeyAt(text, start);
  if (text.startsWith("-----END", start)) return privateKeyBefore(text, start);
  const option = end - start <= 12 ? text.slice(start, end) : "";
  const isUser = option === "-u" || option === "--user" || option === "--proxy-user";
  return isUser ? userArgument(text, end) : undefined;
}

/** Behind the letter of `\n` and the digits of `%3D`, which look as if they began the word. */
function afterEscape(text: string, start: number, end: number): number {
  const before = text.charCodeAt(start - 1);
  if (before === BACKSLASH && /[nrtbfv]/.test(text[start] ?? "")) return start + 1;
  if (before === BACKSLASH && text[start] === "u") return Math.min(end, start + 5);
  if (before === PERCENT && /^[0-9a-f]{2}/i.test(text.slice(start, start + 2))) return start + 2;
  return start;
}
