/**
 * The notes as lists and figures, read from the database.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { NoteEntry } from "../note/note.ts";
import type { IndexFigures } from "./note_index.ts";
import { statement } from "./statements.ts";

const COLUMNS = "path, category, size_bytes, modified, summary, keywords, created, updated, " +
  "source, pinned";

/** A row as SQLite gives it; what is in it is foreign, since anybody can write the file. */
export type Row = Readonly<Record<string, unknown>>;

/** All notes by name, or those of a folder and below it. */
export function listEntries(db: DatabaseSync, category = ""): NoteEntry[] {
  // Between `a/` and `a0` stands everything that begins with `a/`: `0` follows `/` in Unicode.
  const rows = category === ""
    ? statement(db, `SELECT ${COLUMNS} FROM memory_meta ORDER BY path`).all()
    : statement(db, `SELECT ${COLUMNS} FROM memory_meta WHERE path > ? AND path < ? ORDER BY path`)
      .all(`${category}/`, `${category}0`);
  return rows.map(entryOf);
}

/** The pinned notes by name. */
export function pinnedEntries(db: DatabaseSync): NoteEntry[] {
  return statement(db, `SELECT ${COLUMNS} FROM memory_meta WHERE pinned = 1 ORDER BY path`).all()
    .map(entryOf);
}

/** One note; `undefined` if the index knows none of that name. */
export function findEntry(db: DatabaseSync, name: string): NoteEntry | undefined {
  const row = statement(db, `SELECT ${COLUMNS} FROM memory_meta WHERE path = ?`).get(name);
  return row && entryOf(row);
}

/** A row of `memory_meta` as an entry. */
export function entryOf(row: Row): NoteEntry {
  return {
    name: text(row["path"]),
    category: text(row["category"]),
    size_bytes: number(row["size_bytes"]),
    modified: isoTime(number(row["modified"])),
    summary: text(row["summary"]),
    keywords: wordsOf(row["keywords"]),
    created: text(row["created"]),
    updated: text(row["updated"]),
    source: text(row["source"]),
    pinned: row["pinned"] === 1,
  };
}

/** The index in figures. @param model counts the notes with vectors of this model */
export function figuresOf(db: DatabaseSync, model: string | undefined): IndexFigures {
  const all = statement(
    db,
    `SELECT count(*) AS notes, coalesce(sum(size_bytes), 0) AS size, coalesce(sum(pinned), 0) AS pinned,
      coalesce(sum(problem <> ''), 0) AS problems,
      coalesce(sum(embedding_model IS NOT NULL AND embedding_model = ?), 0) AS embedded
     FROM memory_meta`,
  ).get(model ?? "") ?? {};
  const count = (sql: string) => number(Object.values(statement(db, sql).get() ?? {})[0]);
  return {
    notes: number(all["notes"]),
    passages: count("SELECT count(*) FROM memory_passage"),
    words: count("SELECT count(*) FROM memory_words"),
    size_bytes: number(all["size"]),
    database_bytes: count("PRAGMA page_count") * count("PRAGMA page_size"),
    pinned: number(all["pinned"]),
    problems: number(all["problems"]),
    embedded: number(all["embedded"]),
  };
}

/** ISO 8601, UTC; empty for a time that no calendar has. */
export function isoTime(milliseconds: number): string {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : "";
}

/** The keywords of a row; none if the file was damaged there. */
export function wordsOf(json: unknown): string[] {
  try {
    const words: unknown = JSON.parse(text(json));
    return Array.isArray(words) ? words.filter((word) => typeof word === "string") : [];
  } catch (cause) {
    if (cause instanceof SyntaxError) return [];
    throw cause;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
  return typeof value === "number" ? value : Number(value) || 0;
}
