/**
 * A look at one of the profile's databases.
 * @module
 */
import { DatabaseSync } from "node:sqlite";

/** How long another process is waited for; the thread stands still meanwhile, ms. */
const BUSY_TIMEOUT_MS = 200;
/** A larger one is looked through table by table, until the time is over. */
const WHOLE_BYTES = 64 * 1024 * 1024;
const LOOKING_MS = 1_000;
/** Beyond this the log of changes was not taken into the file for a long time. */
const LOG_BYTES = 64 * 1024 * 1024;

/** What a look came to. */
export type Database =
  | { readonly kind: "absent" }
  /** `reason` is SQLite's. */
  | { readonly kind: "damaged"; readonly reason: string }
  | { readonly kind: "busy" }
  | {
    readonly kind: "whole";
    readonly version: number;
    readonly bytes: number;
    /** Bytes of the log of changes, where that is large; else 0. */
    readonly log: number;
    /** Whether all of it was looked at. */
    readonly isAll: boolean;
  };

/** Looks through a database, and asks it one thing more. @throws the `Deno.errors` of files */
export function lookAtDatabase(path: string, act: (db: DatabaseSync) => void = () => {}): Database {
  const bytes = sizeOf(path);
  if (bytes === undefined) return { kind: "absent" };
  const log = sizeOf(`${path}-wal`) ?? 0;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    db.exec("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON");
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    const tables = bytes <= WHOLE_BYTES ? [undefined] : tablesOf(db);
    const deadline = performance.now() + LOOKING_MS;
    let looked = 0;
    for (const table of tables) {
      if (performance.now() > deadline) break;
      const reason = faultIn(db, table);
      if (reason !== undefined) return { kind: "damaged", reason };
      looked++;
    }
    act(db);
    const large = log > LOG_BYTES ? log : 0;
    return { kind: "whole", version, bytes, log: large, isAll: looked === tables.length };
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof TypeError) throw cause;
    if (/locked|busy/i.test(cause.message)) return { kind: "busy" };
    return { kind: "damaged", reason: cause.message };
  } finally {
    if (db?.isOpen) db.close();
  }
}

/** Takes the log of changes into the file. */
export function emptyLog(path: string): void {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}

function faultIn(db: DatabaseSync, table: string | undefined): string | undefined {
  const what = table === undefined ? "1" : `"${table.replaceAll('"', '""')}"`;
  const found = db.prepare(`PRAGMA quick_check(${what})`).get()?.["quick_check"];
  return found === "ok" ? undefined : String(found);
}

function tablesOf(db: DatabaseSync): readonly string[] {
  return db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0").all()
    .map(({ name }) => String(name));
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.statSync(path).size;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}
