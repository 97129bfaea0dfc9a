/**
 * `memory_index.json`: the notes as programs read them, and as Pyra searches them without a database.
 * @module
 */
import type { NoteEntry } from "../note/note.ts";

/** The shape's version; a reader that knows another leaves the file alone. */
export const JSON_VERSION = 1;

/** Notes that are listed at most; beyond them the file would take longer to write than it helps. */
const NOTE_LIMIT = 20_000;
const SUMMARY_LENGTH = 300;
const KEYWORD_LIMIT = 20;
const HEADING_LIMIT = 12;
const HEADING_LENGTH = 80;
const BEGINNING_LENGTH = 240;

/** What is listed of one note. */
export interface ListedNote extends NoteEntry {
  /** The file's line on which the text begins. */
  readonly line: number;
  /** The text's first words. */
  readonly beginning: string;
  /** The first headings, each with the file's line. */
  readonly headings: readonly (readonly [line: number, heading: string])[];
}

/** Gathers the file's text, one note after another, by name. */
export class IndexJson {
  readonly #lines: string[] = [];
  #count = 0;

  /** Whether no further note is listed. */
  get isFull(): boolean {
    return this.#lines.length >= NOTE_LIMIT;
  }

  /** Counts a note that is not listed. */
  count(): void {
    this.#count++;
  }

  /** Adds a note. */
  add(note: ListedNote): void {
    this.#count++;
    this.#lines.push(JSON.stringify({
      path: note.name,
      category: note.category,
      size_bytes: note.size_bytes,
      modified: note.modified,
      summary: cut(note.summary, SUMMARY_LENGTH),
      keywords: note.keywords.slice(0, KEYWORD_LIMIT),
      pinned: note.pinned,
      created: note.created,
      updated: note.updated,
      source: note.source,
      line: note.line,
      beginning: cut(note.beginning, BEGINNING_LENGTH),
      headings: note.headings.slice(0, HEADING_LIMIT)
        .map(([line, heading]) => [line, cut(heading, HEADING_LENGTH)]),
    }));
  }

  /** The file's text: one note a line, so that a change of one is a change of a line. */
  text(): string {
    const about = "made by Pyra from the notes in this folder; what is written here is lost";
    return `{"version":${JSON_VERSION},"about":"${about}","total":${this.#count},"notes":[\n` +
      `${this.#lines.join(",\n")}\n]}\n`;
  }
}

/**
 * The notes of such a file; `undefined` if it is none, or of another version. What is wrong with one note
 * leaves that note out.
 */
export function listedNotes(text: string): ListedNote[] | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (!isRecord(found) || found["version"] !== JSON_VERSION) return undefined;
  const { notes } = found;
  return Array.isArray(notes)
    ? notes.map(listedNote).filter((note) => note !== undefined)
    : undefined;
}

function listedNote(found: unknown): ListedNote | undefined {
  if (!isRecord(found) || typeof found["path"] !== "string") return undefined;
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

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The beginning of a text on one line, never half a character. */
function cut(text: string, length: number): string {
  return text.slice(0, 2 * length).replace(/\s+/gu, " ").trim().slice(0, length).toWellFormed();
}
