/**
 * The index of a memory folder: a database that is made from the notes and kept true to them.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { Embedder } from "../../protocol/embedding.ts";
import { asPyraError } from "../../protocol/error.ts";
import type { NoteEntry } from "../note/note.ts";
import type { Hit, SearchOptions } from "../search/hit.ts";
import { searchRows } from "../search/search.ts";
import { reasonOf } from "../store/faults.ts";
import type { NoteStore } from "../store/store.ts";
import type { VectorIndex } from "../vectors/vector_index.ts";
import { figuresOf, findEntry, listEntries, pinnedEntries } from "./entries.ts";
import { StandIn } from "./stand_in.ts";
import { followFolder } from "./follow.ts";
import { INDEX_FILES, IndexFiles } from "./index_files.ts";
import { LiveDatabase } from "./live_database.ts";
import type {
  EmbedReport,
  IndexFigures,
  NoteIndex,
  RefreshReport,
  WorkOptions,
} from "./note_index.ts";
import { withPatience } from "./patience.ts";
import { refreshRows } from "./refresh.ts";
import { doJobs, isChange, jobFor, knownFile } from "./rows_of_files.ts";
import { JoinedWork } from "./joined_work.ts";
import { setState } from "./state.ts";
import { faultOf, indexError } from "./sqlite_fault.ts";
import type { Changed } from "./watch.ts";

/** Sentences that are kept for the person; the first ones say most. */
const NOTICE_LIMIT = 20;
/** How often one file is tried whose row others change at the same moment. */
const ATTEMPTS = 4;

/** What the index is made from and kept in. */
export interface IndexPorts {
  readonly store: NoteStore;
  /** The memory folder, absolute. */
  readonly folder: string;
  /** The folder of the databases, absolute; made if it is missing. */
  readonly databases: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Opens the index. What prevents a database is a notice, and `memory_index.json` stands in for it. */
export async function openNoteIndex(ports: IndexPorts): Promise<NoteIndex> {
  const index = new FolderIndex(ports);
  await index.open();
  return index;
}

class FolderIndex implements NoteIndex {
  readonly #ports: IndexPorts;
  readonly #notices: string[] = [];
  readonly #live: LiveDatabase;
  readonly #files: IndexFiles;
  readonly #standIn: StandIn;
  readonly #looks = new JoinedWork<RefreshReport>();
  #vectors: { readonly db: DatabaseSync; readonly index: VectorIndex } | undefined;

