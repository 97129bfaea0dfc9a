/**
 * Gives vectors to the notes that have none. It may be stopped at any moment, by a kill too, and goes on
 * where it was; of several processes one works and the others wait for it.
 * @module
 */
import type { DatabaseSync } from "node:sqlite";
import { type HeldLock, takeLock } from "../../locking/file_lock.ts";
import type { Embedder } from "../../protocol/embedding.ts";
import { PyraError } from "../../protocol/error.ts";
import type { EmbedReport, WorkOptions } from "../index/note_index.ts";
import { TimeSlice } from "../index/time_slice.ts";
import {
  type PendingNote,
  pendingNotes,
  textsOf,
  type TextsOfNote,
  writeVectors,
} from "./pending.ts";

/** How long the process at work is waited for before looking how far it has come, ms. */
const LOCK_PATIENCE_MS = 500;
/** Notes whose texts are held at once. */
const MAX_NOTES_AT_ONCE = 256;
/** What one text can be the reason of; nothing else is tried again with other notes. */
const REFUSALS: ReadonlySet<string> = new Set(["bad_request", "bad_answer", "context_too_long"]);
/** So many notes refused one after the other are not each at fault. */
const MAX_REFUSED_IN_A_ROW = 3;

/**
 * Gives vectors to all notes without vectors of the embedder's model, the newest first. A note that
 * changes meanwhile is left for the next time; vectors of another model, or of a size that cannot be
 * right, are replaced. One note that the model refuses does not keep the others from theirs.
 * @throws what the embedder throws, for a refused note at the end, and the signal's reason; what was done
 * until then stays
 */
export async function embedPending(
  db: DatabaseSync,
  embedder: Embedder,
  options: WorkOptions,
): Promise<EmbedReport> {
  const { signal, progress } = options;
  const { model } = embedder;
  for (;;) {
    signal.throwIfAborted();
    const { pending, embedded } = await pendingNotes(db, { model }, new TimeSlice());
    if (pending.length === 0) return { embedded: 0, total: embedded };
    await using lock = await takeTurn(db);
    if (lock !== undefined) return await new Work(db, embedder, options).run();
    progress?.({ done: embedded, total: embedded + pending.length });
  }
}

/** The right to work on a database; `undefined` if another process has it. */
async function takeTurn(db: DatabaseSync): Promise<HeldLock | undefined> {
  const main = db.prepare("SELECT file FROM pragma_database_list WHERE name = 'main'").get();
  const file = String(main?.["file"] ?? "");
  // Nobody else has a database that is in memory only.
  if (file === "") return { [Symbol.asyncDispose]: () => Promise.resolve() };
  return await takeLock(`${file}.embedding`, LOCK_PATIENCE_MS);
}

/** One run over what is pending. */
class Work {
  readonly #db: DatabaseSync;
  readonly #embedder: Embedder;
  readonly #options: WorkOptions;
  readonly #slice = new TimeSlice();
  #dimension: number | undefined;
  #done = 0;
  #before = 0;
  #total = 0;
  #refusal: PyraError | undefined;
  #refusedInARow = 0;

  constructor(db: DatabaseSync, embedder: Embedder, options: WorkOptions) {
    this.#db = db;
    this.#embedder = embedder;
    this.#options = options;
  }

