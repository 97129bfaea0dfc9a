/**
 * A note as rows of the index.
 * @module
 */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Note } from "../note/note.ts";
import { encodeTerms, FIELDS, type FieldTerms } from "../search/term_codes.ts";
import { analyserOf } from "../text/analysers.ts";
import type { Analyser } from "../text/analysis.ts";
import { languageOf } from "../text/language.ts";
import { seriesOf } from "../search/series.ts";
import { isCut, type Passage, passagesOf } from "../text/passages.ts";
import { TimeSlice } from "./time_slice.ts";

/** A passage and its terms. */
export interface AnalysedPassage extends Passage {
  readonly terms: FieldTerms;
}

/** What is written into the index of a note. */
export interface AnalysedNote {
  readonly note: Note;
  /** The folder that holds it; empty at the top. */
  readonly category: string;
  /** ISO 639-1; empty if it is unknown. */
  readonly language: string;
  /** Why it is not indexed whole; empty if it is. */
  readonly problem: string;
  readonly passages: readonly AnalysedPassage[];
  /** Its folded words, each with its term, for those that mistype one. */
  readonly words: readonly (readonly [word: string, term: string])[];
}

/** What the language is told by, UTF-16 units. */
const SAMPLE = 4_000;
const FIELD_LIMIT = 2_000;
/** Longer words nobody mistypes. */
const WORD_LIMIT = 40;

/**
 * Cuts a note into passages and finds their terms; gives others their turn every few milliseconds. The
 * language is told by the note's text if it is not given.
 */
export async function analyseNote(
  note: Note,
  options: { readonly language?: string } = {},
): Promise<AnalysedNote> {
  const { name, facts } = note;
  const language = options.language ?? languageOf(`${facts.summary} ${note.body.slice(0, SAMPLE)}`);
  const analyser = await analyserOf(language);
  const words = new Map<string, string>();
  const passages: AnalysedPassage[] = [];
  const split = passagesOf(note);
  const slice = new TimeSlice();
  for (const passage of split) {
    const own = passage.ordinal === 0;
    passages.push({
      ...passage,
      terms: {
        path: own ? termsOf(analyser, name.replace(/\.md$/u, ""), words) : [],
        summary: own ? termsOf(analyser, facts.summary.slice(0, FIELD_LIMIT), words) : [],
        keywords: own
          ? [
            ...termsOf(analyser, facts.keywords.join(" ").slice(0, FIELD_LIMIT), words),
            ...datesOf(analyser, note),
          ]
          : [],
        heading: termsOf(analyser, passage.heading, words),
        body: [...termsOf(analyser, passage.text, words), ...analyser.dates(passage.text)],
      },
    });
    await slice.pause();
  }
  const problems = isCut(note, split)
    ? [...note.problems, "only its beginning is indexed, since it is very long"]
    : note.problems;
  const category = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
  return { note, category, language, problem: problems.join("; "), passages, words: [...words] };
}

/** The days in a note's name and front matter, but for the day of its last change. */
function datesOf(analyser: Analyser, { name, facts, body, text }: Note): string[] {
  const fields = text.slice(0, text.length - body.length).slice(0, FIELD_LIMIT)
    .replace(/^updated:.*$/mu, "");
  return analyser.dates(`${name} ${facts.created} ${fields}`);
}

function termsOf(analyser: Analyser, text: string, words: Map<string, string>): string[] {
  const terms: string[] = [];
  for (const { text: term, word } of analyser.terms(text)) {
    terms.push(term);
    if (word.length > 2 && word.length <= WORD_LIMIT) words.set(word, term);
  }
  return terms;
}

/**
 * Replaces all rows of a note, within the caller's transaction. Its vectors stay if its passages' texts
 * are what they were.
 */
export function writeRows(
  db: DatabaseSync,
  analysed: AnalysedNote,
  file: { readonly size_bytes: number; readonly modified: number; readonly hash: string },
): void {
  const { name, facts } = analysed.note;
  const rows = statementsOf(db);
  const series = seriesOf(name);
  const known = rows.idOf.get(name)?.["id"];
  let isSame = false;
  if (typeof known === "number") {
    const before = rows.textsOf.all(known).map((row) => row["text"]);
    isSame = before.length === analysed.passages.length &&
      analysed.passages.every(({ text }, at) => text === before[at]);
    removePassages(rows, known);
  }
  const written = rows.writeMeta.get({
    path: name,
    category: analysed.category,
    size_bytes: file.size_bytes,
    modified: file.modified,
    hash: file.hash,
    summary: facts.summary,
    keywords: JSON.stringify(facts.keywords),
    created: facts.created,
    updated: facts.updated,
    source: facts.source,
    pinned: facts.pinned ? 1 : 0,
    language: analysed.language,
    problem: analysed.problem,
    series: series.name,
    number: series.number,
  });
  const id = Number(written?.["id"]);
  if (!isSame) rows.dropVectors.run(id);
  rows.writeLanguage.run(analysed.language);
  let count = 0;
  for (const { ordinal, line, heading, text, terms } of analysed.passages) {
    const codes = encodeTerms(terms);
    const { lastInsertRowid } = rows.writePassage.run(id, ordinal, line, heading, text, codes);
    rows.writeTerms.run(lastInsertRowid, ...FIELDS.map((field) => terms[field].join(" ")));
    count += codes.byteLength / 4;
  }
  rows.count.run(typeof known === "number" ? 0 : 1, analysed.passages.length, count);
  writeWords(db, rows, analysed.words);
}

