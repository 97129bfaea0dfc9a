/**
 * What a search finds.
 * @module
 */

/** A part of a note's text with the matches in it. */
export interface Snippet {
  /** One line: white space is folded, what was cut is shown by `…`. */
  readonly text: string;
  /** Pairs of start and end in `text`, UTF-16 units, in order, not touching each other. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** One note that a search found, by its best passage. */
export interface Hit {
  /** The note's name. */
  readonly file: string;
  /** The line of the file on which the best passage's best match stands, from 1. */
  readonly line: number;
  /** The headings it stands under, the outermost first, with ` › ` between; empty if there are none. */
  readonly heading: string;
  readonly summary: string;
  readonly keywords: readonly string[];
  readonly snippet: Snippet;
  /** The whole passage, as it stands in the file. */
  readonly passage: string;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
}

/** How to search. */
export interface SearchOptions {
  /** Only notes in this folder and those below it. */
  readonly category?: string;
  /** How many notes; 10 if absent. */
  readonly limit?: number;
  /** The query as a vector of unit length, if meaning is to count beside the words. */
  readonly meaning?: { readonly model: string; readonly vector: Float32Array };
}

/** A passage in an order of a search, the best first. */
export interface RankedPassage {
  /** `memory_meta.id`. */
  readonly note: number;
  /** `memory_passage.ordinal`. */
  readonly ordinal: number;
  /** Higher is better; comparable within one list only. */
  readonly score: number;
}
