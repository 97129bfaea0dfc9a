/**
 * What a note's file says after a change, as text. Nothing is read or written here.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { editFields, placeFields, rawFields } from "./edit_fields.ts";
import { factsOf } from "./facts.ts";
import { readFields, type SplitText, splitText } from "./front_matter.ts";
import type { NoteDraft, NoteFacts } from "./note.ts";
import type { Fields, FieldValue } from "./plain_fields.ts";

/** Sources that the text itself must not deny: no person wrote it. */
const FIRM_SOURCE = /^(model|untrusted)\b/;

/** What is changed in a front matter. */
type Facts = Omit<NoteDraft, "body">;

/** A file's text in parts, with its fields if they can be read. */
interface Parts {
  readonly split: SplitText;
  /** `undefined`: the front matter is broken, and all of the text counts as body. */
  readonly fields: Fields | undefined;
  readonly eol: string;
}

/** The line end of a text's first line. */
function endOfLines(text: string): "\n" | "\r\n" {
  return /^[^\r\n]*\r\n/.test(text) ? "\r\n" : "\n";
}

async function partsOf(text: string): Promise<Parts> {
  const split = splitText(text);
  const read = await readFields(split.fields);
  const eol = endOfLines(text);
  return { split, fields: read.kind === "read" ? read.fields : undefined, eol };
}

/** ISO 8601 in UTC, to the second. */
export function momentOf(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** The edits that make a note with these facts say those; what it says already is left alone. */
function factEdits(has: NoteFacts, wanted: Facts): Map<string, FieldValue> {
  const edits = new Map<string, FieldValue>();
  const { summary, keywords, source, pinned } = wanted;
  const setText = (name: "summary" | "source", text: string | undefined) => {
    const value = text?.toWellFormed().trim();
    if (value !== undefined && value !== has[name]) edits.set(name, value);
  };
  setText("summary", summary);
  if (keywords !== undefined) {
    const all = keywords.map((word) => word.toWellFormed().trim()).filter((word) => word !== "");
    const words = [...new Set(all)];
    if (words.join("\n") !== has.keywords.join("\n")) edits.set("keywords", words);
  }
  setText("source", source);
  if (pinned !== undefined && pinned !== has.pinned) edits.set("pinned", pinned ? "true" : "");
  return edits;
}

/** The parts as a text, with a front matter around the fields if there are any. */
function join(parts: Parts, fields: string, body: string): string {
  const { split, eol } = parts;
  if (split.tail !== "" && parts.fields) {
    const tail = /\n$/.test(split.tail) || body === "" ? split.tail : split.tail + eol;
    const closed = fields === "" || fields.endsWith("\n") ? fields : fields + eol;
    return split.head + closed + tail + body;
  }
  const mark = split.head.startsWith("\ufeff") ? "\ufeff" : "";
  return fields === "" ? mark + body : `${mark}---${eol}${fields}---${eol}${body}`;
}

function withEnds(body: string, eol: string): string {
  const closed = body === "" || body.endsWith("\n") ? body : `${body}\n`;
  return eol === "\n" || closed.includes("\r\n") ? closed : closed.replaceAll("\n", "\r\n");
}

function unchangeable(): PyraError {
  return new PyraError(
    "file",
    "note_unwritable",
    "the note's front matter is written in a way that cannot be changed field by field",
    { hint: "write one field a line between the --- lines, as `pyra memory edit` lets you" },
  );
}

/** Bumps `updated` in a text that changed, where there is a front matter that can be edited. */
async function stamp(text: string, moment: string): Promise<string> {
  const { split, fields, eol } = await partsOf(text);
  if (split.tail === "" || !fields) return text;
  const edited = await editFields(split.fields, new Map([["updated", moment]]), eol);
  return edited === undefined ? text : split.head + edited + split.tail + split.body;
}

/** A draft's body and the lines of the front matter with which it begins. */
async function takeApart(text: string): Promise<{ body: string; own: Map<string, string> }> {
  const { split, fields, eol } = await partsOf(text);
  if (split.tail === "" || !fields) return { body: text.replace(/^\ufeff/, ""), own: new Map() };
  const closed = split.fields.endsWith("\n") ? split.fields : split.fields + eol;
  return { body: split.body, own: rawFields(closed) };
}

/**
 * The text of a note whose body is replaced.
 * @param before the file's text; `undefined` for a new note, which gets `created`
 * @param now milliseconds since 1970
 * @throws {PyraError} code `note_unwritable` for a front matter in which no field can be set
 */
export async function composeWrite(
  before: string | undefined,
  draft: NoteDraft,
  now: number,
): Promise<string> {
  const { body, own } = await takeApart(draft.body);
  // A new note with a front matter of its own begins as it stands, comments and all.
  const parts = await partsOf(before ?? (own.size > 0 ? draft.body : ""));
  if (FIRM_SOURCE.test(draft.source ?? "")) own.delete("source");
  const standing = parts.fields ? parts.split.fields : "";
  const has = rawFields(standing);
  const placed = new Map<string, string>();
  for (const [name, lines] of own) {
    const wanted = parts.eol === "\n" ? lines : lines.replace(/\r?\n/g, "\r\n");
    // A line that differs in its end only stays as it is.
    if ((has.get(name) ?? "").trimEnd() !== wanted.trimEnd()) placed.set(name, wanted);
  }
  const fields = placeFields(standing, placed);
  const read = await readFields(fields);
  if (read.kind === "broken") throw unchangeable();
  const edits = factEdits(factsOf(read.fields), without(draft, own));
  if (before === undefined && !own.has("created")) edits.set("created", momentOf(now));
  const edited = await editFields(fields, edits, parts.eol);
  if (edited === undefined) throw unchangeable();
  const after = join(parts, edited, withEnds(body, parts.eol));
  const isDated = before === undefined && own.has("updated");
  return after === before || isDated ? after : await stamp(after, momentOf(now));
}

/** The draft's facts but those that its own text names. */
function without(draft: NoteDraft, own: ReadonlyMap<string, string>): Facts {
  const { summary, keywords, source, pinned } = draft;
  return {
    ...(summary !== undefined && !own.has("summary") && { summary }),
    ...(keywords !== undefined && !own.has("keywords") && { keywords }),
    ...(source !== undefined && !own.has("source") && { source }),
    ...(pinned !== undefined && !own.has("pinned") && { pinned }),
  };
}

/**
 * The text of a note with something added to its end; an empty `text` changes only the facts.
 * @param now milliseconds since 1970
 * @throws {PyraError} as `composeWrite`
 */
export async function composeAppend(
  before: string,
  text: string,
  facts: Facts,
  now: number,
): Promise<string> {
  const parts = await partsOf(before);
  const has = parts.fields ? parts.split.body : before.replace(/^\ufeff/, "");
  const body = has + addition(has, text, parts.eol);
  const edits = factEdits(factsOf(parts.fields ?? new Map()), facts);
  const edited = await editFields(parts.fields ? parts.split.fields : "", edits, parts.eol);
  if (edited === undefined) throw unchangeable();
  const after = join(parts, edited, body);
  return after === before ? after : await stamp(after, momentOf(now));
}

/** What is put behind a body to add a text to it: one empty line before it, unless it is the first. */
export function addition(body: string, text: string, eol: string = endOfLines(body)): string {
  const added = text.replace(/^(?:[ \t]*\r?\n)+/, "").trimEnd();
  if (added === "") return "";
  const more = withEnds(added, eol);
  if (body.trim() === "" || /\n[ \t]*\r?\n$/.test(body)) return more;
  return (body.endsWith("\n") ? eol : eol + eol) + more;
}
