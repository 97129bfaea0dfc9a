/**
 * Changes to single fields of a front matter. Every byte that is not of these fields stays.
 * @module
 */
import { readFields } from "./front_matter.ts";
import { type FieldValue, readPlainFields, withoutEndSpaces } from "./plain_fields.ts";

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
function fieldLines(text: string): FieldLines[] {
  const found: FieldLines[] = [];
  let open: { name: string; start: number; end: number } | undefined;
  for (const { 0: line, index } of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    const [, typed] = /^("[^"\\]*" *|'[^']*' *|[^\s"'#\-?:[\]{},&*!|>%@`][^:\r\n]*):(?=\s|$)/
      .exec(line) ?? [];
    if (typed !== undefined) {
      if (open) found.push(open);
      const name = withoutEndSpaces(typed);
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

/** The lines of each field as they stand; of two with one name those of the last. */
export function rawFields(text: string): Map<string, string> {
  return new Map(fieldLines(text).map(({ name, start, end }) => [name, text.slice(start, end)]));
}

/**
 * The text with lines put in place of those that their fields have, or at the end in their order; empty
 * ones take a field away. What comes out is not looked at.
 */
export function placeFields(text: string, lines: ReadonlyMap<string, string>): string {
  const all = fieldLines(text);
  const lasts = new Map(all.map((field) => [field.name, field]));
  let edited = "";
  let done = 0;
  for (const field of all) {
    const placed = lines.get(field.name);
    // A name that is there twice counts by its last: without it the one before would come back.
    if (placed === undefined || (placed !== "" && lasts.get(field.name) !== field)) continue;
    edited += text.slice(done, field.start) + placed;
    done = field.end;
  }
  edited += text.slice(done);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  for (const [name, added] of lines) {
    if (added === "" || lasts.has(name)) continue;
    edited += (edited === "" || edited.endsWith("\n") ? "" : eol) + added;
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
  const edited = placeFields(
    fields,
    new Map(
      [...edits].map(([name, value]) => [
        name,
        value.length === 0 ? "" : renderField(name, value, eol),
      ]),
    ),
  );
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
