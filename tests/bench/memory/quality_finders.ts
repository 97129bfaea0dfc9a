/**
 * The ways of finding notes that are compared.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { analyseNote, writeRows } from "../../../src/memory/index/rows.ts";
import { SCHEMA } from "../../../src/memory/index/schema.ts";
import type { Note } from "../../../src/memory/note/note.ts";
import { hitsOf, rankPassages } from "../../../src/memory/search/search.ts";
import type { Stage } from "../../../src/memory/search/sought.ts";
import { dateFinder } from "../../../src/memory/text/dates.ts";
import { embedPending } from "../../../src/memory/vectors/embed_pending.ts";
import { searchHybrid } from "../../../src/memory/vectors/hybrid.ts";
import { VectorIndex } from "../../../src/memory/vectors/vector_index.ts";
import type { Embedder } from "../../../src/protocol/embedding.ts";
import type { Finder } from "./quality_figures.ts";

const findDates = dateFinder("en");
/** Passages that are ranked for ten notes. */
const DEPTH = 80;

/**
 * The baseline: SQLite's FTS5 as it comes, one row a note, the question's words joined by OR, default
 * BM25. `porter` adds its English stemmer.
 */
export function plainFinder(notes: readonly Note[], tokenizer: "unicode61" | "porter"): Finder {
  const db = new DatabaseSync(":memory:");
  db.exec(`CREATE VIRTUAL TABLE note USING fts5 (name UNINDEXED, body, tokenize = "${tokenizer}")`);
  const write = db.prepare("INSERT INTO note VALUES (?, ?)");
  for (const { name, body } of notes) write.run(name, body);
  const read = db.prepare("SELECT name FROM note WHERE note MATCH ? ORDER BY rank LIMIT 10");
  return (question) => {
    const words = question.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (words.length === 0) return Promise.resolve([]);
    const rows = read.all(words.map((word) => `"${word}"`).join(" OR "));
    return Promise.resolve(rows.map(({ name }) => String(name)));
  };
}

/** The index of the notes, as the memory makes it; the language `""` leaves stemming out. */
export async function indexed(
  notes: readonly Note[],
  options: { readonly language?: string } = {},
): Promise<DatabaseSync> {
  const db = new DatabaseSync(":memory:");
  db.exec(SCHEMA);
  db.exec("BEGIN");
  for (const note of notes) {
    const [day] = findDates(note.facts.created);
    const modified = day === undefined ? 0 : Date.UTC(day.year, day.month - 1, day.day);
    const file = { size_bytes: note.text.length, modified, hash: "" };
    writeRows(db, await analyseNote(note, options), file);
  }
  db.exec("COMMIT");
  return db;
}

/** Our search by words, `without` some of its stages. */
export function wordFinder(db: DatabaseSync, without: readonly Stage[] = []): Finder {
  const options = { limit: DEPTH, without: new Set(without) };
  return async (question) => {
    const ranked = await rankPassages(db, question, options);
    return (await hitsOf(db, question, ranked, 10)).map(({ file }) => file);
  };
}

/** Our search by words and by the vectors of a model. */
export async function hybridFinder(db: DatabaseSync, embedder: Embedder): Promise<Finder> {
  const { signal } = new AbortController();
  await embedPending(db, embedder, { signal });
  const vectors = new VectorIndex(db);
  return async (question) => {
    const [vector] = await embedder.embed([question], signal);
    if (vector === undefined) throw new Error("the stand-in gave no vector");
    const hits = await searchHybrid(db, vectors, question, {
      meaning: { model: embedder.model, vector },
    });
    return hits.map(({ file }) => file);
  };
}
