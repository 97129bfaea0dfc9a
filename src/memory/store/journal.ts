/**
 * The journal of the history: read once, then only what other processes have added since.
 *
 * A line that cannot be read, or a journal that is missing, is made up for by looking for the versions'
 * files; the journal is written anew with the next change.
 * @module
 */
import { writeAtomically } from "../../durable/file.ts";
import { historyBroken, notPlain } from "./faults.ts";
import { foundVersions } from "./found_versions.ts";
import { type HistoryBounds, Ledger } from "./ledger.ts";
import { parseRecord, type VersionRecord } from "./version_record.ts";

/** A larger journal is not one that Pyra wrote. */
const JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024;
/** Lines of forgotten versions that may stay, beyond as many as are kept. */
const STALE_LINES = 2_000;
const AWAY = "move it out of the memory folder, then do it again";
/** How long the lines are read before others get their turn, ms. */
const SLICE_MS = 5;

/** What lies at the journal's path. */
interface JournalFile {
  /** Tells the file from another that was put in its place; empty if there is none. */
  readonly identity: string;
  readonly size: number;
}

/** The journal of one history. */
export class Journal {
  readonly #folder: string;
  readonly #path: string;
  readonly #bounds: HistoryBounds | undefined;
  #ledger: Ledger;
  #identity: string | undefined;
  /** Bytes that were read, up to the end of a line. */
  #offset = 0;
  #lines = 0;
  #isDamaged = false;
  /** One after another: two at once would count the same lines twice. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, bounds?: HistoryBounds) {
    this.#folder = folder;
    this.#path = `${folder}/journal.jsonl`;
    this.#bounds = bounds;
    this.#ledger = new Ledger(bounds);
  }

  /** What is kept now. @throws {PyraError} code `note_unreadable` */
  async read(): Promise<Ledger> {
    try {
      return await this.#inTurn(() => this.#refresh());
    } catch (cause) {
      throw historyBroken(cause);
    }
  }

  /** Adds a line and syncs it. Only under the lock. @returns the versions that are forgotten now */
  append(record: VersionRecord): Promise<VersionRecord[]> {
    return this.#inTurn(() => this.#append(record));
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #append(record: VersionRecord): Promise<VersionRecord[]> {
    const ledger = await this.#refresh();
    const { size } = this.#look();
    const isTorn = size !== this.#offset;
    if (isTorn || this.#isDamaged || this.#lines > 2 * ledger.size + STALE_LINES) {
      await this.#rewrite(ledger);
    }
    const line = new TextEncoder().encode(`${JSON.stringify(record)}\n`);
    using file = await Deno.open(this.#path, { append: true, create: true, mode: 0o600 });
    for (let done = 0; done < line.length;) done += await file.write(line.subarray(done));
    // Nothing is lost with the news that a note was made.
    if (record.change !== "created") await file.syncData();
    this.#identity = this.#look().identity;
    this.#offset += line.length;
    this.#lines++;
    return ledger.add(record);
  }

  async #rewrite(ledger: Ledger): Promise<void> {
    const lines = ledger.records().map((record) => `${JSON.stringify(record)}\n`);
    const bytes = new TextEncoder().encode(lines.join(""));
    await writeAtomically(this.#path, bytes);
    this.#identity = this.#look().identity;
    this.#offset = bytes.length;
    this.#lines = lines.length;
    this.#isDamaged = false;
  }

  #look(): JournalFile {
    try {
      if (!Deno.lstatSync(this.#folder).isDirectory) {
        throw notPlain(".history", "is no folder", AWAY);
      }
      const info = Deno.lstatSync(this.#path);
      if (!info.isFile) throw notPlain(".history/journal.jsonl", "is no file", AWAY);
      // An empty one says nothing that its absence does not.
      const isUsable = info.size > 0 && info.size <= JOURNAL_LIMIT_BYTES;
      if (!isUsable) return { identity: "", size: 0 };
      return { identity: `${info.dev}:${info.ino}`, size: info.size };
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return { identity: "", size: 0 };
      throw cause;
    }
  }

  async #refresh(): Promise<Ledger> {
    const { identity, size } = this.#look();
    if (identity !== this.#identity || size < this.#offset) return await this.#readAll(identity);
    if (size === this.#offset) return this.#ledger;
    const { records, isDamaged } = await this.#readFrom(this.#offset);
    if (isDamaged) return await this.#readAll(identity);
    for (const record of records) this.#ledger.add(record);
    return this.#ledger;
  }

  async #readAll(identity: string): Promise<Ledger> {
    this.#offset = 0;
    this.#lines = 0;
    const read = identity === "" ? { records: [], isDamaged: true } : await this.#readFrom(0);
    const byId = new Map<string, VersionRecord>();
    if (read.isDamaged) {
      for (const record of await foundVersions(this.#folder)) byId.set(record.id, record);
    }
    for (const record of read.records) byId.set(record.id, record);
    this.#ledger = new Ledger(this.#bounds);
    const ids = [...byId.keys()];
    if (read.isDamaged) ids.sort();
    for (const id of ids) {
      const record = byId.get(id);
      if (record) this.#ledger.add(record);
    }
    this.#isDamaged = identity === "" ? byId.size > 0 : read.isDamaged;
    this.#identity = identity;
    return this.#ledger;
  }

  /** The whole lines from an offset on; a last line without an end is left for the next time. */
  async #readFrom(offset: number): Promise<{ records: VersionRecord[]; isDamaged: boolean }> {
    const bytes = await readFrom(this.#path, offset);
    const end = bytes.lastIndexOf(0x0a) + 1;
    const text = new TextDecoder().decode(bytes.subarray(0, end));
    const records: VersionRecord[] = [];
    let isDamaged = false;
    let sliceEnd = performance.now() + SLICE_MS;
    for (let at = 0; at < text.length;) {
      const next = text.indexOf("\n", at);
      const record = parseRecord(text.slice(at, next));
      if (record) records.push(record);
      else isDamaged = true;
      at = next + 1;
      this.#lines++;
      if (this.#lines % 100 === 0 && performance.now() > sliceEnd) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        sliceEnd = performance.now() + SLICE_MS;
      }
    }
    this.#offset = offset + end;
    return { records, isDamaged };
  }
}

async function readFrom(path: string, offset: number): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const { size } = await file.stat();
  await file.seek(offset, Deno.SeekMode.Start);
  const bytes = new Uint8Array(Math.max(0, Math.min(size, JOURNAL_LIMIT_BYTES) - offset));
  let filled = 0;
  while (filled < bytes.length) {
    const count = await file.read(bytes.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}
