/**
 * From words to terms: what the index keeps of a text and a query is compared by.
 * @module
 */
import { type DateFinder, termsOfDate } from "./dates.ts";
import { fold } from "./fold.ts";
import { tokensOf } from "./tokens.ts";

/** A term with the place of what it came from. */
export interface Term {
  /** Folded, stemmed; without any ASCII sign but letters and digits. */
  readonly text: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Cuts words of one language down to what its forms share. */
export type Stem = (word: string) => string;

/** Longer words are cut: nobody types them, and they would fill the index. */
const WORD_LIMIT = 64;
/** Words kept with their terms; a text repeats its words. */
const CACHE_LIMIT = 20_000;

/** Analyses texts of one language. Holds a bounded cache. */
export class Analyser {
  readonly #stem: Stem;
  readonly #findDates: DateFinder;
  readonly #cache = new Map<string, string>();

  constructor(stem: Stem, findDates: DateFinder) {
    this.#stem = stem;
    this.#findDates = findDates;
  }

  /** The term of a word. */
  term(word: string): string {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    const folded = fold(word).slice(0, WORD_LIMIT);
    // Stemmers take what is left of a long number for a word.
    const term = /\d/u.test(folded) ? folded : this.#stem(folded) || folded;
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(word, term);
    return term;
  }

  /** All terms of a text with their places, in order. */
  *terms(text: string): Generator<Term> {
    for (const { text: word, start, end, kind } of tokensOf(text)) {
      const term = kind === "word" ? this.term(word) : fold(word);
      if (term !== "") yield { text: term, start, end };
    }
  }

  /** The months and days that a text names, as terms without a place, none twice. */
  dates(text: string): string[] {
    return [...new Set(this.#findDates(text).flatMap(termsOfDate))];
  }
}
