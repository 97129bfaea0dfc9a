/**
 * Opens `state.db` for the scheduler.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { makeDatabaseFile } from "../locking/database_file.ts";
import { LockedDatabase } from "../locking/locked_database.ts";
import { PyraError } from "../protocol/error.ts";
import { SCHEDULE_PROBE, SCHEDULE_TABLES, SCHEDULE_VERSION } from "./tables.ts";

/** How long SQLite waits for other processes, ms; each of them is done in a moment. */
const BUSY_TIMEOUT_MS = 5_000;

/** The database with the scheduler's tables. */
export class Database extends LockedDatabase {
  /**
   * Opens the file, made if it is new, with the scheduler's tables.
   * @throws {PyraError} `schedules_unusable`, `schedules_newer`
   */
  static async open(path: string): Promise<Database> {
    try {
      await makeDatabaseFile(path);
      const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
      try {
        prepareTables(db);
        return new Database(db);
      } catch (cause) {
        db.close();
        throw cause;
      }
    } catch (cause) {
      if (cause instanceof PyraError) throw cause;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PyraError("file", "schedules_unusable", `schedules cannot be read: ${reason}`, {
        hint: "see that the profile's folder db may be written; pyra doctor looks at the database",
        cause,
      });
    }
  }
}

/** @throws what SQLite says */
function prepareTables(db: DatabaseSync): void {
  if (db.prepare("PRAGMA journal_mode").get()?.["journal_mode"] !== "wal") {
    db.exec("PRAGMA journal_mode = WAL");
  }
  // A power cut must not take back that a job has begun: it would run twice.
  db.exec("PRAGMA synchronous = FULL");
  if (!isMade(db)) {
    db.exec("BEGIN IMMEDIATE");
    try {
      if (!isMade(db)) {
        db.exec(SCHEDULE_TABLES);
        db.prepare("INSERT INTO schedule_version VALUES (?)").run(SCHEDULE_VERSION);
      }
      db.exec("COMMIT");
    } finally {
      if (db.isTransaction) db.exec("ROLLBACK");
    }
  }
  const version = db.prepare("SELECT max(version) AS version FROM schedule_version").get();
  if (Number(version?.["version"]) > SCHEDULE_VERSION) {
    throw new PyraError("file", "schedules_newer", "a newer Pyra has kept the schedules", {
      hint: "use that version, or another profile",
    });
  }
  db.prepare(SCHEDULE_PROBE).get();
}

function isMade(db: DatabaseSync): boolean {
  const found = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schedule_version'").get();
  return found !== undefined;
}
