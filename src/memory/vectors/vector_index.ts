/**
 * The vectors of one model in memory, and the passages nearest to a query.
 *
 * The table is the truth and may be written by others at any time. What is held here only chooses who is
 * looked at: the vectors of those are read from the table again, so a passage that is gone, or of another
 * model by now, is never found.
 *
 * Plain TypeScript, because an extension of SQLite such as sqlite-vec is a native library: to load one,
 * the app's room would need the right to run anything.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { RankedPassage } from "../search/hit.ts";
import { TimeSlice } from "../index/time_slice.ts";
import { blockProducts, QuantisedRows, quantiseQuery } from "./quantised_rows.ts";
import { isUnitVector, NUMBER_BYTES, product, unpackVectors } from "./stored_vectors.ts";
import { TopRows } from "./top_rows.ts";

/** A query as a vector of unit length. */
export interface Meaning {
  /** Only vectors of this model are compared with it. */
  readonly model: string;
  readonly vector: Float32Array;
}

/** What is searched, and for how many. */
export interface NearestOptions {
  readonly limit: number;
  /** Only notes in this folder and those below it. */
  readonly category?: string;
}

/** Who is looked at exactly, for each passage asked for. */
const CANDIDATES_EACH = 4;
const MIN_CANDIDATES = 200;
const MAX_CANDIDATES = 2_000;
/** Notes read at once while loading. */
const NOTES_AT_ONCE = 8;
/** Rows held; 100,000 of 768 numbers take 77 MB. What is beyond is not found by meaning. */
const MAX_ROWS = 400_000;
const NOBODY = -1;

/** The vectors of the model that was last asked for. */
interface Held {
  readonly model: string;
  readonly rows: QuantisedRows;
  /** Which passage is in which row; `NOBODY` in a free one. */
  readonly notes: number[];
  readonly ordinals: number[];
  readonly rowsOf: Map<number, number[]>;
  readonly free: number[];
  /** The last change of the table that was taken over. */
  seen: number;
}

