/**
 * The ways of finding notes that are compared.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { analyseNote, writeRows } from "../../../src/memory/index/rows.ts";
import { SCHEMA } from "../../../src/memory/index/schema.ts";
import type { Note } from "../../../src/memory/note/note.ts";
import { searchRows } from "../../../src/memory/search/search.ts";
import type { Finder } from "./quality_figures.ts";

/**
 * The baseline: SQLite's FTS5 as it comes, one row a note, the question's words joined by OR, default
 * BM25. `porter` adds its English stemmer.
 */
export function plainFinder(notes: readonly Note[], tokenizer: "unicode61" | "porter"): Finder {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE VIRTUAL TABLE note USING fts5 (name UNINDEXED, body, tokenize = "${tokenizer}")`);
  const write = db.prepare("INSERT INTO note VALUES (?, ?)");
  for (const { name, body } of notes) write.run(name, body);
  const read = db.prepare("SELECT name FROM note WHERE note MATCH ? ORDER BY rank LIMIT 10");
  return (question) => {
    const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length === 0) return Promise.resolve([]);
    const rows = read.all(words.map((word) => `"${word}"`).join(" OR "));
    return Promise.resolve(rows.map(({ name }) => String(name)));
  };
}

/** The index of the notes, as the memory makes it. */
export async function indexed(notes: readonly Note[]): Promise<DatabaseSync> {
  const db = new DatabaseSync(":memory:");
  db.exec(SCHEMA);
  db.exec("BEGIN");
  for (const note of notes) {
    writeRows(db, await analyseNote(note), { size_bytes: note.text.length, modified: 0, hash: "" });
  }
  db.exec("COMMIT");
  return db;
}

/** Our search by words. */
export function wordFinder(db: DatabaseSync): Finder {
  return async (question) => (await searchRows(db, question)).map(({ file }) => file);
}
