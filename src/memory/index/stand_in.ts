/**
 * Search and lists without a database, from `memory_index.json`.
 * @module
 */
import type { NoteEntry } from "../note/note.ts";
import type { IndexFigures } from "./note_index.ts";
import type { Hit, SearchOptions, Snippet } from "../search/hit.ts";
import { fold } from "../text/fold.ts";
import { isFunctionWord } from "../text/function_words.ts";
import { languageOf } from "../text/language.ts";
import { INDEX_FILES } from "./index_files.ts";
import { type ListedNote, listedNotes } from "./index_json.ts";

/** A file larger than this was not made by Pyra, bytes. */
const SIZE_LIMIT = 64 * 1024 * 1024;
const WORD_LIMIT = 16;
const QUERY_LENGTH = 1_000;
const DEFAULT_LIMIT = 10;
/** How much a word counts where it stands. */
const WEIGHTS = { name: 4, keywords: 4, summary: 3, headings: 2, beginning: 1 } as const;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
/** Scripts whose words have spaces between them. */
const SPACED = /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{N}\p{M}]+$/u;

/** What stands in for the database. The file is read when it is first needed. */
export class StandIn {
  readonly #folder: string;
  readonly #notice: (sentence: string) => void;
  #notes: readonly ListedNote[] | undefined;

  /** @param notice hears why the file cannot be used; one that is missing is no news */
  constructor(folder: string, notice: (sentence: string) => void) {
    this.#folder = folder;
    this.#notice = notice;
  }

  /** Whether there is a file. */
  get isThere(): boolean {
    try {
      return Deno.statSync(`${this.#folder}/${INDEX_FILES.json}`).isFile;
    } catch {
      // One that cannot be reached is told where it is read.
      return false;
    }
  }

  /** Reads the file again when it is needed again. */
  forget(): void {
    this.#notes = undefined;
  }

  /** The notes by name; all, or those of a folder and below it. */
  list(category = ""): NoteEntry[] {
    return this.#read().filter((note) => isWithin(note, category))
      .map(({ line: _line, beginning: _beginning, headings: _headings, ...entry }) => entry);
  }

  /** The notes in which words of the query stand, the best first. */
  search(query: string, options?: SearchOptions): Hit[] {
    return searchListed(this.#read(), query, options);
  }

  /** What can be counted without a database. */
  figures(): IndexFigures {
    const notes = this.#read();
    return {
      notes: notes.length,
      passages: 0,
      words: 0,
      size_bytes: notes.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
      database_bytes: 0,
      pinned: notes.filter(({ pinned }) => pinned).length,
      problems: 0,
      embedded: 0,
    };
  }

  #read(): readonly ListedNote[] {
    this.#notes ??= readListed(this.#folder, this.#notice);
    return this.#notes;
  }
}

/** The notes of the file; none if it is missing or cannot be used, which is then told. */
function readListed(folder: string, notice: (sentence: string) => void): ListedNote[] {
  const path = `${folder}/${INDEX_FILES.json}`;
  try {
    // A pipe would never end, and a link may lead to one.
    const { size, isFile } = Deno.lstatSync(path);
    const notes = isFile && size <= SIZE_LIMIT
      ? listedNotes(Deno.readTextFileSync(path))
      : undefined;
    if (notes) return notes;
    notice(`${INDEX_FILES.json} cannot be used for a search until it is made anew`);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    notice(`${INDEX_FILES.json} cannot be read: ${cause instanceof Error ? cause.message : cause}`);
  }
  return [];
}

/** The notes in which words of the query stand, by how many and how rare they are. */
function searchListed(
  notes: readonly ListedNote[],
  query: string,
  { category = "", limit = DEFAULT_LIMIT }: SearchOptions = {},
): Hit[] {
  const words = soughtWords(query.slice(0, QUERY_LENGTH));
  const folded = notes.filter((note) => isWithin(note, category)).map((note) => ({
    note,
    name: fold(note.name),
    keywords: fold(note.keywords.join(" ")),
    summary: fold(note.summary),
    headings: fold(note.headings.map(([, heading]) => heading).join(" ")),
    beginning: fold(note.beginning),
  }));
  const scores = new Map<ListedNote, number>();
  for (const word of words) {
    const found = folded.map((fields) => {
      const weight = Object.entries(WEIGHTS).reduce(
        (sum, [field, value]) =>
          hasWord(fields[field as keyof typeof WEIGHTS], word) ? sum + value : sum,
        0,
      );
      return [fields.note, weight] as const;
    }).filter(([, weight]) => weight > 0);
    const rarity = Math.log(1 + folded.length / found.length);
    for (const [note, weight] of found) {
      scores.set(note, (scores.get(note) ?? 0) + rarity * weight / (weight + 2));
    }
  }
  return [...scores].sort(([a, one], [b, other]) => other - one || (a.name < b.name ? -1 : 1))
    .slice(0, Math.max(0, limit))
    .map(([note, score]) => hitOf(note, words, score));
}

/** The folded words of a query, its small ones left out. */
function soughtWords(query: string): string[] {
  const words = [...new Set(fold(query).match(WORD) ?? [])].slice(0, WORD_LIMIT);
  const language = languageOf(query);
  const telling = words.filter((word) => !isFunctionWord(word, language));
  return telling.length > 0 ? telling : words;
}

/** Whether a word of a folded text begins so; a number is the whole word, other scripts have no words. */
function hasWord(text: string, sought: string): boolean {
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + 1)) {
    if (!SPACED.test(sought)) return true;
    const begins = !LETTER.test(text.charAt(at - 1));
    const ends = !LETTER.test(text.charAt(at + sought.length));
    if (begins && (ends || !/^\p{N}+$/u.test(sought))) return true;
  }
  return false;
}

function hitOf(note: ListedNote, words: readonly string[], score: number): Hit {
  const heading = note.headings.find(([, text]) => marksIn(text, words).length > 0);
  const text = marksIn(note.beginning, words).length > 0 || !heading ? note.beginning : heading[1];
  return {
    file: note.name,
    line: text === note.beginning || !heading ? note.line : heading[0],
    heading: heading?.[1] ?? "",
    summary: note.summary,
    keywords: note.keywords,
    snippet: { text, marks: marksIn(text, words) },
    passage: text,
    score,
  };
}

/** Where whole words of a text contain one of the folded words. */
function marksIn(text: string, words: readonly string[]): Snippet["marks"] {
  return [...text.matchAll(WORD)]
    .filter(([word]) => words.some((sought) => hasWord(fold(word), sought)))
    .map(({ 0: word, index }) => [index, index + word.length] as const);
}

function isWithin({ name }: NoteEntry, category: string): boolean {
  return category === "" || name.startsWith(`${category}/`);
}
