/**
 * An SQLite database that several processes change: statements made once, and steps that no other process
 * comes in between of.
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** An open database. Its calls throw what SQLite says. */
export class LockedDatabase implements Disposable {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @param db is closed with this */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The rows of a query. */
  all(sql: string, ...values: SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql).all(...values);
  }

  /** A query's first row. */
  first(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  /** Changes rows. @returns how many, and the id of the one that was added last */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; id: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  }

  /** Does what must be one step for all processes. All of it is undone if it throws. */
  exclusively<T>(act: () => T): T {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      const result = act();
      this.#db.exec("COMMIT");
      return result;
    } catch (thrown) {
      // A full disk has undone it already; another error would hide that.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw thrown;
    }
  }

  [Symbol.dispose](): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#db.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }
}
