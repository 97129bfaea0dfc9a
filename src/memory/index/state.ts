/**
 * What the index knows about itself, kept in the database beside the notes.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { statement } from "./statements.ts";

/** Makes the table of what the index knows about itself. */
export const STATE_SCHEMA = `
  CREATE TABLE memory_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * `complete`: the first look through the folder has ended. `changes`: counts what changed in the notes.
 * `written`: which index files were written, at which count of changes.
 */
export type StateKey = "complete" | "changes" | "written";

/** One value, empty if it was never set. */
export function state(db: DatabaseSync, key: StateKey): string {
  const row = statement(db, "SELECT value FROM memory_state WHERE key = ?").get(key);
  return typeof row?.["value"] === "string" ? row["value"] : "";
}

/** Sets one value. */
export function setState(db: DatabaseSync, key: StateKey, value: string): void {
  statement(db, "INSERT OR REPLACE INTO memory_state (key, value) VALUES (?, ?)").run(key, value);
}

/** Says that a note changed; inside the transaction that changes it. */
export function countChange(db: DatabaseSync): void {
  setState(db, "changes", String(changesIn(db) + 1));
}

/** How often something changed since the database was made. */
export function changesIn(db: DatabaseSync): number {
  return Number(state(db, "changes")) || 0;
}
