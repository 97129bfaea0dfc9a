/**
 * Changes to single fields of a front matter. Every byte that is not of these fields stays.
 * @module
 */
import { readFields } from "./front_matter.ts";
import { type FieldValue, readPlainFields } from "./plain_fields.ts";

/** New values by name; an empty text or list takes the field away. */
export type FieldEdits = ReadonlyMap<string, FieldValue>;

/** Read by some program as a number, a date or a truth value instead of text. */
const NOT_TEXT = /^([-+.\d]|(true|false|yes|no|on|off|null|y|n)$)/i;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/;

function renderText(text: string): string {
  const isPlain = readPlainFields(`k: ${text}`)?.get("k") === text &&
    /^[\p{L}\p{N}][^"'\\[\]{}#&*!|>%@`,]*$/u.test(text) && !NOT_TEXT.test(text);
  if (isPlain || MOMENT.test(text)) return text;
  // JSON's escapes are YAML's; a lone surrogate would be no UTF-8.
  return JSON.stringify(text.toWellFormed())
    .replace(
      /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
}

function renderField(name: string, value: FieldValue, eol: string): string {
  if (typeof value !== "string") return `${name}: [${value.map(renderText).join(", ")}]${eol}`;
  const isSwitch = name === "pinned" && /^(true|false)$/.test(value);
  return `${name}: ${isSwitch ? value : renderText(value)}${eol}`;
}

/** A field's lines: from its name to the line before the next field, comment or end. */
interface FieldLines {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where the fields at the left edge stand, in their order; offsets into the text. */
export function fieldLines(text: string): FieldLines[] {
  const found: FieldLines[] = [];
  let open: { name: string; start: number; end: number } | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const [, name] = /^("[^"\\]*"|'[^']*'|[^\s"'#\-?:[\]{},&*!|>%@`][^:\r\n]*?) *:(?=\s|$)/
      .exec(line) ?? [];
    if (name !== undefined) {
      if (open) found.push(open);
      const bare = /^["']/.test(name) ? name.slice(1, -1) : name;
      open = { name: bare, start: index, end: index + line.length };
    } else if (open && /^([ \t]+\S|-(\s|$)|[\]}])/.test(line)) {
      // Indented lines, and a list's lines at the edge; empty lines only if such a line follows.
      open.end = index + line.length;
    } else if (open && /^[^\s#]/.test(line)) {
      // Something else begins: what follows is not of this field.
      found.push(open);
      open = undefined;
    }
  }
  if (open) found.push(open);
  return found;
}

/** The lines of a field as they stand, of the last one with this name; empty if there is none. */
export function rawField(text: string, name: string): string {
  const lines = fieldLines(text).findLast((field) => field.name === name);
  return lines ? text.slice(lines.start, lines.end) : "";
}

/** The text with a field's lines put in place of those it has, or at the end; empty takes them away. */
export function placeField(text: string, name: string, lines: string): string {
  const all = fieldLines(text).filter((field) => field.name === name);
  const last = all.at(-1);
  if (!last) {
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    return lines === "" || text === "" || text.endsWith("\n") ? text + lines : text + eol + lines;
  }
  let edited = text.slice(0, last.start) + lines + text.slice(last.end);
  // A name that is there twice counts by its last: without it the one before would come back.
  if (lines === "") {
    for (const { start, end } of all.slice(0, -1).reverse()) {
      edited = edited.slice(0, start) + edited.slice(end);
    }
  }
  return edited;
}

/** The lines with these fields put in, in the order of the edits; what comes out is not looked at. */
function placeEdits(text: string, edits: FieldEdits, eol: string): string {
  let edited = text;
  for (const [name, value] of edits) {
    edited = placeField(edited, name, value.length === 0 ? "" : renderField(name, value, eol));
  }
  return edited;
}

function isSame(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Changes fields of the lines between the `---`.
 * @returns `undefined` if they would not say then what they should, and all else that they said before:
 * there are ways of writing YAML in which a field has no lines of its own
 */
export async function editFields(
  fields: string,
  edits: FieldEdits,
  eol: string,
): Promise<string | undefined> {
  if (edits.size === 0) return fields;
  const edited = placeEdits(fields, edits, eol);
  const [before, after] = [await readFields(fields), await readFields(edited)];
  if (before.kind !== "read" || after.kind !== "read") return undefined;
  for (const name of new Set([...before.fields.keys(), ...after.fields.keys(), ...edits.keys()])) {
    const edit = edits.get(name);
    const wanted = edit === undefined
      ? before.fields.get(name)
      : edit.length > 0
      ? edit
      : undefined;
    if (!isSame(after.fields.get(name), wanted)) return undefined;
  }
  return edited;
}