  async run(): Promise<EmbedReport> {
    let pending = await this.#look();
    while (pending.length > 0) {
      const knew = this.#dimension;
      const { notes, rest } = this.#nextBatch(pending);
      await this.#embedOrPart(notes);
      this.#tell();
      pending = rest;
      // The first answer says how many numbers the model's vectors have: what has others is of an older
      // model with the same name.
      if (knew !== this.#dimension) pending = await this.#look();
    }
    if (this.#refusal !== undefined) throw this.#refusal;
    return { embedded: this.#done, total: this.#before + this.#done };
  }

  async #look(): Promise<PendingNote[]> {
    const { model } = this.#embedder;
    const sought = { model, dimension: this.#dimension };
    const { pending, embedded } = await pendingNotes(this.#db, sought, this.#slice);
    this.#before = embedded - this.#done;
    this.#total = embedded + pending.length;
    this.#tell();
    return pending;
  }

  #tell(): void {
    this.#options.progress?.({ done: this.#before + this.#done, total: this.#total });
  }

  /** As many notes as fill a call. */
  #nextBatch(pending: PendingNote[]): { notes: TextsOfNote[]; rest: PendingNote[] } {
    const { batch } = this.#embedder;
    const notes: TextsOfNote[] = [];
    let at = 0;
    for (let count = 0; at < pending.length && count < batch; at++) {
      const note = pending[at];
      if (note === undefined || notes.length === MAX_NOTES_AT_ONCE) break;
      const texts = this.#textsOf(note);
      if (texts === undefined) {
        this.#total--;
        continue;
      }
      notes.push(texts);
      count += texts.texts.length;
    }
    return { notes, rest: pending.slice(at) };
  }

  #textsOf(note: PendingNote): TextsOfNote | undefined {
    return textsOf(this.#db, note, { model: this.#embedder.model, dimension: this.#dimension });
  }

  /** If the model refuses, each note is tried alone, to find the one that it means. */
  async #embedOrPart(notes: readonly TextsOfNote[]): Promise<void> {
    try {
      await this.#embed(notes);
      this.#refusedInARow = 0;
    } catch (thrown) {
      if (!(thrown instanceof PyraError) || !REFUSALS.has(thrown.code)) throw thrown;
      if (notes.length > 1) {
        // Some may have been written before.
        const left = notes.flatMap(({ note }) => this.#textsOf(note) ?? []);
        for (const one of left) await this.#embedOrPart([one]);
        return;
      }
      const { category, code, message, hint } = thrown;
      const told = `${notes[0]?.path} got no vectors: ${message}`;
      this.#refusal ??= new PyraError(category, code, told, { hint, cause: thrown });
      this.#refusedInARow++;
      if (this.#refusedInARow === MAX_REFUSED_IN_A_ROW) throw this.#refusal;
    }
  }

  /** Makes the vectors of some notes; each note is written as soon as it has all of its own. */
  async #embed(notes: readonly TextsOfNote[]): Promise<void> {
    const batch = Math.max(1, this.#embedder.batch);
    const texts = notes.flatMap((it) => it.texts);
    const vectors: Float32Array[] = [];
    let [written, used] = [0, 0];
    for (let start = 0;; start += batch) {
      for (let next = notes[written]; next !== undefined; next = notes[written]) {
        const { note, texts } = next;
        if (vectors.length < used + texts.length) break;
        this.#write(note, vectors.slice(used, used + texts.length));
        written++;
        used += texts.length;
      }
      await this.#slice.pause(this.#options.signal);
      if (start >= texts.length) return;
      vectors.push(...await this.#call(texts.slice(start, start + batch)));
    }
  }

  async #call(texts: readonly string[]): Promise<Float32Array[]> {
    const vectors = await this.#embedder.embed(texts, this.#options.signal);
    const dimension = vectors[0]?.length ?? 0;
    const expected = this.#dimension ?? dimension;
    const isRight = vectors.length === texts.length && dimension > 0 &&
      vectors.every(({ length }) => length === expected);
    if (!isRight) {
      const message = `the model ${this.#embedder.model} answered with vectors that do not fit`;
      throw new PyraError("api", "bad_answer", message, {
        hint: "run it again, or name another model under memory.embeddings",
      });
    }
    this.#dimension = expected;
    return vectors;
  }

  #write(note: PendingNote, vectors: readonly Float32Array[]): void {
    const { model } = this.#embedder;
    const dimension = this.#dimension ?? 0;
    const isWritten = writeVectors(this.#db, note, { model, dimension, vectors });
    if (isWritten) this.#done++;
    else this.#total--;
  }
}
