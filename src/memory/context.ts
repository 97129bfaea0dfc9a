/**
 * What of the memory goes with a question.
 * @module
 */

/** What to choose from and how much. */
export interface ContextOptions {
  /** Tokens that all of it may take, about. */
  readonly maxTokens: number;
  readonly signal: AbortSignal;
}

/**
 * Notes as a model reads them, each labelled with its file and fenced as data. Either text is empty if
 * there is nothing for it.
 */
export interface MemoryContext {
  /** The profile and pinned notes: the same for every question until a note changes. */
  readonly standing: string;
  /** What has to do with this question. */
  readonly relevant: string;
  /** The names of the notes in both. */
  readonly files: readonly string[];
}
