/**
 * A query as terms of the index, with how rare they are.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { statement } from "../index/statements.ts";
import { analyserOf } from "../text/analysers.ts";
import { fold } from "../text/fold.ts";
import { isFunctionWord } from "../text/function_words.ts";
import { languageOf } from "../text/language.ts";
import { tokensOf } from "../text/tokens.ts";
import { countsOf } from "./counts.ts";
import { parseQuery } from "./query.ts";
import { termsMeant } from "./spelling.ts";

/** Parts of the search that can be left out, to measure what each is worth. */
export type Stage = "small words" | "dates" | "best passage" | "neighbours";

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

interface Remembered {
  readonly query: string;
  /** What was written until then. */
  readonly state: string;
  readonly sought: Sought;
}

const remembered = new WeakMap<DatabaseSync, Remembered>();

/** Finds what a query looks for; remembers the last answer, which ranking and showing both ask for. */
export async function soughtBy(
  db: DatabaseSync,
  query: string,
  without: ReadonlySet<Stage> = new Set(),
): Promise<Sought> {
  countsOf(db).totals();
  const state = [writesOf(db), ...without].join(" ");
  const last = remembered.get(db);
  if (last !== undefined && last.query === query && last.state === state) return last.sought;
  const sought = await readQuery(db, query, without);
  remembered.set(db, { query, state, sought });
  return sought;
}

/** Another text after each write, by this connection or another one. */
function writesOf(db: DatabaseSync): string {
  const row = statement(
    db,
    "SELECT total_changes() AS own, data_version AS others FROM pragma_data_version",
  ).get();
  return `${row?.["own"]} ${row?.["others"]}`;
}

async function readQuery(
  db: DatabaseSync,
  query: string,
  without: ReadonlySet<Stage>,
): Promise<Sought> {
  const reader = await readerOf(db);
  const words = new Map<string, SoughtWord>();
  const small = new Map<string, SoughtWord>();
  const phrases: SoughtWord[][] = [];
  const excluded: SoughtWord[][] = [];
  const parts = parseQuery(query);
  const all = parts.map(({ text }) => text).join(" ");
  const language = languageOf(all);
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
      const isSmall = !without.has("small words") && kind === "words" &&
        isFunctionWord(word.word, language);
      (isSmall ? small : words).set(word.word, word);
    }
  }
  for (const date of without.has("dates") ? [] : reader.dates(all)) words.set(date.word, date);
  return { words: [...(words.size > 0 ? words : small).values()], phrases, excluded };
}

interface Reader {
  dates(text: string): SoughtWord[];
  words(text: string, kind: "words" | "phrase"): SoughtWord[];
  beginning(text: string): SoughtWord;
}

async function readerOf(db: DatabaseSync): Promise<Reader> {
  const languages = statement(db, `SELECT language FROM memory_language LIMIT ${LANGUAGE_LIMIT}`)
    .all();
  const analysers = await Promise.all(
    (languages.length > 0 ? languages.map(({ language }) => String(language)) : ["en"])
      .map(analyserOf),
  );
  const known = countsOf(db);
  const termsOf = statement(db, `SELECT term FROM memory_word WHERE word = ? LIMIT ${TERM_LIMIT}`);
  const beginning = statement(
    db,
    `SELECT DISTINCT term FROM memory_word WHERE word >= ? AND word < ? LIMIT ${PREFIX_LIMIT}`,
  );
  const counted = (word: string, terms: readonly string[], weight = 1): SoughtWord => {
    const passages = terms.reduce((sum, term) => sum + known.passages(term), 0);
    return { word, terms, weight, passages };
  };
  return {
    dates(text) {
      const dates = new Set(analysers.flatMap((analyser) => analyser.dates(text)));
      return [...dates].map((date) => counted(date, [date]));
    },
    words(text, kind) {
      const tokens = [...tokensOf(text)].slice(0, WORD_LIMIT);
      const hasPairs = kind === "words" && tokens.some((token) => token.kind === "pair");
      return tokens.filter((token) => !(hasPairs && token.kind === "sign")).map((token) => {
        const forms = analysers.map((analyser) => analyser.word(token.text));
        const word = forms[0]?.folded ?? fold(token.text);
        if (token.kind !== "word") return counted(word, [word]);
        const stems = forms.map(({ term }) => term);
        const indexed = termsOf.all(word).map(({ term }) => String(term));
        const found = counted(word, [...new Set([...stems, ...indexed])]);
        if (found.passages > 0) return found;
        const meant = termsMeant(db, word);
        return meant.length > 0 ? counted(word, meant, GUESS_WEIGHT) : found;
      });
    },
    beginning(text) {
      const forms = analysers.map((analyser) => analyser.word(text));
      const word = forms[0]?.folded ?? fold(text);
      const terms = beginning.all(word, `${word}\u{10ffff}`).map(({ term }) => String(term));
      const stems = forms.map(({ term }) => term);
      return counted(word, [...new Set([...stems, ...terms])]);
    },
  };
}
