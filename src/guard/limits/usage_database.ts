/**
 * The database of the usage.
 * @module
 */
import type { SQLInputValue } from "node:sqlite";
import { LockedDatabase } from "../../locking/locked_database.ts";

/** An open database with `USAGE_TABLES`. */
export class UsageDatabase extends LockedDatabase {
  /** A number of a query's first row; 0 if there is none. */
  number(sql: string, ...values: SQLInputValue[]): number {
    const [first] = Object.values(this.first(sql, ...values) ?? {});
    return typeof first === "number" ? first : 0;
  }
}
