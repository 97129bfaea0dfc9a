/**
 * Finds secrets by what they are called: `password=`, `"api_key":`, `--token`, `Authorization:`.
 * @module
 */
import { pairCode, pairTable } from "./characters.ts";
import type { Secret } from "./secret.ts";
import { isCredential, isPassword, isToken } from "./value.ts";

/** What a name says that its value is. */
type Sense = "password" | "token" | "key" | "credential" | "cookie";

/** A name longer than this is looked at from its end. */
const NAME_CHARACTERS = 80;
const VALUE_CHARACTERS = 4_096;
/** The least length of the values. */
const LEAST = { token: 10, key: 16 } as const;

const PASSWORD =
  /(?:passw(?:or)?d|passwd|passphrase|passcode|passwort|kennwort|pwd|(?:^|[_-])pass)$/;
const TOKEN =
  /(?:token|secret|secrets|credentials?|(?:api|access|private|secret|auth|encryption|signing|license|licence|service|account|client|master|admin|shared|deploy|app|storage|sas|session|webhook|app)[_-]?keys?|(?:secret|session)[_-]?id|jwt|pat|bearer|contribsys__com)$/;
const KEY =
  /(?:[_-]key|(?:^|[_-])sig|login|[a-z0-9]key|(?:client|access)_?id|(?:^|[_-])auth|sourcegraph)$/;
const CREDENTIAL = /(?:^|-)authorization$/;
const COOKIE = /^(?:set-)?cookie$/;
/** These are meant to be seen, or are no keys. */
const OPEN =
  /public|publishable|csrf|xsrf|authenticity|next|page|cursor|continuation|primary|foreign|partition|cache|idempotency|sort|index|object|(?:^|[_-])(?:max|min|num|total|prompt|completion|input|output|cached)[_-]|sitekey|hotkey|monkey|turkey|hockey|donkey|integrity|nonmatching/;
/** What may follow the word that matters. */
const TAIL =
  /(?:[_-]?(?:value|string|str|text|raw|b64|base64|prod|production|dev|test|staging|live|old|new))?\d{0,3}$/;

/** What the name says. @param name without the quotes around it */
function senseOf(name: string): Sense | undefined {
  const lower = name.toLowerCase();
  const root = lower.replace(TAIL, "");
  if (COOKIE.test(lower)) return "cookie";
  if (CREDENTIAL.test(lower)) return "credential";
  if (OPEN.test(lower)) return undefined;
  if (PASSWORD.test(root) || PASSWORD.test(lower)) return "password";
  if (TOKEN.test(root) || TOKEN.test(lower)) return "token";
  return KEY.test(root) ? "key" : undefined;
}

/** Last two characters of all that `senseOf` may know: few words pass. */
const ENDS = pairTable(
  ("rd wd se de rt ss en et ts al ls ey ys id at er ig in th on ie om ge pt wt " +
    "ue ng tr xt aw 64 od ev st ve ld ew").split(" "),
);
const FOLLOWERS = new Uint8Array(128);
for (const character of "\t\n\r=:\"'`)],>?\\%|") FOLLOWERS[character.charCodeAt(0)] = 1;
/** What may come after a space: a sign, `string`, `String`, `char *`, `value`. */
const AFTER_SPACE = new Uint8Array(128);
for (const character of " \t\r\n=:?|\"'sScv") AFTER_SPACE[character.charCodeAt(0)] = 1;
const SPACE = 32;
const DASH = 45;

/** Whether a word may be a name that matters, going by its end and by what follows. */
export function mayBeName(text: string, start: number, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === SPACE) {
    const second = text.charCodeAt(end + 1);
    if (
      AFTER_SPACE[second] !== 1 && text.charCodeAt(start) !== DASH && !isBearer(text, start, end)
    ) {
      return false;
    }
  } else if (FOLLOWERS[next] !== 1) return false;
  let last = end;
  while (last > start && end - last < 3 && isDigit(text.charCodeAt(last - 1))) last--;
  const [one, two] = [text.charCodeAt(last - 2), text.charCodeAt(last - 1)];
  return ENDS[pairCode(one | 32, two | 32)] === 1 || ENDS[pairCode(one, two)] === 1;
}

