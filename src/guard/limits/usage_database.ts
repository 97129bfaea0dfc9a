/**
 * The database of the usage: statements made once, and steps that no other process comes in between of.
 * @module
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** An open database with `USAGE_TABLES`. */
export class UsageDatabase implements Disposable {
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

  /** A number of a query's first row; 0 if there is none. */
  number(sql: string, ...values: SQLInputValue[]): number {
    const [first] = Object.values(this.#prepare(sql).get(...values) ?? {});
    return typeof first === "number" ? first : 0;
  }

  /** Changes rows. @returns the id of the row that was added */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).lastInsertRowid);
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