/** Words that are in the table for certain: most of a note's are, and asking costs more than knowing. */
interface WrittenWords {
  readonly keys: Set<string>;
  /** The row of the last one. */
  last: number;
}

const writtenWords = new WeakMap<DatabaseSync, WrittenWords>();
/** Then all are asked for again; they take some 5 MB. */
const WRITTEN_WORD_LIMIT = 60_000;

/** Forgets which words are in the table; to be called after a transaction was taken back. */
export function forgetWrittenWords(db: DatabaseSync): void {
  writtenWords.delete(db);
}

function writeWords(db: DatabaseSync, rows: Statements, words: AnalysedNote["words"]): void {
  const last = lastWord(rows);
  let written = writtenWords.get(db);
  // The table ends before what was written: that was taken back.
  if (written === undefined || written.last > last || written.keys.size > WRITTEN_WORD_LIMIT) {
    writtenWords.set(db, written = { keys: new Set(), last });
  }
  const unknown = [];
  for (const pair of words) {
    const key = `${pair[0]} ${pair[1]}`;
    if (written.keys.has(key)) continue;
    written.keys.add(key);
    unknown.push(pair);
  }
  if (unknown.length === 0) return;
  rows.writeWords.run(JSON.stringify(unknown));
  rows.writeTrigrams.run(last);
  written.last = lastWord(rows);
}

function lastWord(rows: Statements): number {
  return Number(rows.lastWord.get()?.["id"] ?? 0);
}

/** Forgets a note, within the caller's transaction. */
export function deleteRows(db: DatabaseSync, name: string): void {
  const rows = statementsOf(db);
  const id = rows.idOf.get(name)?.["id"];
  if (typeof id !== "number") return;
  removePassages(rows, id);
  rows.deleteMeta.run(id);
  rows.count.run(-1, 0, 0);
}

function removePassages(rows: Statements, note: number): void {
  const removed = rows.sizeOf.get(note);
  rows.deleteTerms.run(note);
  rows.deletePassages.run(note);
  rows.count.run(0, -Number(removed?.["passages"] ?? 0), -Number(removed?.["terms"] ?? 0));
}

interface Statements {
  readonly idOf: StatementSync;
  readonly textsOf: StatementSync;
  readonly sizeOf: StatementSync;
  readonly deleteTerms: StatementSync;
  readonly deletePassages: StatementSync;
  readonly deleteMeta: StatementSync;
  readonly writeMeta: StatementSync;
  readonly dropVectors: StatementSync;
  readonly writeLanguage: StatementSync;
  readonly writePassage: StatementSync;
  readonly writeTerms: StatementSync;
  readonly lastWord: StatementSync;
  readonly writeWords: StatementSync;
  readonly writeTrigrams: StatementSync;
  readonly count: StatementSync;
}

const prepared = new WeakMap<DatabaseSync, Statements>();

const META = [
  ..."path category size_bytes modified hash summary keywords created updated".split(" "),
  ..."source pinned language problem series number".split(" "),
];

function statementsOf(db: DatabaseSync): Statements {
  const known = prepared.get(db);
  if (known !== undefined) return known;
  const statements: Statements = {
    idOf: db.prepare("SELECT id FROM memory_meta WHERE path = ?"),
    textsOf: db.prepare("SELECT text FROM memory_passage WHERE note = ? ORDER BY ordinal"),
    sizeOf: db.prepare(
      "SELECT count(*) passages, sum(length(codes) / 4) terms FROM memory_passage WHERE note = ?",
    ),
    deleteTerms: db.prepare(
      "DELETE FROM memory_fts WHERE rowid IN (SELECT id FROM memory_passage WHERE note = ?)",
    ),
    deletePassages: db.prepare("DELETE FROM memory_passage WHERE note = ?"),
    deleteMeta: db.prepare("DELETE FROM memory_meta WHERE id = ?"),
    writeMeta: db.prepare(
      `INSERT INTO memory_meta (${META.join(", ")}) VALUES (${META.map((name) => `:${name}`)})
       ON CONFLICT (path) DO UPDATE SET ${META.map((name) => `${name} = excluded.${name}`)}
       RETURNING id`,
    ),
    dropVectors: db.prepare(
      `UPDATE memory_meta SET embedding = NULL, embedding_model = NULL, embedding_dim = NULL
       WHERE id = ? AND embedding_model IS NOT NULL`,
    ),
    writeLanguage: db.prepare("INSERT OR IGNORE INTO memory_language VALUES (?)"),
    writePassage: db.prepare(
      "INSERT INTO memory_passage (note, ordinal, line, heading, text, codes) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    writeTerms: db.prepare(
      `INSERT INTO memory_fts (rowid, ${FIELDS.join(", ")}) VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    lastWord: db.prepare("SELECT max(id) id FROM memory_word"),
    writeWords: db.prepare(
      `INSERT OR IGNORE INTO memory_word (word, term)
       SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
    ),
    writeTrigrams: db.prepare(
      "INSERT INTO memory_words (rowid, word) SELECT id, word FROM memory_word WHERE id > ?",
    ),
    count: db.prepare(
      `UPDATE memory_total SET notes = notes + ?, passages = passages + ?, terms = terms + ?`,
    ),
  };
  prepared.set(db, statements);
  return statements;
}