/** Whether it is the word that stands before a token. */
export function isBearer(text: string, start: number, end: number): boolean {
  return end - start === 6 && (text.charCodeAt(start) | 32) === 98 &&
    text.slice(start, end).toLowerCase() === "bearer";
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a word is a name whose value may be a secret. */
export function isSecretName(text: string, start: number, end: number): boolean {
  return senseOf(text.slice(Math.max(start, end - NAME_CHARACTERS), end)) !== undefined;
}

/** From a name to its value, quotes not included. */
const SIGN =
  /(?:\\{0,3}["'`\])]){0,2}(?:[ \t]{1,4}(?:string|String|str|char \*))?(?:\s{0,20}(?:: ?(?:string|String|str|&str|&'static str)\s{0,4})?(?:[:?|]{0,3}=[=>]?|:{1,2}|=>|%3[Dd])|>)\s{0,40}/y;
/** The next argument, in a call or in a row. */
const COMMA = /\\{0,3}["'`]\s{0,8},\s{0,8}(?=\\{0,3}["'`])/y;
const VALUE_FIELD = /["'`]?[\s,]{0,20}[\s,-]["'`]?value["'`]?\s{0,4}[=:]\s{0,8}/y;
const ARGUMENT = /[ \t]{1,4}(?=[^\s-])/y;

function after(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

/** The value of a name, if that is one that matters and its value is a secret. */
export function namedAt(values: Values, start: number, end: number): Secret | undefined {
  const { text } = values;
  const name = text.slice(Math.max(start, end - NAME_CHARACTERS), end);
  const sense = senseOf(name);
  if (sense === undefined) return undefined;
  const at = after(SIGN, text, end) ??
    (/["'`.]/.test(text[start - 1] ?? "") ? after(COMMA, text, end) : undefined) ??
    after(VALUE_FIELD, text, end) ??
    (text.startsWith("--", start) ? after(ARGUMENT, text, end) : undefined);
  if (at === undefined) return undefined;
  if (text[at - 1] === ">" && text[end] === ">" && text[start - 1] !== "<") return undefined;
  if (sense === "cookie") return cookieAt(values, at);
  const whole = values.at(at);
  const { value, scheme } = sense === "credential"
    ? withoutScheme(values, whole)
    : { value: whole, scheme: false };
  const found = text.slice(value.start, value.end);
  const isSpaced = text[end] === " " || text[end] === "\t";
  const isSecret = sense === "password"
    ? isPassword(found, { isQuoted: value.isQuoted, isSpaced })
    : sense === "credential"
    ? isCredential(found) || (scheme && found.length >= 8 && isToken(found, 8))
    : !isCall(text, value) && isToken(found, LEAST[sense]) &&
      (sense === "token" || !isDigest(found, name));
  return isSecret ? { start: value.start, end: value.end, kind: KINDS[sense] } : undefined;
}

const KINDS: Readonly<Record<Sense, string>> = {
  password: "password",
  token: "secret",
  key: "key",
  credential: "credential",
  cookie: "cookie",
};

/** A sum, not a key, unless its name is that of a setting in the environment. */
function isDigest(value: string, name: string): boolean {
  return /^(?:sha\d+[:-])?[0-9a-f]{32,128}$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}/.test(value) &&
    !/^[A-Z0-9_]+$/.test(name);
}

function isCall(text: string, { end, isQuoted }: Value): boolean {
  return !isQuoted && (text[end] === "(" || text[end] === "[");
}

const QUOTE = /[rbuf]{0,2}(\\{0,3}["'`])/y;
const BARE = /[^\s"'`<>\\&,;|]*(?:\|[\w-]{20,})?/y;

/** So many names may share a value: `a=b=c=d`. */
const TRIES = 8;

/** Reads the values of a text, and the end of each only once. */
export class Values {
  readonly text: string;
  #start = 0;
  #end = 0;
  #tries = 0;
  #lineEnd = 0;
  #lineTries = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The value that begins at `at`. */
  at(at: number): Value {
    QUOTE.lastIndex = at;
    const quote = QUOTE.exec(this.text)?.[1];
    if (quote === undefined) return this.bare(at);
    const start = QUOTE.lastIndex;
    const window = this.text.slice(start, start + VALUE_CHARACTERS);
    const end = window.indexOf(quote);
    const line = window.search(/[\r\n]/);
    if (end >= 0 && (line < 0 || end < line)) return { start, end: start + end, isQuoted: true };
    return this.bare(start);
  }

  /** Whether a value that fills its line may begin at `at`: not many names share one. */
  mayShareLine(at: number): boolean {
    if (at >= this.#lineEnd) this.#lineTries = 0;
    return ++this.#lineTries <= TRIES;
  }

  /** Takes notice of where a value ends that fills its line. */
  noteLine(end: number): void {
    this.#lineEnd = Math.max(this.#lineEnd, end);
  }

  /** The value that begins at `start` without a quote. */
  bare(start: number): Value {
    if (start <= this.#start || start >= this.#end) {
      BARE.lastIndex = start;
      BARE.test(this.text);
      [this.#start, this.#end, this.#tries] = [start, BARE.lastIndex, 0];
    } else if (++this.#tries > TRIES) return { start, end: start, isQuoted: false };
    let end = Math.min(this.#end, start + VALUE_CHARACTERS);
    while (end > start && /[).:!?\]}]/.test(this.text[end - 1] ?? "")) end--;
    return { start, end, isQuoted: false };
  }
}

const SCHEME = /[A-Za-z][A-Za-z-]{2,20}[ \t]{1,4}/y;

/** What follows `Bearer`, `Basic` and the like. */
function withoutScheme(values: Values, value: Value): { value: Value; scheme: boolean } {
  const at = after(SCHEME, values.text, value.start);
  if (at === undefined) return { value, scheme: false };
  if (value.isQuoted && at < value.end) return { value: { ...value, start: at }, scheme: true };
  return { value: values.bare(at), scheme: true };
}

/** The token behind the word `Bearer`, wherever it stands. */
export function bearerAt(values: Values, end: number): Secret | undefined {
  const { text } = values;
  const at = after(ARGUMENT, text, end);
  if (at === undefined) return undefined;
  const { start, end: last } = values.bare(at);
  const value = text.slice(start, last);
  return value.length >= 16 && isCredential(value)
    ? { start, end: last, kind: "credential" }
    : undefined;
}

/** Whether a cookie's value has a digit, and more behind it. */
function isFilledCookie(cookie: string): boolean {
  const equals = cookie.indexOf("=");
  return equals >= 0 && /\d.{3}/s.test(cookie.slice(equals));
}

const COOKIES = /["']?([\w.-]{1,80}=[^\r\n"'`\\]{4,4096})/y;

function cookieAt(values: Values, at: number): Secret | undefined {
  if (!values.mayShareLine(at)) return undefined;
  const { text } = values;
  COOKIES.lastIndex = at;
  const value = COOKIES.exec(text)?.[1];
  const end = COOKIES.lastIndex;
  if (value === undefined) return undefined;
  values.noteLine(end);
  if (!value.split(";").some(isFilledCookie)) return undefined;
  return { start: end - value.length, end, kind: "cookie" };
}
