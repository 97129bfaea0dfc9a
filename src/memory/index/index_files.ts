/**
 * Keeps `MEMORY_INDEX.md` and `memory_index.json` true to the database: soon after a change, seldom, and
 * not at all when they say it already.
 * @module
 */
import { statOf } from "./file_info.ts";
import { type DatabaseSync } from "node:sqlite";
import { writeAtomically } from "../../durable/file.ts";
import { contentHash } from "./content_hash.ts";
import { type IndexTexts, indexTexts } from "./index_texts.ts";
import { withPatience } from "./patience.ts";
import { changesIn, setState, state } from "./state.ts";
import { TimeSlice } from "./time_slice.ts";

/** The names of the index files, in the memory folder. */
export const INDEX_FILES = { markdown: "MEMORY_INDEX.md", json: "memory_index.json" } as const;

/** From a change to the files, ms: what comes in one go is written once. */
const GATHER_MS = 250;
/** Between two times of writing, ms; longer when it takes long, so that it takes a fifth of the time. */
const REST_MS = 1_000;
const REST_FACTOR = 4;
/** How often what changed while it was written is written at once. */
const ROUNDS = 3;

/** A file as it was written. */
interface WrittenFile {
  readonly hash: string;
  readonly size: number;
  readonly modified: number;
}

/** What the files said last, and when. */
interface Written {
  readonly changes: number;
  readonly markdown: WrittenFile;
  readonly json: WrittenFile;
}

/** Where the files are, and what they are made from. */
export interface IndexFilesPorts {
  /** The memory folder. */
  readonly folder: string;
  /** The database, `undefined` while there is none or it is not complete. */
  readonly database: () => DatabaseSync | undefined;
  /** Hears of what went wrong in the background. */
  readonly failed: (cause: unknown) => void;
}

/** The index files of one folder. */
export class IndexFiles implements Disposable {
  readonly #ports: IndexFilesPorts;
  readonly #closed = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #writing: Promise<void> | undefined;
  #restUntil = 0;

  constructor(ports: IndexFilesPorts) {
    this.#ports = ports;
  }

  /** Writes the files within a second or so. */
  schedule(): void {
    if (this.#timer !== undefined || this.#closed.signal.aborted) return;
    const wait = Math.max(GATHER_MS, this.#restUntil - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush().catch(this.#ports.failed);
    }, wait);
    // A program that has nothing else to do may end; the next one finds the files behind.
    Deno.unrefTimer(this.#timer);
  }

  /** Writes the files now, if they are behind. @throws the `Deno.errors` of writing; what SQLite says */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // What is being written may be older than this call.
    await this.#writing?.catch(this.#ports.failed);
    this.#writing ??= this.#write().finally(() => this.#writing = undefined);
    await this.#writing;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#closed.abort(new DOMException("the memory index was closed", "AbortError"));
  }

  async #write(): Promise<void> {
    const began = performance.now();
    for (let round = 0; round < ROUNDS; round++) {
      const db = this.#closed.signal.aborted ? undefined : this.#ports.database();
      if (!db || !isFolder(this.#ports.folder)) return;
      const changes = changesIn(db);
      const before = writtenIn(db);
      if (before?.changes === changes && this.#isThere(before)) break;
      const texts = await this.#textsOf(db);
      // Another process put a new database in its place meanwhile.
      if (!texts) continue;
      const written: Written = {
        changes,
        markdown: await this.#replace(INDEX_FILES.markdown, texts.markdown, before?.markdown),
        json: await this.#replace(INDEX_FILES.json, texts.json, before?.json),
      };
      if (this.#ports.database() !== db) return;
      await withPatience(() => setState(db, "written", JSON.stringify(written)));
    }
    const now = performance.now();
    this.#restUntil = now + Math.max(REST_MS, (now - began) * REST_FACTOR);
    const db = this.#closed.signal.aborted ? undefined : this.#ports.database();
    if (db && writtenIn(db)?.changes !== changesIn(db)) this.schedule();
  }

  /** What the files are to say; `undefined` if the database was let go of before that was known. */
  async #textsOf(db: DatabaseSync): Promise<IndexTexts | undefined> {
    try {
      return await indexTexts(db, new TimeSlice(), this.#closed.signal);
    } catch (cause) {
      if (this.#ports.database() === db) throw cause;
      this.#closed.signal.throwIfAborted();
      return undefined;
    }
  }

  async #replace(name: string, bytes: Uint8Array, before?: WrittenFile): Promise<WrittenFile> {
    const path = `${this.#ports.folder}/${name}`;
    const hash = contentHash(bytes);
    if (before?.hash === hash && isAsWritten(path, before)) return before;
    const found = statOf(path)?.size === bytes.length ? await readIfPossible(path) : undefined;
    if (!found || contentHash(found) !== hash) await writeAtomically(path, bytes);
    const { size, mtime } = await Deno.stat(path);
    return { hash, size, modified: mtime?.getTime() ?? 0 };
  }

  #isThere({ markdown, json }: Written): boolean {
    const { folder } = this.#ports;
    return isAsWritten(`${folder}/${INDEX_FILES.markdown}`, markdown) &&
      isAsWritten(`${folder}/${INDEX_FILES.json}`, json);
  }
}

/** A file's bytes. What cannot be read is written anew; if that fails, its error is told. */
async function readIfPossible(path: string): Promise<Uint8Array | undefined> {
  return await Deno.readFile(path).catch(() => undefined);
}

function writtenIn(db: DatabaseSync): Written | undefined {
  const text = state(db, "written");
  if (text === "") return undefined;
  try {
    const found: Partial<Written> | null = JSON.parse(text);
    // Our own words, unless the database is damaged there: then the files are written once more.
    const { changes = NaN, markdown, json } = found ?? {};
    return markdown && json && { changes, markdown, json };
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function isAsWritten(path: string, { size, modified }: WrittenFile): boolean {
  const file = statOf(path);
  return file !== undefined && file.size === size && file.mtime?.getTime() === modified;
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory ?? false;
}
