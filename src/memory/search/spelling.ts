/**
 * What a word that no note has was meant to be.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { editDistance } from "../../protocol/edit_distance.ts";
import { statement } from "../index/statements.ts";

/** Words that share trigrams with the typed one and are compared letter by letter. */
const NEAR_LIMIT = 200;
/** Words that a typed one may stand for. */
const MEANT_LIMIT = 3;
const SHORTEST = 4;
const SHORT = 6;

/** The terms of the words nearest to a folded word, if any is near enough to be meant. */
export function termsMeant(db: DatabaseSync, word: string): string[] {
  if (word.length < SHORTEST || word.length > 40 || /\p{N}/u.test(word)) return [];
  const trigrams = new Set<string>();
  for (let at = 0; at + 3 <= word.length; at++) trigrams.add(`"${word.slice(at, at + 3)}"`);
  const rows = statement(
    db,
    `SELECT word, term FROM memory_word WHERE id IN (
       SELECT rowid FROM memory_words WHERE memory_words MATCH ? ORDER BY rank LIMIT ${NEAR_LIMIT})`,
  ).all([...trigrams].join(" OR "));
  const most = word.length < 6 ? 1 : 2;
  const others = word.length <= SHORT ? wordsBeginning(db, word) : [];
  const near = [...rows, ...others].map((row) => ({
    term: String(row["term"]),
    distance: editDistance(word, String(row["word"])),
  })).filter(({ distance }) => distance <= most);
  const least = Math.min(...near.map(({ distance }) => distance));
  const terms = near.filter(({ distance }) => distance === least).map(({ term }) => term);
  return [...new Set(terms)].slice(0, MEANT_LIMIT);
}

/** Words that begin with the same two letters: two short ones may have no trigram in common. */
function wordsBeginning(db: DatabaseSync, word: string): Record<string, unknown>[] {
  const start = word.slice(0, 2);
  return statement(
    db,
    `SELECT word, term FROM memory_word WHERE word >= ? AND word < ?
       AND length(word) BETWEEN ? AND ? LIMIT ${NEAR_LIMIT}`,
  ).all(start, `${start}\u{10ffff}`, word.length - 1, word.length + 1);
}
