/**
 * How well a note answers: BM25 over its fields, of its best passage and of the whole.
 * @module
 */
import { FIELDS, termCode } from "./term_codes.ts";
import type { Sought, SoughtWord } from "./sought.ts";

/** What is known of all notes. */
export interface Totals {
  readonly passages: number;
  /** Terms that a passage has on the average. */
  readonly length: number;
}

/** A passage to be weighed. */
export interface WeighedPassage {
  readonly ordinal: number;
  readonly codes: Uint32Array;
}

/** A note's weight, and that of its passages. */
export interface Weight {
  readonly score: number;
  /** The best first. */
  readonly passages: readonly { readonly ordinal: number; readonly score: number }[];
}

/** How much a word counts in each field, in the order of `FIELDS`. */
const FIELD_WEIGHTS = [1, 1.5, 1.5, 1.2, 1] as const;
const K1 = 1.2;
const B = 0.5;
/** What the best passage counts beside the whole note. */
const PASSAGE_SHARE = 0.5;

/** Weighs notes for one query. */
export class Weigher {
  readonly #words: readonly SoughtWord[];
  readonly #rarity: readonly number[];
  readonly #wordOf = new Map<number, number>();
  readonly #totals: Totals;

  constructor(sought: Sought, totals: Totals) {
    this.#words = sought.words;
    this.#totals = totals;
    this.#rarity = sought.words.map(({ passages, weight }) =>
      weight *
      Math.log(1 + (totals.passages - passages + 0.5) / (Math.min(passages, totals.passages) + 0.5))
    );
    for (const [at, { terms }] of sought.words.entries()) {
      for (const term of terms) this.#wordOf.set(termCode(term), at);
    }
  }

  /** The weight of a note by all its passages that were read. */
  weigh(passages: readonly WeighedPassage[]): Weight {
    const whole = new Float64Array(this.#words.length);
    let length = 0;
    const weights = passages.map(({ ordinal, codes }) => {
      const counts = this.#count(codes);
      for (let at = 0; at < whole.length; at++) whole[at] = (whole[at] ?? 0) + (counts[at] ?? 0);
      length += codes.length;
      return { ordinal, score: this.#score(counts, codes.length) };
    }).toSorted((a, b) => b.score - a.score || a.ordinal - b.ordinal);
    const best = weights[0]?.score ?? 0;
    const score = PASSAGE_SHARE * best + (1 - PASSAGE_SHARE) * this.#score(whole, length);
    return { score, passages: weights };
  }

  #count(codes: Uint32Array): Float64Array {
    const counts = new Float64Array(this.#words.length);
    let field = 0;
    for (const code of codes) {
      if (code === 0) {
        field++;
        continue;
      }
      const at = this.#wordOf.get(code);
      if (at !== undefined) counts[at] = (counts[at] ?? 0) + (FIELD_WEIGHTS[field] ?? 1);
    }
    return counts;
  }

  #score(counts: Float64Array, length: number): number {
    const norm = K1 * (1 - B + B * (length - FIELDS.length + 1) / this.#totals.length);
    let score = 0;
    for (let at = 0; at < counts.length; at++) {
      const count = counts[at] ?? 0;
      if (count > 0) score += (this.#rarity[at] ?? 0) * count * (K1 + 1) / (count + norm);
    }
    return score;
  }
}
