/**
 * A query as terms of the index, with how rare they are.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { analyserOf } from "../text/analysers.ts";
import { fold } from "../text/fold.ts";
import { isFunctionWord } from "../text/function_words.ts";
import { languageOf } from "../text/language.ts";
import { tokensOf } from "../text/tokens.ts";
import { parseQuery } from "./query.ts";
import { termsMeant } from "./spelling.ts";

/** A word of the query. */
export interface SoughtWord {
  /** Folded. */
  readonly word: string;
  /** The terms that it may be indexed as: of each language of the notes, or of what it was meant to be. */
  readonly terms: readonly string[];
  /** Passages that have one of them, about. */
  readonly passages: number;
  /** 1, or less for a word that is a guess. */
  readonly weight: number;
}

/** What is looked for. */
export interface Sought {
  /** Words to find, none twice, the small ones of its language left out. */
  readonly words: readonly SoughtWord[];
  /** Words that must stand side by side. */
  readonly phrases: readonly (readonly SoughtWord[])[];
  /** Words, or words side by side, that must not be there. */
  readonly excluded: readonly (readonly SoughtWord[])[];
}

const LANGUAGE_LIMIT = 8;
const WORD_LIMIT = 32;
const TERM_LIMIT = 12;
const PREFIX_LIMIT = 30;
const GUESS_WEIGHT = 0.7;

/** Finds what a query looks for. */
export async function soughtBy(db: DatabaseSync, query: string): Promise<Sought> {
  const reader = await readerOf(db);
  const words = new Map<string, SoughtWord>();
  const small = new Map<string, SoughtWord>();
  const phrases: SoughtWord[][] = [];
  const excluded: SoughtWord[][] = [];
  const parts = parseQuery(query);
  const language = languageOf(parts.map(({ text }) => text).join(" "));
  for (const { kind, text, isExcluded } of parts) {
    if (words.size + small.size >= WORD_LIMIT) break;
    const found = kind === "prefix" ? [reader.beginning(text)] : reader.words(text, kind);
    if (found.length === 0) continue;
    if (isExcluded) {
      excluded.push(found);
      continue;
    }
    if (kind === "phrase" && found.length > 1) phrases.push(found);
    for (const word of found) {
      const isSmall = kind === "words" && isFunctionWord(word.word, language);
      (isSmall ? small : words).set(word.word, word);
    }
  }
  return { words: [...(words.size > 0 ? words : small).values()], phrases, excluded };
}

interface Reader {
  words(text: string, kind: "words" | "phrase"): SoughtWord[];
  beginning(text: string): SoughtWord;
}

async function readerOf(db: DatabaseSync): Promise<Reader> {
  const languages = db.prepare(`SELECT language FROM memory_language LIMIT ${LANGUAGE_LIMIT}`)
    .all();
  const analysers = await Promise.all(
    (languages.length > 0 ? languages.map(({ language }) => String(language)) : ["en"])
      .map(analyserOf),
  );
  const countOf = db.prepare("SELECT doc FROM memory_terms WHERE term = ?");
  const termsOf = db.prepare(`SELECT term FROM memory_word WHERE word = ? LIMIT ${TERM_LIMIT}`);
  const beginning = db.prepare(
    `SELECT DISTINCT term FROM memory_word WHERE word >= ? AND word < ? LIMIT ${PREFIX_LIMIT}`,
  );
  const counted = (word: string, terms: readonly string[], weight = 1): SoughtWord => {
    const counts = terms.map((term) => Number(countOf.get(term)?.["doc"] ?? 0));
    return { word, terms, weight, passages: counts.reduce((a, b) => a + b, 0) };
  };
  return {
    words(text, kind) {
      const tokens = [...tokensOf(text)].slice(0, WORD_LIMIT);
      const hasPairs = kind === "words" && tokens.some((token) => token.kind === "pair");
      return tokens.filter((token) => !(hasPairs && token.kind === "sign")).map((token) => {
        const word = fold(token.text);
        if (token.kind !== "word") return counted(word, [word]);
        const stems = analysers.map((analyser) => analyser.term(token.text));
        const indexed = termsOf.all(word).map(({ term }) => String(term));
        const found = counted(word, [...new Set([...stems, ...indexed])]);
        if (found.passages > 0) return found;
        const meant = termsMeant(db, word);
        return meant.length > 0 ? counted(word, meant, GUESS_WEIGHT) : found;
      });
    },
    beginning(text) {
      const word = fold(text);
      const terms = beginning.all(word, `${word}\u{10ffff}`).map(({ term }) => String(term));
      const stems = analysers.map((analyser) => analyser.term(text));
      return counted(word, [...new Set([...stems, ...terms])]);
    },
  };
}
