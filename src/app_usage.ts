/**
 * The part of the composition root that counts what models use. It is one file to load, since every
 * question needs all of it before it goes.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { limited, type LimitPorts } from "./guard/limits.ts";
import { limitedEmbedder } from "./guard/limits/embedder.ts";
import { Ledger } from "./guard/limits/ledger.ts";
import { priceOf } from "./guard/limits/price.ts";
import type { RunCap } from "./guard/limits/run_cap.ts";
import type { LimitSettings } from "./guard/limits/span.ts";
import { USAGE_PROBE, USAGE_TABLES, USAGE_VERSION } from "./guard/limits/tables.ts";
import { UsageDatabase } from "./guard/limits/usage_database.ts";
import { makeDatabaseFile } from "./locking/database_file.ts";
import { takeLock } from "./locking/file_lock.ts";
import type { Embedder } from "./protocol/embedding.ts";
import { PyraError } from "./protocol/error.ts";
import type { ModelProvider } from "./protocol/model.ts";
import { sleep } from "./protocol/waiting.ts";
import type { ProviderEntry } from "./providers/table.ts";

/** How long SQLite waits for other processes, ms; each of them is done in a moment. */
const BUSY_TIMEOUT_MS = 3_000;
/** Pages of SQLite's log of changes: whoever opens the record reads it, and who fills it waits for the disk. */
const LOG_PAGES = 250;
/** How long another process that begins the record anew is waited for, ms. */
const MAKING_PATIENCE_MS = 3_000;

/** The settings of the block `limits`. */
export type CountedSettings = LimitSettings & { readonly prices: readonly string[] };
/** What counting needs of a run. */
export type CountingRun = Pick<LimitPorts, "ledger" | "notices" | "now">;

/** The same provider, counted and held to the limits, and to the run's cap if it has one. */
export function countedProvider(
  provider: ModelProvider,
  entry: ProviderEntry,
  settings: CountedSettings,
  run: CountingRun & { readonly cap?: RunCap | undefined },
): ModelProvider {
  const { cap, ...counting } = run;
  const price = pricesOf(entry, settings);
  const within = cap?.within(settings) ?? settings;
  const counted = limited(provider, { ...counting, settings: within, sleep, price });
  return cap?.hold(counted, price) ?? counted;
}

/** The same model of vectors, counted and held to the spending caps. */
export function countedEmbedder(
  embedder: Embedder,
  entry: ProviderEntry,
  settings: CountedSettings,
  run: CountingRun,
): Embedder {
  return limitedEmbedder(embedder, { ...run, settings, price: pricesOf(entry, settings) });
}

function pricesOf({ id, group }: ProviderEntry, { prices }: CountedSettings): LimitPorts["price"] {
  const isFree = group === "local" || id === "demo";
  return (model) => priceOf(id, model, { own: prices, isFree });
}

/**
 * Opens the record in a folder; a damaged one is put aside, and a new one begun.
 * @throws {PyraError} and what SQLite says
 */
export async function openRecord(
  folder: string,
  { now, notify, isSuspect }: {
    readonly now: () => number;
    /** Is told what the person should be told. */
    readonly notify: (sentence: string) => void;
    /** Whether using it has just failed: then it is looked at more closely. */
    readonly isSuspect: boolean;
  },
): Promise<Ledger> {
  const path = `${folder}/state.db`;
  const opening = isSuspect ? beginAnew(path, now, notify) : openTables(path);
  const db = await opening.catch(async (fault) => {
    if (!isDamaged(fault)) throw fault;
    return await beginAnew(path, now, notify);
  });
  return new Ledger(new UsageDatabase(db));
}

/** Puts a damaged file aside, unless another process just did. */
async function beginAnew(
  path: string,
  now: () => number,
  notify: (sentence: string) => void,
): Promise<DatabaseSync> {
  await using lock = await takeLock(`${path}.lock`, MAKING_PATIENCE_MS);
  if (lock === undefined) throw new PyraError("file", "usage_busy", "another Pyra is repairing it");
  try {
    return await openTables(path, { thorough: true });
  } catch (fault) {
    if (!isDamaged(fault)) throw fault;
  }
  const aside = `${path}.damaged-${now()}`;
  await Deno.rename(path, aside);
  for (const end of ["-wal", "-shm"]) await Deno.remove(path + end).catch(ignoreMissing);
  notify(
    `the record of what models used was damaged, so a new one was begun; the old one is ${aside}`,
  );
  return await openTables(path);
}

/** The database with its tables, made if it is new. @throws what SQLite says */
async function openTables(
  path: string,
  { thorough = false }: { readonly thorough?: boolean } = {},
): Promise<DatabaseSync> {
  await makeDatabaseFile(path);
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    const version = () => Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (version() === 0) {
      db.exec("PRAGMA journal_mode = WAL");
      db.exec("BEGIN IMMEDIATE");
      if (version() === 0) db.exec(`${USAGE_TABLES} PRAGMA user_version = ${USAGE_VERSION}`);
      db.exec("COMMIT");
      if (Deno.build.os !== "windows") await Deno.chmod(path, 0o600);
    }
    if (version() > USAGE_VERSION) {
      throw new PyraError("file", "usage_newer", "a newer Pyra has kept it", {
        hint: "use that version, or another profile",
      });
    }
    // A power cut may take the last lines, and never more than those.
    db.exec(`PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    if (thorough) {
      const found = db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"];
      if (found !== "ok") throw new DamagedRecord();
      db.prepare(USAGE_PROBE).get();
    }
    return db;
  } catch (cause) {
    db.close();
    throw cause;
  }
}

/** SQLite answers, and finds its pages wrong. */
class DamagedRecord extends PyraError {
  constructor() {
    super("file", "usage_damaged", "its pages are damaged");
  }
}

/** SQLite's primary result codes for a file that is not what it wrote (https://sqlite.org/rescode.html). */
const DAMAGED_CODES = [11, 24, 26];
const DAMAGED_WORDS = /malformed|not a database|no such (table|column)|corrupt/i;

/** Whether what SQLite threw says that the file is not what it wrote. */
export function isDamaged(fault: unknown): boolean {
  if (fault instanceof DamagedRecord) return true;
  if (!(fault instanceof Error) || !("code" in fault) || fault.code !== "ERR_SQLITE_ERROR") {
    return false;
  }
  const code = "errcode" in fault && typeof fault.errcode === "number" ? fault.errcode & 0xff : 0;
  return DAMAGED_CODES.includes(code) || DAMAGED_WORDS.test(fault.message);
}

/** The error for a record that cannot be used. Without it nothing is asked: no limit would hold. */
export function unusable(cause: unknown): PyraError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = cause instanceof PyraError && cause.hint !== ""
    ? cause.hint
    : "see that the profile's folder db may be written and the disk has space";
  return new PyraError(
    "file",
    "usage_unusable",
    `what models use cannot be written down, so nothing is asked: ${reason}`,
    { hint, cause },
  );
}

function ignoreMissing(cause: unknown): void {
  if (!(cause instanceof Deno.errors.NotFound)) throw cause;
}
