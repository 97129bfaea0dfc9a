/**
 * The database while Pyra runs: it may turn out damaged, be deleted, or be replaced by another process.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { PyraError } from "../../protocol/error.ts";
import { makeAnew, type OpenDatabase, openExisting, type Unusable } from "./database.ts";
import { withPatience } from "./patience.ts";
import { faultOf, indexError } from "./sqlite_fault.ts";
import { state } from "./state.ts";

/** How often a damaged file is made anew in one life; a disk that goes on damaging it is not helped. */
const REMAKE_LIMIT = 3;

/** How often work is begun anew whose database was replaced meanwhile. */
const ATTEMPTS = 5;

const REASONS: Readonly<Record<Unusable["kind"], string>> = {
  missing: "the memory index was missing and is being made anew",
  damaged: "the memory index was damaged and is being made anew; the notes are as they were",
  older: "the memory index was made by an older Pyra and is being made anew",
  newer: "the memory index was made by a newer Pyra and is being made anew",
};
const NEWER_BESIDE = "a newer Pyra has made the memory index anew; start this one again to use it";

/** Where the database is, and what is around it. */
export interface LiveDatabasePorts {
  readonly path: string;
  /** Hears what the person should be told, one sentence each. */
  readonly notice: (sentence: string) => void;
  /** Whether there was an index before: a first one is no news. */
  readonly wasThere: () => boolean;
}

/** The database of the index, or the reason why there is none. */
export class LiveDatabase implements Disposable {
  readonly #path: string;
  readonly #notice: (sentence: string) => void;
  readonly #wasThere: () => boolean;
  #open: OpenDatabase | undefined;
  #remakes = 0;
  #isComplete = false;
  #closed = false;

  constructor({ path, notice, wasThere }: LiveDatabasePorts) {
    this.#path = path;
    this.#notice = notice;
    this.#wasThere = wasThere;
  }

  /** Opens the file, or makes it if it cannot be used. What prevents both is a notice. */
  async open(): Promise<void> {
    try {
      const found = await withPatience(() => openExisting(this.#path));
      if ("db" in found) this.#open = found;
      else await this.#makeFor(found.kind);
    } catch (cause) {
      this.#notice(indexError(cause).message);
    }
  }

  /** The database to read from now; `undefined` if there is none. */
  get current(): DatabaseSync | undefined {
    if (this.#closed) return undefined;
    if (this.#open && !this.#open.isInPlace) {
      this.#let();
      try {
        const found = openExisting(this.#path);
        if ("db" in found) this.#open = found;
        else if (found.kind === "newer") this.#notice(NEWER_BESIDE);
      } catch (cause) {
        if (faultOf(cause) === undefined) throw cause;
        this.#notice(indexError(cause).message);
      }
    }
    return this.#open?.db;
  }

  /** Whether a look through the whole folder has once ended in what is open now. */
  get isComplete(): boolean {
    const db = this.current;
    if (!db) return false;
    this.#isComplete ||= state(db, "complete") !== "";
    return this.#isComplete;
  }

  /** The database to write to. @throws {PyraError} `index_unusable`, `index_busy` */
  async ready(): Promise<DatabaseSync> {
    if (this.#closed) throw new PyraError("system", "memory_closed", "the memory index was closed");
    const { current } = this;
    if (current) return current;
    try {
      const found = await withPatience(() => openExisting(this.#path));
      if (!("db" in found)) return await this.#makeFor(found.kind);
      this.#open = found;
      return found.db;
    } catch (cause) {
      throw indexError(cause);
    }
  }

  /**
   * Does work with the database to write to, and again with the next one if that is let go of meanwhile,
   * since another process put a new one in its place.
   * @throws {PyraError} as `ready`; what the work throws
   */
  async use<T>(work: (db: DatabaseSync) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const db = await this.ready();
      try {
        return await work(db);
      } catch (cause) {
        if (this.current === db) throw cause;
      }
    }
    throw new PyraError(
      "file",
      "index_busy",
      "other Pyras make the memory index anew all the time",
      {
        hint: "try again in a moment",
      },
    );
  }

  /**
   * Makes the database anew after it turned out to be damaged.
   * @throws {PyraError} `index_unusable` when that happened too often
   */
  async replaceDamaged(cause: unknown): Promise<DatabaseSync> {
    if (++this.#remakes > REMAKE_LIMIT) {
      throw new PyraError("file", "index_unusable", "the memory index is damaged again and again", {
        cause,
        hint: "check the disk; the notes themselves are read as before",
      });
    }
    const damaged = this.#open;
    if (damaged && !damaged.isInPlace) return await this.ready();
    this.#let();
    try {
      const made = await this.#make({ keepUsable: false });
      this.#notice(REASONS.damaged);
      return made;
    } catch (failure) {
      throw indexError(failure);
    }
  }

  /** Makes an empty database in the place of this one. @throws {PyraError} as `ready` */
  async empty(): Promise<DatabaseSync> {
    this.#let();
    try {
      return await this.#make({ keepUsable: false });
    } catch (cause) {
      throw indexError(cause);
    }
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#let();
  }

  async #makeFor(kind: Unusable["kind"]): Promise<DatabaseSync> {
    const made = await this.#make({ keepUsable: true });
    if (kind !== "missing" || this.#wasThere()) this.#notice(REASONS[kind]);
    return made;
  }

  /** What another process made while the lock was waited for is as good, if it may be kept. */
  async #make({ keepUsable }: { readonly keepUsable: boolean }): Promise<DatabaseSync> {
    const made = await makeAnew(this.#path, (found) => !keepUsable || !("db" in found));
    this.#open = made;
    this.#isComplete = false;
    return made.db;
  }

  #let(): void {
    this.#open?.[Symbol.dispose]();
    this.#open = undefined;
    this.#isComplete = false;
  }
}
