/**
 * JSON as a model writes it: bounded, and with the place of a mistake, so that it can be repaired.
 * @module
 */

/** UTF-16 units of the JSON text. */
export const JSON_UNITS = 1_000_000;
/** How deep lists and objects may nest. */
export const JSON_DEPTH = 64;

/** What was read. `problem`: a sentence that says what is wrong and where. */
export type ReadJson =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "problem"; readonly message: string };

/** Reads JSON. Never throws. */
export function readJson(text: string): ReadJson {
  if (text.length > JSON_UNITS) {
    return problem(`they have ${text.length} characters; ${JSON_UNITS} is the limit`);
  }
  if (depthOf(text) > JSON_DEPTH) return problem(`they nest deeper than ${JSON_DEPTH} levels`);
  try {
    return { kind: "value", value: JSON.parse(text) };
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return problem(mistakeIn(text));
  }
}

function problem(message: string): ReadJson {
  return { kind: "problem", message };
}

/** The deepest nesting; of a broken text that of its brackets. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isInString) {
      if (unit === 0x5c) at++;
      else if (unit === 0x22) isInString = false;
    } else if (unit === 0x22) isInString = true;
    else if (unit === 0x5b || unit === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x5d || unit === 0x7d) depth--;
  }
  return deepest;
}

const TOKEN =
  /[ \t\r\n]*(?:([[\]{},:])|(")|(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null)(?![\w.+-]))/y;

/** What may come next. */
type Wanted = "value" | "value or ]" | "name" | "name or }" | ":" | ", or ]" | ", or }" | "end";

/**
 * Walks through a text that is no JSON, and names the first token that should not be there. (The
 * engine's own message has no place for most mistakes.)
 */
function mistakeIn(text: string): string {
  const open: ("[" | "{")[] = [];
  let wanted: Wanted = "value";
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    const at = start + (/^[ \t\r\n]*/.exec(text.slice(start))?.[0].length ?? 0);
    if (found?.[2] !== undefined) TOKEN.lastIndex = stringEnd(text, TOKEN.lastIndex);
    const next: Wanted | undefined = found === null || TOKEN.lastIndex === 0
      ? undefined
      : after(found, wanted, open);
    if (next === undefined) return sentence(text, at, wanted);
    wanted = next;
  }
}

/** Where a string ends whose first quote is before that place; 0 if it does not, or is no JSON. */
function stringEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) return at + 1;
    if (unit < 0x20) return 0;
    if (unit !== 0x5c) continue;
    if (!/^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.test(text.slice(at + 1, at + 6))) return 0;
    at++;
  }
  return 0;
}

function after(
  [, mark, string, other]: RegExpExecArray,
  wanted: Wanted,
  open: ("[" | "{")[],
): Wanted | undefined {
  const isValueWanted = wanted === "value" || wanted === "value or ]";
  if (string !== undefined && wanted.startsWith("name")) return ":";
  if (string !== undefined || other !== undefined) {
    return isValueWanted ? closed(open) : undefined;
  }
  if (mark === ":") return wanted === ":" ? "value" : undefined;
  if (mark === ",") {
    if (wanted === ", or ]") return "value";
    return wanted === ", or }" ? "name" : undefined;
  }
  if (mark === "]" || mark === "}") {
    if (!wanted.endsWith(mark)) return undefined;
    open.pop();
    return closed(open);
  }
  if (!isValueWanted) return undefined;
  open.push(mark === "[" ? "[" : "{");
  return mark === "[" ? "value or ]" : "name or }";
}

function closed(open: readonly ("[" | "{")[]): Wanted {
  const last = open.at(-1);
  return last === undefined ? "end" : last === "[" ? ", or ]" : ", or }";
}

function sentence(text: string, at: number, wanted: Wanted): string {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - (before.lastIndexOf("\n") + 1) + 1;
  const place = `line ${line}, column ${column}`;
  const hint = text.charAt(at) === '"' && (wanted.startsWith("value") || wanted.startsWith("name"))
    ? `the text that begins at ${place} is not closed, or holds a line end or a wrong escape`
    : at >= text.length
    ? `the JSON ends too early at ${place}: ${expected(wanted)}`
    : `${JSON.stringify(text.slice(at, at + 12).toWellFormed())} at ${place}: ${expected(wanted)}`;
  return hint;
}

function expected(wanted: Wanted): string {
  if (wanted === "end") return "nothing may follow the value";
  return `expected ${
    wanted.replace("name", "a name in double quotes").replace("value", "a value")
  }`;
}
