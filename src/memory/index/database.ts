/**
 * The database's file: opened if it is whole and of this version, else made anew.
 * @module
 */
import { statOf } from "./file_info.ts";
import { DatabaseSync } from "node:sqlite";
import { takeLock } from "../../locking/file_lock.ts";
import { PyraError } from "../../protocol/error.ts";
import { SCHEMA, SCHEMA_VERSION } from "./schema.ts";
import { faultOf } from "./sqlite_fault.ts";
import { STATE_SCHEMA } from "./state.ts";

/** How long SQLite itself waits for another process, ms; it holds the thread meanwhile. */
const BUSY_TIMEOUT_MS = 500;
/** How long another process that makes the database anew is waited for, ms. */
const MAKING_PATIENCE_MS = 5_000;

/** How to come from one version of the tables to another. A version that no step leaves is made anew. */
const STEPS: readonly { readonly from: number; readonly to: number; readonly sql: string }[] = [
  { from: 0, to: SCHEMA_VERSION, sql: SCHEMA + STATE_SCHEMA },
];

/** Why there is no database to use, in the order in which it is looked at. */
export type Unusable =
  | { readonly kind: "missing" }
  | { readonly kind: "damaged" }
  | { readonly kind: "older" }
  | { readonly kind: "newer" };

/** An open database, and which file it is: another process may put a new one in its place. */
export interface OpenDatabase extends Disposable {
  readonly db: DatabaseSync;
  /** Whether the file at its path is still this one. */
  readonly isInPlace: boolean;
}

/**
 * Opens the file as it is.
 * @throws what SQLite says if the file may not be read or written, or is in use for too long
 */
export function openExisting(path: string): OpenDatabase | Unusable {
  const file = statOf(path);
  if (!file) return { kind: "missing" };
  if (!file.isFile) return { kind: "damaged" };
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    const problem = problemOf(db, path);
    if (problem) {
      db.close();
      return problem;
    }
    prepare(db);
    return held(db, path, file.ino);
  } catch (cause) {
    close(db);
    if (faultOf(cause) === "damaged") return { kind: "damaged" };
    throw cause;
  }
}

/**
 * Makes the database anew, unless another process just did.
 * @param isWanted asked under the lock with what is there now
 * @throws {PyraError} `index_busy`; what SQLite or the file system say
 */
export async function makeAnew(
  path: string,
  isWanted: (found: OpenDatabase | Unusable) => boolean,
): Promise<OpenDatabase> {
  await Deno.mkdir(folderOf(path), { recursive: true, mode: 0o700 });
  await using lock = await takeLock(`${path}.lock`, MAKING_PATIENCE_MS);
  if (!lock) {
    throw new PyraError("file", "index_busy", "another Pyra is making the memory index anew", {
      hint: "try again in a moment",
    });
  }
  const found = openExisting(path);
  if (!isWanted(found) && "db" in found) return found;
  if ("db" in found) found[Symbol.dispose]();
  return makeIn(path);
}

function makeIn(path: string): OpenDatabase {
  clear(path);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    prepare(db);
    migrate(db);
    if (Deno.build.os !== "windows") Deno.chmodSync(path, 0o600);
    return held(db, path, Deno.statSync(path).ino);
  } catch (cause) {
    close(db);
    throw cause;
  }
}

/**
 * Puts out of the way what stands at the path, and what SQLite keeps beside it: that last, so that a
 * process which fails for the lack of it finds that the file is another one.
 */
function clear(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) {
    try {
      Deno.removeSync(path + end);
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) continue;
      // A folder with something in it: whoever made it may want it back.
      if (!Deno.lstatSync(path + end).isDirectory) throw cause;
      Deno.renameSync(path + end, `${path}${end}.set-aside-${crypto.randomUUID().slice(0, 8)}`);
    }
  }
}

function migrate(db: DatabaseSync): void {
  db.exec("BEGIN IMMEDIATE");
  for (let version = 0; version !== SCHEMA_VERSION;) {
    const step = STEPS.find(({ from }) => from === version);
    if (!step) throw new TypeError(`no step leaves version ${version} of the index`);
    db.exec(step.sql);
    version = step.to;
  }
  db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  db.exec("COMMIT");
}

function prepare(db: DatabaseSync): void {
  db.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; " +
      "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = 4194304",
  );
}

function problemOf(db: DatabaseSync, path: string): Unusable | undefined {
  const version = numberOf(db, "PRAGMA user_version");
  if (version > SCHEMA_VERSION) return { kind: "newer" };
  const tables = numberOf(db, "SELECT count(*) FROM sqlite_schema");
  // Nothing is in it yet: another process is making it, or was killed when it began to.
  if (version === 0) return { kind: tables === 0 ? "missing" : "damaged" };
  if (version < SCHEMA_VERSION) return { kind: "older" };
  if (schemaOf(db) !== ownSchema()) return { kind: "damaged" };
  const bytes = numberOf(db, "PRAGMA page_count") * numberOf(db, "PRAGMA page_size");
  // Looked at in this order, since another process may move the log into the file meanwhile.
  const isCut = bytes > (statOf(path)?.size ?? bytes) && !statOf(`${path}-wal`)?.size;
  return isCut ? { kind: "damaged" } : undefined;
}

let made: string | undefined;

/** What `schemaOf` gives of a database that nobody but Pyra wrote. */
function ownSchema(): string {
  if (made !== undefined) return made;
  const db = new DatabaseSync(":memory:");
  try {
    db.exec(SCHEMA + STATE_SCHEMA);
    return made = schemaOf(db);
  } finally {
    db.close();
  }
}

/**
 * All tables, indexes, triggers and views. In a file that another program left, a trigger could empty
 * what is written, and a view could keep a search busy for ever.
 */
function schemaOf(db: DatabaseSync): string {
  // What SQLite counted for itself is in tables of its own.
  const rows = db.prepare(
    "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_stat%' " +
      "ESCAPE '\\' ORDER BY name",
  ).all();
  return JSON.stringify(rows);
}

function held(db: DatabaseSync, path: string, ino: number | null): OpenDatabase {
  return {
    db,
    get isInPlace() {
      return statOf(path)?.ino === ino;
    },
    [Symbol.dispose]: () => close(db),
  };
}

function close(db: DatabaseSync | undefined): void {
  if (db?.isOpen) db.close();
}

function numberOf(db: DatabaseSync, sql: string): number {
  return Number(Object.values(db.prepare(sql).get() ?? {})[0]);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")));
}