/** Finds passages by meaning. One search at a time; others wait for their turn. */
export class VectorIndex {
  readonly #db: DatabaseSync;
  readonly #changed: StatementSync;
  readonly #one: StatementSync;
  #held: Held | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#changed = db.prepare(`
      SELECT change.number, change.note,
        iif(embedding_model = ? AND embedding_dim = ?, embedding, NULL) AS embedding
      FROM memory_vector_change AS change LEFT JOIN memory_meta ON id = change.note
      WHERE change.number > ? ORDER BY change.number LIMIT ${NOTES_AT_ONCE}`);
    this.#one = db.prepare(`
      SELECT substr(embedding, ?, ?) AS part FROM memory_meta
      WHERE id = ? AND embedding_model = ? AND embedding_dim = ?`);
  }

  /** Bytes of the vectors held. */
  get bytes(): number {
    return this.#held?.rows.bytes ?? 0;
  }

  /**
   * The passages nearest to a query, the nearest first, each with the cosine of the angle between them.
   * Changes of the table, also by other processes, are taken over first; the first search of a model
   * loads all its vectors. Lets others run every few milliseconds.
   */
  search(meaning: Meaning, options: NearestOptions): Promise<RankedPassage[]> {
    const found = this.#turn.then(() => this.#search(meaning, options));
    this.#turn = found.catch(() => undefined);
    return found;
  }

  async #search({ model, vector }: Meaning, options: NearestOptions): Promise<RankedPassage[]> {
    if (options.limit < 1 || vector.length === 0) return [];
    let held = this.#held;
    if (held?.model !== model || held.rows.dimension !== vector.length) {
      held = empty(model, vector.length);
      this.#held = held;
    }
    const slice = new TimeSlice();
    await this.#follow(held, slice);
    const among = options.category === undefined ? undefined : this.#notesIn(options.category);
    const many = Math.max(MIN_CANDIDATES, options.limit * CANDIDATES_EACH);
    const best = new TopRows(Math.min(many, MAX_CANDIDATES, Math.max(held.notes.length, 1)));
    const query = quantiseQuery(vector);
    const products = blockProducts();
    for (let block = 0; block < held.rows.blocks; block++) {
      const first = held.rows.multiply(block, query, products);
      for (let at = 0; at < products.length; at++) {
        const score = products[at] ?? 0;
        if (score <= best.threshold) continue;
        const note = held.notes[first + at] ?? NOBODY;
        if (note === NOBODY || (among !== undefined && !among.has(note))) continue;
        best.offer(first + at, score);
      }
      await slice.pause();
    }
    const exact: RankedPassage[] = [];
    for (const row of best.rows()) {
      const passage = this.#exactly(held, row, vector);
      if (passage !== undefined) exact.push(passage);
      await slice.pause();
    }
    return exact.sort((a, b) => b.score - a.score).slice(0, options.limit);
  }

  /** Takes over what changed in the table since the last search. */
  async #follow(held: Held, slice: TimeSlice): Promise<void> {
    const { model, rows: { dimension } } = held;
    const last = this.#db.prepare("SELECT max(number) AS last FROM memory_vector_change").get();
    // The table was emptied: its numbers began anew.
    if (Number(last?.["last"] ?? 0) < held.seen) forget(held);
    for (;;) {
      const some = this.#changed.all(model, dimension, held.seen);
      for (const { number, note, embedding } of some) {
        replace(held, Number(note), unpackVectors(embedding, dimension) ?? []);
        held.seen = Number(number);
        await slice.pause();
      }
      if (some.length < NOTES_AT_ONCE) return;
    }
  }

  #notesIn(category: string): Set<number> {
    // "/" is followed by "0": this is what begins with the folder and a slash.
    const inside = this.#db.prepare(
      "SELECT id FROM memory_meta WHERE category = ? OR (category > ? AND category < ?)",
    );
    const found = inside.all(category, `${category}/`, `${category}0`);
    return new Set(found.map(({ id }) => Number(id)));
  }

  /** A row's passage with its exact score, if the table still has it. */
  #exactly(held: Held, row: number, vector: Float32Array): RankedPassage | undefined {
    const { model, rows: { dimension } } = held;
    const note = held.notes[row] ?? NOBODY;
    const ordinal = held.ordinals[row] ?? 0;
    const size = dimension * NUMBER_BYTES;
    const stored = this.#one.get(ordinal * size + 1, size, note, model, dimension);
    const [exact] = unpackVectors(stored?.["part"], dimension) ?? [];
    if (exact === undefined || !isUnitVector(exact)) return undefined;
    return { note, ordinal, score: product(exact, vector) };
  }
}

function empty(model: string, dimension: number): Held {
  return {
    model,
    rows: new QuantisedRows(dimension),
    notes: [],
    ordinals: [],
    rowsOf: new Map(),
    free: [],
    seen: 0,
  };
}

function forget(held: Held): void {
  for (const note of [...held.rowsOf.keys()]) replace(held, note, []);
  held.seen = 0;
}

/** Puts a note's vectors in the place of those it had. */
function replace(held: Held, note: number, vectors: readonly Float32Array[]): void {
  for (const row of held.rowsOf.get(note) ?? []) {
    held.notes[row] = NOBODY;
    held.free.push(row);
  }
  held.rowsOf.delete(note);
  const taken: number[] = [];
  for (const [ordinal, vector] of vectors.entries()) {
    // A stranger's numbers: they would only push others out.
    if (!isUnitVector(vector)) continue;
    const row = held.free.pop() ?? held.notes.length;
    if (row >= MAX_ROWS) break;
    held.rows.set(row, vector);
    held.notes[row] = note;
    held.ordinals[row] = ordinal;
    taken.push(row);
  }
  if (taken.length > 0) held.rowsOf.set(note, taken);
}
