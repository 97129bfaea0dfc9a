/**
 * A database of notes for tests of the search.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { analyseNote, deleteRows, writeRows } from "../../../../src/memory/index/rows.ts";
import { SCHEMA } from "../../../../src/memory/index/schema.ts";
import { readNoteText } from "../../../../src/memory/note/read_note.ts";
import type { Hit, SearchOptions } from "../../../../src/memory/search/hit.ts";
import { searchRows } from "../../../../src/memory/search/search.ts";

/** A real database in memory, with the index's tables. */
export class NoteDatabase implements Disposable {
  readonly db = new DatabaseSync(":memory:");

  constructor() {
    this.db.exec(SCHEMA);
  }

  /** A database with these notes: texts by name. */
  static async of(notes: Readonly<Record<string, string>>): Promise<NoteDatabase> {
    const base = new NoteDatabase();
    for (const [name, text] of Object.entries(notes)) await base.write(name, text);
    return base;
  }

  /** Writes a note; `modified` in milliseconds since 1970. */
  async write(name: string, text: string, modified = 1): Promise<void> {
    const analysed = await analyseNote(await readNoteText(name, text));
    writeRows(this.db, analysed, { size_bytes: text.length, modified, hash: text });
  }

  remove(name: string): void {
    deleteRows(this.db, name);
  }

  async search(query: string, options?: SearchOptions): Promise<Hit[]> {
    return await searchRows(this.db, query, options);
  }

  /** The names that a query finds. */
  async files(query: string, options?: SearchOptions): Promise<string[]> {
    return (await this.search(query, options)).map(({ file }) => file);
  }

  [Symbol.dispose](): void {
    this.db.close();
  }
}

/** The marked parts of a hit's snippet. */
export function marked({ snippet }: Hit): string[] {
  return snippet.marks.map(([start, end]) => snippet.text.slice(start, end));
}
