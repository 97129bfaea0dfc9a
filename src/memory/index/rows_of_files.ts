/**
 * Files into rows, one after another: read what a file says, and write it into the database unless
 * another process or call wrote that row meanwhile.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { asPyraError } from "../../protocol/error.ts";
import type { Note } from "../note/note.ts";
import type { NoteFile, NoteStore } from "../store/store.ts";
import { contentHash } from "./content_hash.ts";
import {
  type AnalysedNote,
  analyseNote,
  deleteRows,
  forgetWrittenWords,
  writeRows,
} from "./rows.ts";
import { countChange } from "./state.ts";
import { statement } from "./statements.ts";

/**
 * A file this young when it is read may change again within the same tick of the file system's clock,
 * ms; it is read once more at the next look.
 */
const YOUNG_MS = 100;
const UNSETTLED = "?";

/** What the database says of a file; `stamp` is empty if it has no row. */
export interface KnownFile {
  readonly size_bytes: number;
  readonly modified: number;
  readonly hash: string;
  /** Changes whenever the row does. */
  readonly stamp: string;
}

/** What is to be done with one row, and on which state of it that was decided. */
export type Job =
  | { readonly kind: "write"; readonly file: NoteFile; readonly hash: string }
    & { readonly seen: KnownFile; readonly note: AnalysedNote }
  | { readonly kind: "touch"; readonly file: NoteFile; readonly hash: string }
    & { readonly seen: KnownFile }
  | { readonly kind: "delete"; readonly name: string; readonly seen: KnownFile };

const UNKNOWN: KnownFile = { size_bytes: -1, modified: 0, hash: "", stamp: "" };

/** What the database says of a name now. */
export function knownFile(db: DatabaseSync, name: string): KnownFile {
  const row = statement(db, "SELECT size_bytes, modified, hash FROM memory_meta WHERE path = ?")
    .get(name);
  return row ? knownOf(row) : UNKNOWN;
}

/** The same from a row that was read. */
export function knownOf(row: Readonly<Record<string, unknown>>): KnownFile {
  const { size_bytes, modified, hash } = row;
  return {
    size_bytes: Number(size_bytes),
    modified: Number(modified),
    hash: String(hash),
    stamp: `${size_bytes}:${modified}:${hash}`,
  };
}

/** Whether a file is as it was when it was indexed, as far as its size and time tell. */
export function isKnown(known: KnownFile, file: NoteFile): boolean {
  return isSameFile(known, file) && known.hash !== "" && !known.hash.startsWith(UNSETTLED);
}

function isSameFile(known: KnownFile, file: NoteFile): boolean {
  return known.size_bytes === file.size_bytes && known.modified === file.modified;
}

/** What there is to do about a file; `undefined` if the row says it already. Reads it if it must. */
export async function jobFor(
  store: NoteStore,
  file: NoteFile,
  seen: KnownFile,
  now: number,
): Promise<Job | undefined> {
  if (isKnown(seen, file)) return undefined;
  const note = await readForIndex(store, file.name);
  if (!note) return { kind: "delete", name: file.name, seen };
  // It could not be read the last time either; the row says so.
  if (!note.isWhole && seen.hash === "" && isSameFile(seen, file)) return undefined;
  const settled = note.isWhole ? contentHash(note.text) : "";
  const isYoung = Math.abs(now - file.modified) < YOUNG_MS;
  const hash = isYoung && settled ? UNSETTLED + settled : settled;
  const same = settled !== "" && seen.hash.replace(UNSETTLED, "") === settled &&
    seen.stamp !== "";
  if (same) return { kind: "touch", file, hash, seen };
  return { kind: "write", file, hash, seen, note: await analyseNote(note) };
}

/**
 * Does the jobs in one transaction, those whose row is still as it was seen.
 * @returns the names of those that were not done, since their row changed meanwhile
 * @throws what SQLite says; nothing was done then
 */
export function doJobs(db: DatabaseSync, jobs: readonly Job[]): string[] {
  const late: string[] = [];
  let changed = false;
  db.exec("BEGIN IMMEDIATE");
  try {
    for (const job of jobs) {
      const name = nameOf(job);
      if (knownFile(db, name).stamp !== job.seen.stamp) {
        late.push(name);
        continue;
      }
      changed ||= isChange(job);
      doJob(db, job);
    }
    if (changed) countChange(db);
    db.exec("COMMIT");
  } catch (cause) {
    if (db.isTransaction) db.exec("ROLLBACK");
    forgetWrittenWords(db);
    throw cause;
  }
  return late;
}

/** The name of the note that a job is about. */
export function nameOf(job: Job): string {
  return job.kind === "delete" ? job.name : job.file.name;
}

/** Whether what others read of the index differs after the job. */
export function isChange(job: Job): boolean {
  if (job.kind === "delete") return job.seen.stamp !== "";
  return job.kind === "write" || !isSameFile(job.seen, job.file);
}

function doJob(db: DatabaseSync, job: Job): void {
  if (job.kind === "delete") deleteRows(db, job.name);
  else if (job.kind === "write") writeRows(db, job.note, { ...job.file, hash: job.hash });
  else {
    statement(db, "UPDATE memory_meta SET size_bytes = ?, modified = ?, hash = ? WHERE path = ?")
      .run(job.file.size_bytes, job.file.modified, job.hash, job.file.name);
  }
}

/** A note as the index takes it; `isWhole` is false for one that could not be read. */
interface NoteForIndex extends Note {
  readonly isWhole: boolean;
}

/** Reads a file; one that cannot be read is a note without text that says why. */
async function readForIndex(store: NoteStore, name: string): Promise<NoteForIndex | undefined> {
  try {
    return { ...await store.read(name), isWhole: true };
  } catch (cause) {
    const { code, message, hint } = asPyraError(cause);
    if (code === "no_such_note") return undefined;
    const problem = hint === "" ? message : `${message}; ${hint}`;
    return { ...EMPTY, name, problems: [problem], isWhole: false };
  }
}

const EMPTY: Omit<Note, "name" | "problems"> = {
  facts: { summary: "", keywords: [], created: "", updated: "", source: "", pinned: false },
  body: "",
  bodyLine: 1,
  text: "",
};
