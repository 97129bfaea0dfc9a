/**
 * The notes as files: what can be done to them, and what is kept of what they were.
 * @module
 */
import type { Note, NoteDraft } from "../note/note.ts";

/** The name that a file in the memory folder has, and when it changed; nothing of it was read. */
export interface NoteFile {
  readonly name: string;
  readonly size_bytes: number;
  /** Milliseconds since 1970, with its fraction where the file system has one. */
  readonly modified: number;
}

/** A version that was kept before a change. */
export interface Version {
  /** Unique, sorts by time. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601, UTC: when it was replaced. */
  readonly replaced: string;
  /** What replaced it. */
  readonly change: "changed" | "removed" | "moved" | "created";
  /** For `moved`: the name that the note has since. */
  readonly to?: string;
  readonly size_bytes: number;
}

/** What was done to a note. `unchanged`: the file already said so, and was not touched. */
export interface Change {
  readonly kind: "created" | "changed" | "removed" | "moved" | "unchanged";
  readonly name: string;
  /** For `moved`: the name it had. */
  readonly from?: string;
  /** The file's text before; empty for a new note. */
  readonly before: string;
  /** The file's text now; empty for a note that is gone. */
  readonly after: string;
}

/** What the changes need of the world. */
export interface StorePorts {
  /** The memory folder, absolute. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * The notes. Names may be given without `.md`. Every change is atomic, keeps the version before it in
 * `.history/`, and waits for other processes that change something (10 s at most).
 *
 * A file with a name that Windows cannot have is read, changed, moved and removed, but not made. Nothing
 * is done through symbolic links; a hard-linked file is only read. A file over 4 MB can be moved and
 * removed, and not be read or written.
 *
 * @throws {PyraError} category `file`, codes `bad_note_name`, `no_such_note`, `note_exists`,
 * `note_too_large`, `note_unreadable` (also for links and folders), `note_unwritable`, `memory_busy`
 */
export interface NoteStore {
  /**
   * All notes, in no order, without links and hidden files. A folder that cannot be read, or a name that
   * is none, is told to `problem` and left out.
   */
  files(options?: {
    readonly signal?: AbortSignal;
    readonly problem?: (name: string, message: string) => void;
  }): Promise<NoteFile[]>;
  /** What a note's file is; `undefined` if there is none. */
  file(name: string): Promise<NoteFile | undefined>;
  read(name: string): Promise<Note>;
  /** Makes a note or replaces its body; `create` refuses to replace one. */
  write(name: string, draft: NoteDraft, options?: { readonly create?: boolean }): Promise<Change>;
  /** Replaces the whole file, front matter and all, by a text such as an editor left. */
  replace(name: string, text: string): Promise<Change>;
  /** Adds to the end of a note, which is made if it is missing; one empty line stands between. */
  append(name: string, text: string, facts?: Omit<NoteDraft, "body">): Promise<Change>;
  remove(name: string): Promise<Change>;
  /** Never onto another note. */
  move(from: string, to: string): Promise<Change>;
  /** The versions kept, the newest first; of one note or of all. */
  history(name?: string): Promise<Version[]>;
  /** The text of a version. @throws `no_such_version` */
  version(id: string): Promise<string>;
  /**
   * Takes back the last change of that note (under all names that it had), or the last one of all. Done
   * again, it takes back the one before: an undo is not undone itself, but what it takes back is kept as
   * a version too, also what was written by hand since. What is taken back already by other means is
   * passed over. @throws `nothing_to_undo`; `note_exists` where a moved note's former name is taken
   */
  undo(name?: string): Promise<Change>;
}
