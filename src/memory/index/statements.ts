/**
 * Statements that are prepared once a database.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>();

/**
 * The statement of a text that stands in the source; never one with values in it, since all are kept. To
 * prepare costs 20 µs, and 3 KB until the garbage collector happens to come, which knows nothing of them.
 * @throws what SQLite says of the text or the file
 */
export function statement(db: DatabaseSync, sql: string): StatementSync {
  let known = prepared.get(db);
  if (!known) prepared.set(db, known = new Map());
  let found = known.get(sql);
  if (!found) known.set(sql, found = db.prepare(sql));
  return found;
}
