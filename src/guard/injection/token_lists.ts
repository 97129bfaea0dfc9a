/**
 * What one pass over a text finds: lists of numbers, since there may be many.
 * @module
 */

/** Where words that matter stand; all lists run in step. */
export interface Tokens {
  readonly word: number[];
  readonly start: number[];
  readonly end: number[];
  /** Which word of the text it is; ends of sentences and lines count as further words. */
  readonly place: number[];
  readonly flags: number[];
  /** Runs of at least 16 letters and digits: start, end, start, end … */
  readonly runs: number[];
  /** Which of them stood in look-alike letters or digits. */
  readonly disguised: number[];
  /** Which ASCII signs stand between words: 1 each, by their code. */
  readonly signs: Uint8Array;
  /** Whether anything invisible was met. */
  invisible: boolean;
}

/** Empty lists. */
export function noTokens(): Tokens {
  return {
    word: [],
    start: [],
    end: [],
    place: [],
    flags: [],
    runs: [],
    disguised: [],
    signs: new Uint8Array(128),
    invisible: false,
  };
}