  constructor(ports: IndexPorts) {
    this.#ports = ports;
    const notice = (sentence: string) => this.#notice(sentence);
    this.#standIn = new StandIn(ports.folder, notice);
    this.#live = new LiveDatabase({
      path: `${ports.databases}/memory.db`,
      notice,
      // The list of notes is written from a whole index.
      wasThere: () => this.#standIn.isThere,
    });
    this.#files = new IndexFiles({
      folder: ports.folder,
      database: () => this.#whole,
      failed: (cause) => this.#notice(behind(cause)),
    });
  }

  async open(): Promise<void> {
    await this.#live.open();
  }

  get notices(): readonly string[] {
    return this.#notices;
  }

  get isComplete(): boolean {
    return this.#reading((db) => db !== undefined, () => false);
  }

  list(category?: string): NoteEntry[] {
    return this.#reading(
      (db) => listEntries(db, category),
      () => this.#standIn.list(category),
    );
  }

  pinned(): NoteEntry[] {
    return this.#reading(
      (db) => pinnedEntries(db),
      () => this.#standIn.list().filter(({ pinned }) => pinned),
    );
  }

  entry(name: string): NoteEntry | undefined {
    return this.#reading(
      (db) => findEntry(db, name),
      () => this.#standIn.list().find((entry) => entry.name === name),
    );
  }

  figures(model?: string): IndexFigures {
    return this.#reading((db) => figuresOf(db, model), () => this.#standIn.figures());
  }

  async search(query: string, options: SearchOptions = {}): Promise<Hit[]> {
    for (let attempt = 0, db = this.#whole; db && attempt < ATTEMPTS; attempt++, db = this.#whole) {
      try {
        return await this.#searchIn(db, query, options);
      } catch (cause) {
        // Else another process put a new one in its place meanwhile.
        if (this.#live.current !== db) continue;
        await this.#failedReading(cause);
        break;
      }
    }
    const hits = this.#standIn.search(query, options);
    const files = await Promise.all(hits.map(({ file }) => this.#ports.store.file(file)));
    return hits.filter((_, at) => files[at]);
  }

  async update(name: string): Promise<void> {
    const { store, now } = this.#ports;
    try {
      await this.#live.use(async (db) => {
        for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
          const seen = knownFile(db, name);
          const file = await store.file(name);
          const job = file
            ? await jobFor(store, file, seen, now())
            : { kind: "delete", name, seen } as const;
          if (!job || (job.kind === "delete" && seen.stamp === "")) return;
          const late = await withPatience(() => doJobs(db, [job]));
          if (late.length > 0) continue;
          if (isChange(job)) this.#changed();
          return;
        }
      });
    } catch (cause) {
      // The file is written; the index follows at the next look through the folder.
      await this.#failedReading(cause);
    }
  }

  async refresh(options: WorkOptions): Promise<RefreshReport> {
    return await this.#looks.join(options.signal, () => this.#refresh(options));
  }

  async rebuild(options: WorkOptions): Promise<RefreshReport> {
    return await this.#looks.after(options.signal, async () => {
      this.#standIn.forget();
      await this.#live.empty();
      return await this.#refresh(options);
    });
  }

  async follow(signal: AbortSignal): Promise<void> {
    await followFolder({
      folder: this.#ports.folder,
      apply: (changed, signal) => this.#apply(changed, signal),
      isWhole: () => this.isComplete,
      failed: (cause) =>
        this.#notice(
          `changes by other programs may be noticed late: ${asPyraError(cause).message}`,
        ),
    }, signal);
  }

  async embed(embedder: Embedder, options: WorkOptions): Promise<EmbedReport> {
    const { embedPending } = await import("../vectors/embed_pending.ts");
    return await this.#live.use((db) => embedPending(db, embedder, options));
  }

  async flush(): Promise<void> {
    try {
      await this.#files.flush();
    } catch (cause) {
      this.#notice(behind(cause));
    }
  }

  [Symbol.dispose](): void {
    this.#files[Symbol.dispose]();
    this.#live[Symbol.dispose]();
  }

  /** The database, if it says all that the notes say. */
  get #whole(): DatabaseSync | undefined {
    return this.#live.isComplete ? this.#live.current : undefined;
  }

  async #searchIn(db: DatabaseSync, query: string, options: SearchOptions): Promise<Hit[]> {
    if (!options.meaning) return await searchRows(db, query, options);
    const [{ VectorIndex }, { searchHybrid }] = await Promise.all([
      import("../vectors/vector_index.ts"),
      import("../vectors/hybrid.ts"),
    ]);
    if (this.#vectors?.db !== db) this.#vectors = { db, index: new VectorIndex(db) };
    return await searchHybrid(db, this.#vectors.index, query, options);
  }

  async #refresh(options: WorkOptions): Promise<RefreshReport> {
    const { store, now } = this.#ports;
    let report: RefreshReport;
    try {
      report = await this.#live.use(async (db) => {
        const found = await refreshRows({ db, store, now }, options);
        if (!this.#live.isComplete) await withPatience(() => setState(db, "complete", "1"));
        return found;
      });
    } catch (cause) {
      if (faultOf(cause) === undefined) throw cause;
      if (faultOf(cause) !== "damaged") throw indexError(cause);
      await this.#live.replaceDamaged(cause);
      return await this.#refresh(options);
    }
    this.#standIn.forget();
    await this.flush();
    return report;
  }

  async #apply({ names, isWide }: Changed, signal: AbortSignal): Promise<number> {
    if (isWide || !this.#live.isComplete) {
      // One that is running may have passed what changed.
      const { added, changed, removed } = await this.#looks.after(
        signal,
        () => this.#refresh({ signal }),
      );
      return added + changed + removed;
    }
    for (const name of names) {
      signal.throwIfAborted();
      await this.update(name);
    }
    return names.size;
  }

  #changed(): void {
    if (this.#live.isComplete) this.#files.schedule();
  }

  /** Reads from the whole database, or from what stands in for it. */
  #reading<T>(read: (db: DatabaseSync) => T, standIn: () => T): T {
    try {
      const db = this.#whole;
      if (db) return read(db);
    } catch (cause) {
      const fault = faultOf(cause);
      if (fault === undefined) throw cause;
      this.#notice(indexError(cause).message);
    }
    return standIn();
  }

  /** What a failed search or update leads to: a damaged database is made anew, all else is told. */
  async #failedReading(cause: unknown): Promise<void> {
    const fault = faultOf(cause);
    const error = fault === undefined ? asPyraError(cause) : indexError(cause);
    if (fault === "damaged") {
      try {
        await this.#live.replaceDamaged(cause);
      } catch (failure) {
        this.#notice(indexError(failure).message);
      }
    } else if (fault === undefined && error.code === "unexpected") throw cause;
    else this.#notice(error.message);
  }

  #notice(sentence: string): void {
    if (this.#notices.length < NOTICE_LIMIT && !this.#notices.includes(sentence)) {
      this.#notices.push(sentence);
    }
  }
}

function behind(cause: unknown): string {
  return `${INDEX_FILES.markdown} and ${INDEX_FILES.json} are behind: ${reasonOf(cause)}`;
}
