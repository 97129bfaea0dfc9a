/**
 * How well passages and notes answer: BM25, weighed by fields.
 * @module
 */
import type { Totals } from "./counts.ts";
import { FIELDS, termCode } from "./term_codes.ts";
import type { Sought, SoughtWord } from "./sought.ts";

/** How often the words sought stand in a text, by their order in `Sought.words`. */
export interface Counted {
  readonly counts: Float64Array;
  readonly length: number;
}

/** How much a word counts in each field, in the order of `FIELDS`. */
const FIELD_WEIGHTS = [0.5, 1.5, 1.5, 1.2, 1] as const;
/** A word's second and third time count less and less; 1.2 and 0.75 are usual. */
const K1 = 1.2;
/** How much a long text loses. Notes are short because they say one thing, not because they are dense. */
const B = 0.3;
/** Codes are looked for in a table of bits first; most are none of the query's. */
const FILTER_MASK = 4_095;

/** Weighs texts for one query. */
export class Weigher {
  readonly #wordOf = new Map<number, number>();
  readonly #filter = new Uint8Array(FILTER_MASK + 1);
  readonly #rarity: Float64Array;
  readonly #phrases: readonly (readonly ReadonlySet<number>[])[];
  readonly #excluded: readonly (readonly ReadonlySet<number>[])[];
  readonly #passageLength: number;
  readonly #noteLength: number;

  constructor(sought: Sought, totals: Totals) {
    const { words, phrases, excluded } = sought;
    this.#rarity = Float64Array.from(words, (word) => rarity(word, totals.passages));
    for (const [at, { terms }] of words.entries()) {
      for (const term of terms) {
        const code = termCode(term);
        this.#wordOf.set(code, at);
        this.#filter[code & FILTER_MASK] = 1;
      }
    }
    const codesOf = ({ terms }: SoughtWord) => new Set(terms.map(termCode));
    this.#phrases = phrases.map((phrase) => phrase.map(codesOf));
    this.#excluded = excluded.map((phrase) => phrase.map(codesOf));
    this.#passageLength = Math.max(1, totals.terms / Math.max(1, totals.passages));
    this.#noteLength = Math.max(1, totals.terms / Math.max(1, totals.notes));
  }

  /** How many words are looked for. */
  get words(): number {
    return this.#rarity.length;
  }

  /** Counts a passage's words. */
  count(codes: Uint32Array): Counted {
    const counts = new Float64Array(this.#rarity.length);
    let field = 0;
    for (const code of codes) {
      if (code === 0) field++;
      else if (this.#filter[code & FILTER_MASK] === 1) {
        const at = this.#wordOf.get(code);
        if (at !== undefined) counts[at] = (counts[at] ?? 0) + (FIELD_WEIGHTS[field] ?? 1);
      }
    }
    return { counts, length: codes.length - FIELDS.length + 1 };
  }

  /** What each word adds to a passage's score, its rarity left out: 0 to 2.2. */
  ofPassage(counted: Counted): Float64Array {
    return saturated(counted, this.#passageLength);
  }

  /** The same for a whole note. */
  ofNote(counted: Counted): Float64Array {
    return saturated(counted, this.#noteLength);
  }

  /** The score of what each word adds. */
  score(parts: Float64Array): number {
    let score = 0;
    for (let at = 0; at < parts.length; at++) score += (parts[at] ?? 0) * (this.#rarity[at] ?? 0);
    return score;
  }

  /** Whether every phrase stands in one of the passages. */
  hasPhrases(passages: readonly Uint32Array[]): boolean {
    return this.#phrases.every((phrase) => passages.some((codes) => stands(phrase, codes)));
  }

  /** Whether one of the passages has what must not be there. */
  isExcluded(passages: readonly Uint32Array[]): boolean {
    return this.#excluded.some((phrase) => passages.some((codes) => stands(phrase, codes)));
  }
}

function rarity({ passages, weight }: SoughtWord, all: number): number {
  const count = Math.min(passages, all);
  return weight * Math.log(1 + (all - count + 0.5) / (count + 0.5));
}

function saturated({ counts, length }: Counted, average: number): Float64Array {
  const norm = K1 * (1 - B + B * length / average);
  return counts.map((count) => count * (K1 + 1) / (count + norm));
}

/** Whether words stand side by side. */
function stands(phrase: readonly ReadonlySet<number>[], codes: Uint32Array): boolean {
  const last = codes.length - phrase.length;
  for (let at = 0; at <= last; at++) {
    if (phrase.every((word, next) => word.has(codes[at + next] ?? 0))) return true;
  }
  return false;
}
