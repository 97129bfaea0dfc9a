import { DatabaseSync } from "node:sqlite";
import { analyseNote, deleteRows, writeRows } from "../../../../src/memory/index/rows.ts";
import { SCHEMA } from "../../../../src/memory/index/schema.ts";
import { readNote } from "../../../../src/memory/note/read_note.ts";
import { vectorWriter } from "../../../bench/memory/vector_rows.ts";

/** An index in a folder of its own, written as the index writes it. */
export class VectorDatabase implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly path = `${this.folder}/memory.db`;
  readonly db = this.#open();
  #written = 0;

  constructor() {
    this.db.exec(SCHEMA);
  }

  #open(): DatabaseSync {
    const db = new DatabaseSync(this.path, { timeout: 5_000 });
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    return db;
  }

  /** What another process would have: a connection of its own. */
  another(): DatabaseSync & Disposable {
    const db = this.#open();
    return Object.assign(db, { [Symbol.dispose]: () => db.close() });
  }

  /** Writes a note, each later one newer than those before. */
  async note(name: string, text: string): Promise<number> {
    const note = await analyseNote(await readNote(name, new TextEncoder().encode(text)));
    const at = ++this.#written;
    this.db.exec("BEGIN IMMEDIATE");
    writeRows(this.db, note, { size_bytes: text.length, modified: at, hash: `hash ${at}` });
    this.db.exec("COMMIT");
    return this.id(name);
  }

  remove(name: string): void {
    this.db.exec("BEGIN IMMEDIATE");
    deleteRows(this.db, name);
    this.db.exec("COMMIT");
  }

  id(name: string): number {
    return Number(this.db.prepare("SELECT id FROM memory_meta WHERE path = ?").get(name)?.["id"]);
  }

  /** A note without text that has these vectors, as many as it would have passages. */
  vectors(name: string, vectors: readonly Float32Array[], model = "m", db = this.db): number {
    return vectorWriter(db)(name, vectors, model);
  }

  /** What notes have vectors of a model, by name, with how many. */
  embedded(model = "m"): Record<string, number> {
    const rows = this.db.prepare(`
      SELECT path, length(embedding) / (4 * embedding_dim) AS count FROM memory_meta
      WHERE embedding_model = ? ORDER BY path`).all(model);
    return Object.fromEntries(rows.map(({ path, count }) => [String(path), Number(count)]));
  }

  [Symbol.dispose](): void {
    this.db.close();
    Deno.removeSync(this.folder, { recursive: true });
  }
}

/** A vector of unit length in the direction of these numbers. */
export function unit(...numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers);
  return Float32Array.from(numbers, (it) => it / length);
}
