/**
 * Front matter for imported notes.
 * @module
 */
import { readFields, splitText } from "../note/front_matter.ts";
import type { Note } from "../note/note.ts";
import { readNoteText } from "../note/read_note.ts";

/** What Pyra writes into a note that it imports. Times in ms since 1970. */
export interface ImportFacts {
  readonly summary?: string;
  readonly keywords?: readonly string[];
  readonly created?: number | undefined;
  readonly updated?: number | undefined;
  readonly source: string;
}

/** A front matter of its own, with an end of line behind it. */
export function newFrontMatter(facts: ImportFacts): string {
  return `---\n${fieldLines(facts)}---\n`;
}

/**
 * A foreign note with our fields added to its own front matter, or above it if that cannot be read.
 * Nothing of it is lost: a field `source` of its own becomes `original_source`.
 */
export async function withFacts(note: Note, facts: ImportFacts): Promise<string> {
  const { head, fields, tail, body } = splitText(note.text);
  const own = tail === "" ? undefined : await readFields(fields);
  if (own?.kind === "read") {
    const { summary: _none, ...added } = absentOnly(facts, own.fields);
    const kept = fields.replace(/^source(?=[ \t]*:)/gm, "original_source");
    const lineEnd = fields.includes("\r\n") ? "\r\n" : "\n";
    const text = `${head}${kept}${fieldLines(added).replaceAll("\n", lineEnd)}${tail}${body}`;
    // A key in quotes, an anchor: whatever was not foreseen is seen here.
    if ((await readNoteText(note.name, text)).facts.source === facts.source) return text;
  }
  const mark = note.text.startsWith("\ufeff") ? "\ufeff" : "";
  return `${mark}${newFrontMatter(facts)}${note.text.slice(mark.length)}`;
}

function absentOnly(facts: ImportFacts, own: ReadonlyMap<string, unknown>): ImportFacts {
  const { keywords, created, updated, ...rest } = facts;
  return {
    ...rest,
    ...(own.has("keywords") || !keywords ? {} : { keywords }),
    ...(own.has("created") ? {} : { created }),
    ...(own.has("updated") ? {} : { updated }),
  };
}

function fieldLines({ summary, keywords, created, updated, source }: ImportFacts): string {
  const lines = [
    ...(summary ? [`summary: ${yamlText(summary)}`] : []),
    ...(keywords ? [`keywords: [${keywords.map(yamlText).join(", ")}]`] : []),
    ...(created === undefined ? [] : [`created: ${isoTime(created)}`]),
    ...(updated === undefined ? [] : [`updated: ${isoTime(updated)}`]),
    `source: ${yamlText(source)}`,
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** `2024-01-31T10:02:03Z`. */
export function isoTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** A text in double quotes as JSON writes it, which YAML reads alike; bare where that is surely a text. */
function yamlText(text: string): string {
  if (
    /^[A-Za-z][A-Za-z0-9 ._/-]*[A-Za-z0-9]$/.test(text) &&
    !/^(?:true|yes|on|no|off|false|null)$/i.test(text)
  ) {
    return text;
  }
  return JSON.stringify(text.toWellFormed()).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The first line's words of a text, without marks of Markdown before them; cut between characters. */
export function oneLine(text: string, limit: number): string {
  const line = text.slice(0, 4 * limit + 100).replace(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(
    /\s+/g,
    " ",
  )
    .replace(/^[\s#>*`-]+/, "").trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).toWellFormed().trimEnd()}…`;
}
