/**
 * The part of the composition root that counts what models use: opens the profile's record of it, and
 * puts the limits around each provider.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { CommandContext } from "./commands/context.ts";
import type { Ledger } from "./guard/limits/ledger.ts";
import { takeLock } from "./locking/file_lock.ts";
import type { Embedder } from "./protocol/embedding.ts";
import { PyraError } from "./protocol/error.ts";
import type { ModelProvider } from "./protocol/model.ts";
import type { ProviderEntry } from "./providers/table.ts";

/** How long SQLite waits for other processes, ms; each of them is done in a moment. */
const BUSY_TIMEOUT_MS = 3_000;
/** Pages of SQLite's log of changes: whoever opens the record reads it, and who fills it waits for the disk. */
const LOG_PAGES = 250;
/** How long another process that begins the record anew is waited for, ms. */
const MAKING_PATIENCE_MS = 3_000;

/** What models use in a run. */
export class RunUsage implements Disposable {
  readonly #context: Pick<CommandContext, "boot" | "loadConfig" | "now">;
  #ledger: Promise<Ledger> | undefined;
  #open: Ledger | undefined;
  #notices: string[] = [];

  /** Opens nothing yet. */
  constructor(context: Pick<CommandContext, "boot" | "loadConfig" | "now">) {
    this.#context = context;
  }

  /**
   * The profile's record, opened by the first call.
   * @param fault what using it threw: a damaged record is put aside, and a new one begun
   * @throws {PyraError} `usage_unusable`: without it nothing is asked
   */
  ledger(fault?: unknown): Promise<Ledger> {
    if (fault !== undefined) {
      if (!isDamaged(fault)) return Promise.reject(unusable(fault));
      this[Symbol.dispose]();
    }
    return this.#ledger ??= this.#openFile().catch((thrown) => {
      this.#ledger = undefined;
      throw unusable(thrown);
    });
  }

  /** Opens the record while something else is waited for; whoever needs it hears of faults. */
  prepare(): void {
    this.ledger().catch(() => undefined);
  }

  /** What the person should be told of the record, one sentence each; told once. */
  takeNotices(): string[] {
    return this.#notices.splice(0);
  }

  /** The same provider, counted and held to the limits of the settings. */
  async limit(provider: ModelProvider, { id, group }: ProviderEntry): Promise<ModelProvider> {
    const [{ limited }, { priceOf }, { config: { limits } }] = await Promise.all([
      import("./guard/limits.ts"),
      import("./guard/limits/price.ts"),
      this.#context.loadConfig(),
    ]);
    const isFree = group === "local" || id === "demo";
    return limited(provider, {
      ledger: (fault) => this.ledger(fault),
      notices: () => this.takeNotices(),
      settings: limits,
      price: (model) => priceOf(id, model, { own: limits.prices, isFree }),
      now: this.#context.now,
      sleep,
    });
  }

  /** The same model of vectors, counted and held to the spending caps. */
  async limitEmbedder(embedder: Embedder, { id, group }: ProviderEntry): Promise<Embedder> {
    const [{ limitedEmbedder }, { priceOf }, { config: { limits } }] = await Promise.all([
      import("./guard/limits/embedder.ts"),
      import("./guard/limits/price.ts"),
      this.#context.loadConfig(),
    ]);
    return limitedEmbedder(embedder, {
      ledger: (fault) => this.ledger(fault),
      settings: limits,
      price: (model) => priceOf(id, model, { own: limits.prices, isFree: group === "local" }),
      now: this.#context.now,
    });
  }

  /** Closes the record; the next use opens it again. */
  [Symbol.dispose](): void {
    this.#open?.[Symbol.dispose]();
    this.#open = undefined;
    this.#ledger = undefined;
  }

  async #openFile(): Promise<Ledger> {
    const path = `${this.#context.boot.profile.db}/state.db`;
    const { Ledger } = await import("./guard/limits/ledger.ts");
    const { UsageDatabase } = await import("./guard/limits/usage_database.ts");
    const db = await openTables(path).catch(async (fault) => {
      if (!isDamaged(fault)) throw fault;
      return await this.#beginAnew(path);
    });
    return this.#open = new Ledger(new UsageDatabase(db));
  }

  /** Puts a damaged file aside, unless another process just did. */
  async #beginAnew(path: string): Promise<DatabaseSync> {
    await using lock = await takeLock(`${path}.lock`, MAKING_PATIENCE_MS);
    if (lock === undefined) {
      throw new PyraError("file", "usage_busy", "another Pyra is repairing it");
    }
    try {
      return await openTables(path, { thorough: true });
    } catch (fault) {
      if (!isDamaged(fault)) throw fault;
    }
    const aside = `${path}.damaged-${this.#context.now()}`;
    await Deno.rename(path, aside);
    for (const end of ["-wal", "-shm"]) await Deno.remove(path + end).catch(ignoreMissing);
    this.#notices.push(
      `the record of what models used was damaged, so a new one was begun; the old one is ${aside}`,
    );
    return await openTables(path);
  }
}

/** The database with its tables, made if it is new. @throws what SQLite says */
async function openTables(
  path: string,
  { thorough = false }: { readonly thorough?: boolean } = {},
): Promise<DatabaseSync> {
  const [{ DatabaseSync }, { USAGE_TABLES, USAGE_VERSION }] = await Promise.all([
    import("node:sqlite"),
    import("./guard/limits/tables.ts"),
  ]);
  // SQLite would make it readable for others for a moment.
  (await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 })).close();
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

function isDamaged(fault: unknown): boolean {
  if (fault instanceof DamagedRecord) return true;
  if (!(fault instanceof Error) || !("code" in fault) || fault.code !== "ERR_SQLITE_ERROR") {
    return false;
  }
  const code = "errcode" in fault && typeof fault.errcode === "number" ? fault.errcode & 0xff : 0;
  return DAMAGED_CODES.includes(code) || DAMAGED_WORDS.test(fault.message);
}

/** Without the record nothing is asked: the limits would hold nothing back. */
function unusable(cause: unknown): PyraError {
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

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
