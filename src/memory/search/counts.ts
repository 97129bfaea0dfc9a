/**
 * How many passages have a term: cheap once it was asked, and good enough until the notes have changed
 * by a twentieth.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";

/** What is known of all notes. */
export interface Totals {
  readonly notes: number;
  readonly passages: number;
  /** Terms in all of them. */
  readonly terms: number;
}

/** Terms remembered; the index counts a very common one for milliseconds. */
const TERM_LIMIT = 5_000;

const counts = new WeakMap<DatabaseSync, TermCounts>();

/** The counts of a database, kept while it is open. */
export function countsOf(db: DatabaseSync): TermCounts {
  const known = counts.get(db);
  if (known !== undefined) return known;
  const made = new TermCounts(db);
  counts.set(db, made);
  return made;
}

/** Counts terms in one database. */
export class TermCounts {
  readonly #totals: StatementSync;
  readonly #passages: StatementSync;
  readonly #known = new Map<string, number>();
  #knownAt = 0;

  constructor(db: DatabaseSync) {
    this.#totals = db.prepare("SELECT notes, passages, terms FROM memory_total");
    this.#passages = db.prepare("SELECT doc FROM memory_terms WHERE term = ?");
  }

  /** The totals now. */
  totals(): Totals {
    const row = this.#totals.get();
    const passages = Number(row?.["passages"] ?? 0);
    if (Math.abs(passages - this.#knownAt) * 20 > this.#knownAt) {
      this.#known.clear();
      this.#knownAt = passages;
    }
    return { notes: Number(row?.["notes"] ?? 0), passages, terms: Number(row?.["terms"] ?? 0) };
  }

  /** The passages that have a term, about. */
  passages(term: string): number {
    const known = this.#known.get(term);
    if (known !== undefined) return known;
    const count = Number(this.#passages.get(term)?.["doc"] ?? 0);
    // A term that is missing may be in the next note.
    if (count > 0 && this.#known.size < TERM_LIMIT) this.#known.set(term, count);
    return count;
  }
}
