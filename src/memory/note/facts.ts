/**
 * What the fields of a front matter say about a note.
 * @module
 */
import type { NoteFacts } from "./note.ts";
import type { Fields, FieldValue } from "./plain_fields.ts";

/** How many of Logseq's `key:: value` lines are looked at. */
const PROPERTY_LINES = 20;
const NOTHING = new Set(["", "~", "null", "Null", "NULL"]);

function textOf(value: FieldValue | undefined): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : value.join(", ");
  return NOTHING.has(text) ? "" : text.trim();
}

/** A list as it stands, or a text with commas; Obsidian's `#tag` and Logseq's `[[page]]` bare. */
function wordsOf(value: FieldValue | undefined): string[] {
  if (value === undefined) return [];
  const items = typeof value === "string" ? value.split(/[,，、]/) : value;
  return items
    .map((item) => item.trim().replace(/^\[\[(.*)\]\]$/, "$1").replace(/^#+(?=\S)/, "").trim())
    .filter((item) => !NOTHING.has(item));
}

/** Logseq's properties: the first lines of a page, such as `tags:: one, two`. */
export function pageProperties(body: string): Fields {
  const fields = new Map<string, FieldValue>();
  let rest = body.slice(0, 8_000);
  for (let line = 0; line < PROPERTY_LINES; line++) {
    const [all, name = "", value = ""] =
      /^([A-Za-z][A-Za-z0-9_-]{0,40}):: ?([^\r\n]*)(?:\r?\n|$)/.exec(rest) ?? [];
    if (all === undefined) break;
    fields.set(name.toLowerCase(), value);
    rest = rest.slice(all.length);
  }
  return fields;
}

/** The facts of a note by its fields. */
export function factsOf(fields: Fields): NoteFacts {
  const keywords = [...wordsOf(fields.get("keywords")), ...wordsOf(fields.get("tags"))];
  return {
    summary: textOf(fields.get("summary")) || textOf(fields.get("description")) ||
      textOf(fields.get("title")),
    keywords: [...new Set(keywords)],
    created: textOf(fields.get("created")),
    updated: textOf(fields.get("updated")),
    source: textOf(fields.get("source")),
    pinned: /^(true|yes)$/i.test(textOf(fields.get("pinned"))),
  };
}
