/**
 * What a schedule's check found last, as a hash: the same again is nothing new.
 * @module
 */
import { Database } from "./database.ts";

const TABLE = `CREATE TABLE IF NOT EXISTS schedule_checks (
  schedule TEXT PRIMARY KEY,
  hash TEXT NOT NULL
) STRICT`;

/** The hash of what a check found: SHA-256, hexadecimal. */
export async function checkHash(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The hashes, in the profile's `db/state.db`. */
export class CheckMemory implements Disposable {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  /** Opens it. @throws {PyraError} `schedules_unusable`, `schedules_newer` */
  static async open(path: string): Promise<CheckMemory> {
    const db = await Database.open(path);
    db.run(TABLE);
    return new CheckMemory(db);
  }

  /** What was found last; `undefined` if nothing was. */
  last(schedule: string): string | undefined {
    const row = this.#db.first("SELECT hash FROM schedule_checks WHERE schedule = ?", schedule);
    return typeof row?.["hash"] === "string" ? row["hash"] : undefined;
  }

  /** Keeps what was found. */
  keep(schedule: string, hash: string): void {
    const sql = "INSERT OR REPLACE INTO schedule_checks (schedule, hash) VALUES (?, ?)";
    this.#db.run(sql, schedule, hash);
  }

  /** Forgets what was found. */
  forget(schedule: string): void {
    this.#db.run("DELETE FROM schedule_checks WHERE schedule = ?", schedule);
  }

  [Symbol.dispose](): void {
    this.#db[Symbol.dispose]();
  }
}
