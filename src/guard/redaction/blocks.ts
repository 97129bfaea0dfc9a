/**
 * Finds private keys, passwords in addresses and in the arguments of `curl`.
 * @module
 */
import { tableOf } from "./characters.ts";
import type { Secret } from "./secret.ts";
import { isStandIn, isUserPassword } from "./value.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
/** Private keys are shorter. */
const BLOCK_CHARACTERS = 32 * 1024;
/** Less of a key is not worth hiding. */
const LEFT_CHARACTERS = 16;
/** What a line of a key holds, with the quotes and signs that programs put around it. */
const KEY_LINE =
  /^[\s"'`+>|,]*(?:[A-Za-z0-9+/=]*|[A-Z][A-Za-z-]{2,20}: [^\n]{0,100})[\s"'`+,;\\]*$/;
/** Line ends, also written as escapes. */
const LINE_END = /\\{1,3}r\\{1,3}n|\\{1,3}n|\r?\n|%0A/g;

/** The private key that begins at `start`, also one that is cut off. */
export function privateKeyAt(text: string, start: number): Secret | undefined {
  BEGIN.lastIndex = start;
  if (!BEGIN.test(text)) return undefined;
  const body = BEGIN.lastIndex;
  const all = text.slice(body, body + BLOCK_CHARACTERS);
  const another = all.indexOf("-----BEGIN ");
  const window = another < 0 ? all : all.slice(0, another);
  const last = window.indexOf("-----END ");
  if (last >= 0) {
    END.lastIndex = body + last;
    const end = END.test(text) ? END.lastIndex : body + last + "-----END ".length;
    return { start, end, kind: "private key" };
  }
  return { start, end: body + keyLinesEnd(window), kind: "private key" };
}

/** Where the lines that may belong to a key end. */
function keyLinesEnd(text: string): number {
  let from = 0;
  let end = 0;
  for (const { index, 0: { length } } of text.matchAll(LINE_END)) {
    if (!KEY_LINE.test(text.slice(from, index))) return end;
    if (index > from) end = from + text.slice(from, index).replace(/[\s"'`+,;\\]+$/, "").length;
    from = index + length;
  }
  const rest = /^[\s>|]*[A-Za-z0-9+/=]*/.exec(text.slice(from))?.[0] ?? "";
  return rest.trim() === "" ? end : from + rest.length;
}

/** The rest of a private key whose beginning is cut off and whose end stands at `at`. */
export function privateKeyBefore(text: string, at: number): Secret | undefined {
  END.lastIndex = at;
  if (!END.test(text)) return undefined;
  const base64 = tableOf("base64");
  let start = at;
  while (start > 0 && at - start < BLOCK_CHARACTERS) {
    const code = text.charCodeAt(start - 1);
    if (base64[code] !== 1 && code !== 10 && code !== 13 && code !== 92) break;
    start--;
  }
  return at - start < LEFT_CHARACTERS
    ? undefined
    : { start, end: END.lastIndex, kind: "private key" };
}

const USER_INFO = /[^\s:@/"'<>`\\]{0,200}:([^\s/"'<>`\\]{1,300})@(?=[\w[])/y;
/** A slash that should have been escaped. */
const LOOSE_USER_INFO = /[^\s:@/"'<>`\\]{1,200}:([^\s@"'<>`\\]{1,300})@(?=[\w.-]+:\d+\/)/y;
/** The longest user and password that these read, with the signs behind them. */
const USER_CHARACTERS = 502;
const COMMON = /^(?:pass(?:word)?|pwd|secret|pw|user|x+|\*+|token|yourpassword|\.+)$/i;
/** Addresses that are secrets themselves: who knows one may post there. */
const HOOK =
  /(?:hooks\.slack\.com\/(?:services|workflows|triggers)\/|(?:ptb\.|canary\.)?discord(?:app)?\.com\/api\/webhooks\/|[\w-]{1,60}\.webhook\.office\.com\/webhookb2\/|hooks\.zapier\.com\/hooks\/catch\/|chat\.googleapis\.com\/v1\/spaces\/)([\w/.@+?=&%~-]{16,400})/y;

/** The password, or the secret path, of the address whose `://` ends at `at`. */
export function inAddress(text: string, at: number): Secret | undefined {
  HOOK.lastIndex = at;
  const path = HOOK.exec(text)?.[1];
  if (path !== undefined) {
    return isStandIn(path) ? undefined : secretBefore(HOOK.lastIndex, path, "webhook");
  }
  if (!text.slice(at, at + USER_CHARACTERS).includes("@")) return undefined;
  for (const pattern of [USER_INFO, LOOSE_USER_INFO]) {
    pattern.lastIndex = at;
    const password = pattern.exec(text)?.[1];
    if (password === undefined) continue;
    if (/^(?:[$<{[*%]|x{3}|\.{3})/i.test(password) || COMMON.test(password)) return undefined;
    return secretBefore(pattern.lastIndex - 1, password, "password");
  }
  return undefined;
}

function secretBefore(end: number, value: string, kind: string): Secret {
  return { start: end - value.length, end, kind };
}

const ARGUMENT = /[ \t=]{1,4}((?:"[^"\n]{0,300}"|'[^'\n]{0,300}'|[^\s"']){1,300})/y;

/** The password of `-u user:password`, whose option ends at `end`. */
export function userArgument(text: string, end: number): Secret | undefined {
  ARGUMENT.lastIndex = end;
  const argument = ARGUMENT.exec(text)?.[1];
  const last = ARGUMENT.lastIndex;
  if (argument === undefined) return undefined;
  const colon = argument.indexOf(":");
  if (colon < 0 || argument.slice(colon).startsWith("://")) return undefined;
  const user = bare(argument.slice(0, colon));
  const password = bare(argument.slice(colon + 1));
  const secret = password === "" ? user : password;
  if (!isUserPassword(secret)) return undefined;
  const start = last - argument.length + (password === "" ? argument.indexOf(user) : colon + 1);
  const from = text.indexOf(secret, start);
  return from < 0 ? undefined : { start: from, end: from + secret.length, kind: "password" };
}

function bare(text: string): string {
  return text.replace(/^["']+|["']+$/g, "");
}
