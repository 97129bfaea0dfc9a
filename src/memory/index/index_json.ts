/**
 * `memory_index.json`: the notes as programs read them, and as Pyra searches them without a database.
 * @module
 */
import { jsonOf } from "../../protocol/foreign_text.ts";
import { isRecord } from "../../rpc/frame.ts";
import { isNoteName } from "../note/name.ts";
import type { NoteEntry } from "../note/note.ts";

/** The shape's version; a reader that knows another leaves the file alone. */
const JSON_VERSION = 1;

/** Notes that are listed at most; beyond them the file would take longer to write than it helps. */
const NOTE_LIMIT = 10_000;
const SUMMARY_LENGTH = 300;
const KEYWORD_LIMIT = 20;
const HEADING_LIMIT = 12;
const HEADING_LENGTH = 80;
const BEGINNING_LENGTH = 200;
/** Bytes that are gathered in one piece. */
const PIECE_BYTES = 64 * 1024;

/** What is listed of one note. */
export interface ListedNote extends NoteEntry {
  /** The file's line on which the text begins. */
  readonly line: number;
  /** The text's first words. */
  readonly beginning: string;
  /** The first headings, each with the file's line. */
  readonly headings: readonly (readonly [line: number, heading: string])[];
}

/**
 * Gathers the file's text, one note after another, by name: as bytes, since as strings the notes would take
 * four times as much memory while they wait.
 */
export class IndexJson {
  readonly #pieces: Uint8Array[] = [];
  #piece = new Uint8Array(PIECE_BYTES);
  #used = 0;
  #listed = 0;
  #count = 0;

  constructor() {
    const about = "made by Pyra from the notes in this folder; what is written here is lost";
    this.#write(`{"version":${JSON_VERSION},"about":"${about}","notes":[\n`);
  }

  /** Whether no further note is listed. */
  get isFull(): boolean {
    return this.#listed >= NOTE_LIMIT;
  }

  /** Counts a note that is not listed. */
  count(): void {
    this.#count++;
  }

  /** Adds a note: a line, so that a change of one note is a change of one line. */
  add(note: ListedNote): void {
    this.#count++;
    const line = JSON.stringify({
      path: note.name,
      category: note.category,
      size_bytes: note.size_bytes,
      modified: note.modified,
      summary: cut(note.summary, SUMMARY_LENGTH),
      keywords: note.keywords.slice(0, KEYWORD_LIMIT).map((word) => cut(word, HEADING_LENGTH)),
      pinned: note.pinned,
      created: note.created,
      updated: note.updated,
      source: cut(note.source, HEADING_LENGTH),
      line: note.line,
      beginning: cut(note.beginning, BEGINNING_LENGTH),
      headings: note.headings.slice(0, HEADING_LIMIT)
        .map(([line, heading]) => [line, cut(heading, HEADING_LENGTH)]),
    });
    this.#write(this.#listed++ === 0 ? line : `,\n${line}`);
  }

  /** The file's bytes, UTF-8; nothing is added after that. */
  bytes(): Uint8Array<ArrayBuffer> {
    this.#write(`\n],"total":${this.#count}}\n`);
    const all = new Uint8Array(this.#pieces.length * PIECE_BYTES + this.#used);
    this.#pieces.forEach((piece, at) => all.set(piece, at * PIECE_BYTES));
    all.set(this.#piece.subarray(0, this.#used), this.#pieces.length * PIECE_BYTES);
    return all;
  }

  #write(text: string): void {
    const bytes = new TextEncoder().encode(text);
    for (let done = 0; done < bytes.length;) {
      if (this.#used === PIECE_BYTES) {
        this.#pieces.push(this.#piece);
        this.#piece = new Uint8Array(PIECE_BYTES);
        this.#used = 0;
      }
      const part = bytes.subarray(done, done + PIECE_BYTES - this.#used);
      this.#piece.set(part, this.#used);
      this.#used += part.length;
      done += part.length;
    }
  }
}

/**
 * The notes of such a file; `undefined` if it is none, or of another version. What is wrong with one note
 * leaves that note out.
 */
export function listedNotes(text: string): ListedNote[] | undefined {
  const found = jsonOf(text);
  if (!isRecord(found) || found["version"] !== JSON_VERSION) return undefined;
  const { notes } = found;
  return Array.isArray(notes)
    ? notes.map(listedNote).filter((note) => note !== undefined)
    : undefined;
}

function listedNote(found: unknown): ListedNote | undefined {
  if (!isRecord(found) || typeof found["path"] !== "string") return undefined;
  // Anybody can write the file: a name that is none would end the search that meets it.
  if (!isNoteName(found["path"])) return undefined;
  const text = (key: string) => typeof found[key] === "string" ? found[key] : "";
  const size = found["size_bytes"];
  return {
    name: found["path"],
    category: text("category"),
    size_bytes: typeof size === "number" ? size : 0,
    modified: text("modified"),
    summary: text("summary"),
    keywords: list(found["keywords"]).filter((word) => typeof word === "string"),
    pinned: found["pinned"] === true,
    created: text("created"),
    updated: text("updated"),
    source: text("source"),
    line: lineNumber(found["line"]),
    beginning: text("beginning"),
    headings: list(found["headings"]).flatMap((pair) => {
      const [line, heading] = list(pair);
      return typeof heading === "string" ? [[lineNumber(line), heading] as const] : [];
    }),
  };
}

function lineNumber(value: unknown): number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 ? value : 1;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The beginning of a text on one line, never half a character. */
function cut(text: string, length: number): string {
  return text.slice(0, 2 * length).replace(/\s+/gu, " ").trim().slice(0, length).toWellFormed();
}
