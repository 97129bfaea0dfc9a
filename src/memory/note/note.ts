/**
 * A note: one Markdown file that the person owns, with a few facts in its front matter.
 *
 * A note's *name* is its path below the memory folder with `/` between folders, such as
 * `knowledge/deno.md`; `name.ts` says which names there may be.
 * @module
 */

/** What a note's front matter says. Fields that Pyra does not know stay in the file untouched. */
export interface NoteFacts {
  /** One sentence; the field `summary`, else `description` or `title`; empty if there is none. */
  readonly summary: string;
  /** The field `keywords`, and Obsidian's and Logseq's `tags`. */
  readonly keywords: readonly string[];
  /** As it stands in the file, ISO 8601 if Pyra wrote it; empty if it is missing. */
  readonly created: string;
  readonly updated: string;
  /** Who wrote it: `person`, `import …`, `model`, `untrusted: …`; empty if it is missing. */
  readonly source: string;
  /** A pinned note goes into every conversation. */
  readonly pinned: boolean;
}

/** A note as it was read. */
export interface Note {
  readonly name: string;
  readonly facts: NoteFacts;
  /** The text below the front matter. */
  readonly body: string;
  /** The line of the file on which `body` begins, from 1. */
  readonly bodyLine: number;
  /** The whole file's text. */
  readonly text: string;
  /** Sentences about what is wrong with the file (broken front matter, bytes that are no UTF-8). */
  readonly problems: readonly string[];
}

/** What is written. A field that is absent keeps what the note has, or gets its default. */
export interface NoteDraft {
  /**
   * Markdown. If it begins with a front matter of its own, its fields stand for those below; but a
   * `source` below that says that no person wrote it (`model`, `untrusted: …`) stands.
   */
  readonly body: string;
  readonly summary?: string;
  readonly keywords?: readonly string[];
  readonly source?: string;
  readonly pinned?: boolean;
}

/** A note in a list: what the index knows without reading the file. */
export interface NoteEntry extends NoteFacts {
  readonly name: string;
  /** The folder that holds it, such as `knowledge` or `knowledge/places`; empty at the top. */
  readonly category: string;
  readonly size_bytes: number;
  /** ISO 8601, UTC. */
  readonly modified: string;
}
