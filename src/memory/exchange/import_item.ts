/**
 * What a source is taken apart into, before anything is written.
 * @module
 */
import type { SkipReason } from "./exchange.ts";

/** One note to be. */
export interface ImportItem {
  /** Which part of which source it is; goes into the note's front matter. */
  readonly source: string;
  /** The name it should have; a valid one. */
  readonly name: string;
  /** The whole file with its front matter, without the line that `import_state.ts` adds. */
  readonly text: string;
  /** What the source says now, to be compared with what it said before. */
  readonly version: string;
  /**
   * What tells two sources with equal names apart (the folder's path); empty where `source` is the
   * only one of its kind in the world.
   */
  readonly place: string;
  /** A note of Pyra's own that goes back as it was, without a line of ours. */
  readonly exact?: boolean;
}

/** What comes out of a source, in its order. */
export type ImportPiece =
  | { readonly kind: "note"; readonly item: ImportItem }
  | {
    readonly kind: "skip";
    readonly reason: SkipReason;
    readonly path: string;
    /** A sentence for the person; without it the count alone tells. */
    readonly message?: string;
    readonly count?: number;
  }
  | { readonly kind: "problem"; readonly path: string; readonly message: string }
  | { readonly kind: "progress"; readonly done: number; readonly total: number };
