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
  /** The word it came from, folded; empty for signs of scripts without spaces. */
  readonly word: string;
  /** In UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Cuts words of one language down to what its forms share. */
export type Stem = (word: string) => string;

/** A word without case and accents, and what its forms share. */
export interface AnalysedWord {
  readonly folded: string;
  readonly term: string;
}

const NUMBER = /\d/u;
/** ASCII without letters and digits. */
const SIGNS = /[\0-/:-@[-`{-\x7f]/gu;
/** Longer words are cut: nobody types them, and they would fill the index. */
const WORD_LIMIT = 64;
/** Words kept with their terms; a text repeats its words. */
const CACHE_LIMIT = 20_000;

/** Analyses texts of one language. Holds a bounded cache. */
export class Analyser {
  readonly #stem: Stem;
  readonly #findDates: DateFinder;
  readonly #cache = new Map<string, AnalysedWord>();

  constructor(stem: Stem, findDates: DateFinder) {
    this.#stem = stem;
    this.#findDates = findDates;
  }

  /** A word as it is compared. */
  word(word: string): AnalysedWord {
    const known = this.#cache.get(word);
    if (known !== undefined) return known;
    // One sign such as ⑴ or ½ is folded into several, some of which the query language knows.
    const folded = fold(word).replace(SIGNS, "").slice(0, WORD_LIMIT).toWellFormed();
    // Stemmers take what is left of a number for a word.
    const term = NUMBER.test(folded) ? folded : this.#stem(folded) || folded;
    const analysed = { folded, term };
    if (this.#cache.size >= CACHE_LIMIT) this.#cache.clear();
    this.#cache.set(word, analysed);
    return analysed;
  }

  /** All terms of a text with their places, in order. */
  *terms(text: string): Generator<Term> {
    for (const { text: word, start, end, kind } of tokensOf(text)) {
      const { folded, term } = this.word(word);
      if (folded === "") continue;
      yield kind === "word"
        ? { text: term, word: folded, start, end }
        : { text: folded, word: "", start, end };
    }
  }

  /** The months and days that a text names, as terms without a place, none twice. */
  dates(text: string): string[] {
    return [...new Set(this.#findDates(text).flatMap(termsOfDate))];
  }
}
