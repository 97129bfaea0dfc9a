/**
 * The texts of both index files, made from the database alone.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { entryOf } from "./entries.ts";
import { IndexJson } from "./index_json.ts";
import { IndexMarkdown } from "./index_markdown.ts";
import type { TimeSlice } from "./time_slice.ts";
import { statement } from "./statements.ts";

/** Notes that are read at once. */
const PAGE = 100;
const BEGINNING_LENGTH = 300;
const HEADING_LIMIT = 12;

/** What `MEMORY_INDEX.md` and `memory_index.json` are to say, UTF-8. */
export interface IndexTexts {
  readonly markdown: Uint8Array;
  readonly json: Uint8Array;
}

/**
 * Makes both texts; others have their turn every few milliseconds, so that a note may change meanwhile.
 * @throws the signal's reason; what SQLite says
 */
export async function indexTexts(
  db: DatabaseSync,
  slice: TimeSlice,
  signal: AbortSignal,
): Promise<IndexTexts> {
  const page = statement(
    db,
    `SELECT id, path, category, size_bytes, modified, summary, keywords, created, updated, source,
      pinned FROM memory_meta WHERE path > ? ORDER BY path LIMIT ${PAGE}`,
  );
  const passages = statement(
    db,
    `SELECT line, heading, CASE ordinal WHEN 0 THEN substr(text, 1, ${BEGINNING_LENGTH}) END AS text
     FROM memory_passage WHERE note = ? ORDER BY ordinal LIMIT ${4 * HEADING_LIMIT}`,
  );
  const markdown = new IndexMarkdown();
  const json = new IndexJson();
  for (let last = "", more = true; more;) {
    const rows = page.all(last);
    more = rows.length === PAGE;
    for (const row of rows) {
      const entry = entryOf(row);
      last = entry.name;
      markdown.add(entry);
      if (json.isFull) json.count();
      else json.add({ ...entry, ...outline(passages.all(Number(row["id"]))) });
      await slice.pause(signal);
    }
  }
  return { markdown: new TextEncoder().encode(markdown.text()), json: json.bytes() };
}

/** How a note begins, and its headings, each once in a row. */
function outline(rows: readonly Readonly<Record<string, unknown>>[]): {
  line: number;
  beginning: string;
  headings: (readonly [number, string])[];
} {
  const headings: (readonly [number, string])[] = [];
  for (const { line, heading } of rows) {
    if (typeof heading !== "string" || heading === "" || headings.length === HEADING_LIMIT) {
      continue;
    }
    if (headings.at(-1)?.[1] !== heading) headings.push([Number(line), heading]);
  }
  const first = rows[0];
  const beginning = typeof first?.["text"] === "string" ? first["text"] : "";
  return { line: Number(first?.["line"] ?? 1), beginning, headings };
}
