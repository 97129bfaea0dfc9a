/**
 * What comes in from other programs and goes out to them: the shapes of both.
 * @module
 */
import type { Note } from "../note/note.ts";
import type { Progress } from "../index/note_index.ts";
import type { Change } from "../store/store.ts";

/** Where imported notes go. A `Memory` is one; its list should be fresh (`refresh` before). */
export interface ImportTarget {
  list(): Promise<readonly { readonly name: string; readonly source: string }[]>;
  read(name: string): Promise<Note>;
  /** Makes the note if it is missing. */
  replace(name: string, text: string): Promise<Change>;
}

/** What was done, or would be done, with one note. */
export interface ImportedNote {
  readonly kind: "created" | "changed" | "unchanged";
  readonly name: string;
  /** What it came from, such as `import chatgpt 7f0c…`. */
  readonly source: string;
}

/** How notes are imported. */
export interface ImportOptions {
  /** The folder for the notes; without it `imported/…`, or the old names for an export of Pyra's. */
  readonly category?: string | undefined;
  /** Looks and reports, and writes nothing. */
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
  /** In files, or in bytes where one file holds everything. */
  readonly progress?: (progress: Progress) => void;
  /** Called for every note in turn. */
  readonly each?: (note: ImportedNote) => void;
}

/** Why something of the source became no note. */
export type SkipReason =
  | "attachments"
  | "links"
  | "empty"
  | "too_large"
  | "unreadable"
  | "not_understood";

/** What kind of source it was. */
export type SourceKind = "markdown" | "obsidian" | "logseq" | "chats" | "pyra";

/** What an import did, or would do. */
export interface ImportReport {
  readonly kind: SourceKind;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  /** The sum of `skips`. */
  readonly skipped: number;
  readonly skips: Readonly<Partial<Record<SkipReason, number>>>;
  /** One sentence each, 1,000 at most; `name` is a note's, or a path in the source. */
  readonly problems: readonly ImportProblem[];
  /** Problems beyond those in the list. */
  readonly moreProblems: number;
}

/** What is wrong with one file or note. */
export interface ImportProblem {
  readonly name: string;
  readonly message: string;
}

/** Whose notes are exported: a `Memory`. */
export interface ExportSource {
  /** The folder of the notes, absolute: they are copied as they are, also what no command can read. */
  readonly folder: string;
}

/** The form of an export. */
export type ExportFormat = "folder" | "zip" | "json" | "jsonl";

/** How notes are exported. */
export interface ExportOptions {
  /** Without it the ending says: `.zip`, `.json`, `.jsonl`, else a folder. */
  readonly format?: ExportFormat | undefined;
  readonly signal: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** What an export wrote. */
export interface ExportReport {
  readonly format: ExportFormat;
  readonly notes: number;
  /** Bytes of the notes together. */
  readonly size_bytes: number;
  readonly problems: readonly ImportProblem[];
}
