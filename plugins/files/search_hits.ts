/**
 * What a search looks for, and what it found.
 * @module
 */

/** What is looked for. */
export interface SearchWish {
  /** Absolute. */
  readonly workspace: string;
  /** Where, from the workspace; empty for all of it. */
  readonly from: string;
  readonly what: "usual" | "all";
  /** Of names; see `glob.ts`. */
  readonly glob: string | undefined;
  /** In files; undefined: names alone are looked for. */
  readonly pattern: Pattern | undefined;
  /** Lines around a match. */
  readonly context: number;
  /** So many matches, or names, at most. */
  readonly limit: number;
}

/** A text or a regular expression. */
export interface Pattern {
  readonly kind: "text" | "regex";
  readonly source: string;
  readonly letters: "exact" | "any case";
}

/** A line that was found. */
export interface Hit {
  /** From the workspace. */
  readonly path: string;
  readonly line: number;
  readonly text: string;
  readonly kind: "match" | "context";
}

/** The result of a search. */
export interface Found {
  /** In the order of paths and lines; of names, `line` is 0. */
  readonly hits: readonly Hit[];
  /** Whether there is more than the limit, or the time ran out. */
  readonly end: "all" | "limit" | "time";
}

/** What goes with a search. */
export interface SearchRun {
  readonly signal: AbortSignal;
  /** Is told of the first hit. */
  readonly first: (hit: Hit) => void;
  /** `performance.now()` at which it ends with what it has. */
  readonly until: number;
}

/** Larger files are passed over, bytes. */
export const SEARCHED_BYTES = 32 * 1024 * 1024;
/** A line is shown so far, UTF-16 units. */
export const LINE_UNITS = 300;

/** A line as it is shown. */
export function shownLine(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.length > LINE_UNITS ? `${text.slice(0, LINE_UNITS)}…` : text;
}
