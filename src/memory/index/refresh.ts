/**
 * A look through the folder: what changed since the last one is read and indexed.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import type { NoteFile, NoteStore } from "../store/store.ts";
import type { RefreshReport, WorkOptions } from "./note_index.ts";
import { withPatience } from "./patience.ts";
import { doJobs, isKnown, type Job, jobFor, knownFile, knownOf, nameOf } from "./rows_of_files.ts";
import { TimeSlice } from "./time_slice.ts";
import { statement } from "./statements.ts";

/** Rows that are compared at once. */
const PAGE = 500;
/** Jobs of one transaction, at first and at most; as many are taken as fit into a time slice. */
const FIRST_BATCH = 8;
const LARGEST_BATCH = 48;
const BATCH_MS = 8;
/** How often a note is tried whose row others change all the time. */
const ATTEMPTS = 4;
/** Problems that are told; a folder of a thousand pictures named `.md` is one problem. */
const PROBLEM_LIMIT = 100;

/** What a refresh works on. */
export interface RefreshPorts {
  readonly db: DatabaseSync;
  readonly store: NoteStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Makes the database say what the files say.
 * @throws the signal's reason, with what was done until then kept; what SQLite and the store say
 */
export async function refreshRows(
  ports: RefreshPorts,
  options: WorkOptions,
): Promise<RefreshReport> {
  const work = new Refresh(ports, options);
  return await work.run();
}

class Refresh {
  readonly #ports: RefreshPorts;
  readonly #options: WorkOptions;
  readonly #slice = new TimeSlice();
  readonly #counts = { added: 0, changed: 0, removed: 0 };
  /** By name; of a note that cannot be read there is one sentence. */
  readonly #problems = new Map<string, string>();
  /** Folders that could not be read: what the index has of them stays. */
  readonly #closed: string[] = [];
  #batchSize = FIRST_BATCH;

  constructor(ports: RefreshPorts, options: WorkOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  async run(): Promise<RefreshReport> {
    const { store } = this.#ports;
    const { signal } = this.#options;
    const found = await store.files({
      signal,
      problem: (name, message) => {
        this.#tell(name, message);
        this.#closed.push(name === "" ? "" : `${name}/`);
      },
    });
    const notes = found.length;
    const { changed, gone } = await this.#compare(found);
    let late = await this.#work(changed, gone);
    for (let attempt = 1; late.length > 0 && attempt < ATTEMPTS; attempt++) {
      const files = await Promise.all(late.map((name) => store.file(name)));
      const removed = late.filter((_, at) => !files[at]);
      late = await this.#work(files.filter((file) => file !== undefined), removed);
    }
    const problems = [...this.#problems].map(([name, message]) => ({ name, message }));
    return { notes, ...this.#counts, problems };
  }

  /** What of the files is not in the rows as it is now, and which rows have no file. */
  async #compare(found: readonly NoteFile[]): Promise<{ changed: NoteFile[]; gone: string[] }> {
    const files = new Map<string, NoteFile>();
    for (const file of found) files.set(file.name, file);
    const page = statement(
      this.#ports.db,
      "SELECT path, size_bytes, modified, hash, problem FROM memory_meta " +
        "WHERE path > ? ORDER BY path LIMIT ?",
    );
    const gone: string[] = [];
    for (let last = "", more = true; more;) {
      const rows = page.all(last, PAGE);
      more = rows.length === PAGE;
      for (const row of rows) {
        last = String(row["path"]);
        const file = files.get(last);
        if (!file) {
          if (!this.#closed.some((folder) => last.startsWith(folder))) gone.push(last);
        } else {
          if (isKnown(knownOf(row), file)) files.delete(last);
          if (row["problem"] !== "") this.#tell(last, String(row["problem"]));
        }
      }
      await this.#slice.pause(this.#options.signal);
    }
    return { changed: [...files.values()], gone };
  }

  /** Indexes files and forgets names. @returns the names that were not done */
  async #work(files: readonly NoteFile[], gone: readonly string[]): Promise<string[]> {
    const { signal, progress } = this.#options;
    const waiting: (NoteFile | string)[] = [...gone, ...files].reverse();
    const total = waiting.length;
    const late: string[] = [];
    if (total > 0) progress?.({ done: 0, total });
    while (waiting.length > 0) {
      const others = late.length;
      const jobs: Job[] = [];
      for (let next; jobs.length < this.#batchSize && (next = waiting.pop()) !== undefined;) {
        const job = await this.#jobOf(next);
        if (job) jobs.push(job);
        await this.#slice.pause(signal);
      }
      late.push(...await this.#commit(jobs));
      // Another process is at the same work: this one begins at the other end, and they meet.
      if (late.length > others) waiting.reverse();
      progress?.({ done: total - waiting.length, total });
      await this.#slice.pause(signal);
    }
    return late;
  }

  async #jobOf(next: NoteFile | string): Promise<Job | undefined> {
    const { db, store, now } = this.#ports;
    if (typeof next === "string") {
      return { kind: "delete", name: next, seen: knownFile(db, next) };
    }
    const job = await jobFor(store, next, knownFile(db, next.name), now());
    // What the row told stands, unless the file is read anew or gone.
    if (job && job.kind !== "touch") this.#problems.delete(next.name);
    if (job?.kind === "write" && job.note.problem !== "") this.#tell(next.name, job.note.problem);
    return job;
  }

  async #commit(jobs: readonly Job[]): Promise<string[]> {
    if (jobs.length === 0) return [];
    const { db } = this.#ports;
    const began = performance.now();
    const late = await withPatience(() => doJobs(db, jobs), this.#options.signal);
    const took = performance.now() - began;
    if (took < BATCH_MS / 2) this.#batchSize = Math.min(LARGEST_BATCH, this.#batchSize * 2);
    else if (took > BATCH_MS) this.#batchSize = Math.max(1, this.#batchSize >> 1);
    const skipped = new Set(late);
    for (const job of jobs) {
      if (skipped.has(nameOf(job))) continue;
      const isNew = job.seen.stamp === "";
      if (job.kind === "write") this.#counts[isNew ? "added" : "changed"]++;
      else if (job.kind === "delete" && !isNew) this.#counts.removed++;
    }
    return late;
  }

  #tell(name: string, message: string): void {
    if (this.#problems.size < PROBLEM_LIMIT) this.#problems.set(name, message);
  }
}
