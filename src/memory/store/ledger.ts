/**
 * Which versions are kept and which change an undo means. Pure: the journal's lines go in.
 *
 * The bounds follow from the lines alone, so every process that reads them keeps the same versions.
 * @module
 */
import type { VersionRecord } from "./version_record.ts";

/** How much history is kept. */
export interface HistoryBounds {
  readonly perNote: number;
  /** Versions in all; notes that were only made are counted apart, up to the same number. */
  readonly total: number;
  readonly bytes: number;
}

/** 50 versions of a note, 10,000 in all, 200 MB. */
const BOUNDS: HistoryBounds = { perNote: 50, total: 10_000, bytes: 200 * 1024 * 1024 };

/** The versions that are kept, the oldest first. */
export class Ledger {
  readonly #bounds: HistoryBounds;
  /** Records with a text, and those of notes that were made, by id in the order of time. */
  readonly #texts = new Map<string, VersionRecord>();
  readonly #marks = new Map<string, VersionRecord>();
  readonly #ofNote = new Map<string, string[]>();
  /** Versions that an undo has put back. */
  readonly #undone = new Set<string>();
  #bytes = 0;
  #last = "";

  constructor(bounds: HistoryBounds = BOUNDS) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#texts.size + this.#marks.size;
  }

  /** The greatest id that was ever added. */
  get lastId(): string {
    return this.#last;
  }

  get(id: string): VersionRecord | undefined {
    return this.#texts.get(id) ?? this.#marks.get(id);
  }

  /** Adds the newest record. @returns those that are over the bounds now, and are forgotten */
  add(record: VersionRecord): VersionRecord[] {
    // A line that is there twice, or out of order, comes from a damaged or mended journal.
    if (record.id <= this.#last) return [];
    this.#last = record.id;
    const kind = record.change === "created" ? this.#marks : this.#texts;
    kind.set(record.id, record);
    this.#bytes += record.size_bytes;
    const ids = this.#ofNote.get(record.name) ?? [];
    ids.push(record.id);
    this.#ofNote.set(record.name, ids);

    const dropped: VersionRecord[] = [];
    const drop = (id: string | undefined) => {
      const old = id === undefined || id === record.id ? undefined : this.#forget(id);
      if (old) dropped.push(old);
      return old !== undefined;
    };
    if (record.undoes !== undefined) this.#undone.add(record.undoes);
    // What is put back is in the note now, so it goes first, but not before the undo is done: until then
    // there may be one more.
    const limit = this.#bounds.perNote + (record.undoes === undefined ? 0 : 1);
    const spare = () => ids.find((id) => this.#undone.has(id) && id !== record.undoes) ?? ids[0];
    while (ids.length > limit && drop(spare()));
    while (kind.size > this.#bounds.total && drop(kind.keys().next().value));
    while (this.#bytes > this.#bounds.bytes && drop(this.#texts.keys().next().value));
    return dropped;
  }

  #forget(id: string): VersionRecord | undefined {
    const record = this.get(id);
    if (!record) return undefined;
    this.#texts.delete(id);
    this.#marks.delete(id);
    this.#undone.delete(id);
    this.#bytes -= record.size_bytes;
    const ids = this.#ofNote.get(record.name) ?? [];
    const at = ids.indexOf(id);
    if (at >= 0) ids.splice(at, 1);
    if (ids.length === 0) this.#ofNote.delete(record.name);
    return record;
  }

  /** All records, the oldest first. */
  records(): VersionRecord[] {
    return [...this.#texts.values(), ...this.#marks.values()]
      .sort((one, other) => one.id < other.id ? -1 : 1);
  }

  /** The records of what is or was called so, under all names that it had; the oldest first. */
  recordsOf(name: string): VersionRecord[] {
    const records = this.records();
    // Each name leads to a note; a move takes the note to another name.
    const notes = new Map<string, number>();
    const noteOf = records.map((record, index) => {
      // The move that an undo took back may be forgotten: the note is the one that was there before.
      const former = record.undoes === undefined ? undefined : notes.get(record.to ?? record.name);
      const note = former ?? notes.get(record.name) ?? index;
      notes.set(record.name, note);
      if (record.to !== undefined) notes.set(record.to, note);
      return note;
    });
    const wanted = notes.get(name);
    return records.filter((_record, index) => noteOf[index] === wanted);
  }

  /**
   * The changes that an undo may take back, the newest first: those that it has not taken back yet. What
   * an undo itself changed is not among them, so that undoing again goes further back.
   */
  undoable(name?: string): VersionRecord[] {
    const all = name === undefined ? this.records() : this.recordsOf(name);
    return all.filter(({ id, undoes }) => undoes === undefined && !this.#undone.has(id)).reverse();
  }
}
