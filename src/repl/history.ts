/**
 * What the person typed, over all runs: one JSON string a line, so an entry may have many lines.
 * Two programs may append at once; a torn line costs that line only.
 * @module
 */
import { readTextIfPresent, writeAtomically } from "../durable/file.ts";

const MAX_ENTRIES = 1_000;
/** Entries that remain when the file is full. */
const KEPT_ENTRIES = 900;
/** UTF-16 units; a longer entry is remembered for this run only. */
const MAX_ENTRY = 64 * 1024;
/** UTF-16 units of all entries in the file. */
const MAX_TOTAL = 4 * 1024 * 1024;

/** The entries of earlier runs and of this one. */
export class InputHistory {
  readonly #path: string;
  #entries: string[];
  /** Lines in the file, as far as this program knows. */
  #lines: number;
  #total: number;
  #queue: Promise<void> = Promise.resolve();

  private constructor(path: string, entries: string[], lines: number) {
    this.#path = path;
    this.#entries = entries;
    this.#lines = lines;
    this.#total = entries.reduce((sum, entry) => sum + entry.length, 0);
  }

  /** Reads the file; unreadable lines are left out. @throws `Deno.errors` other than `NotFound` */
  static async open(path: string): Promise<InputHistory> {
    const text = await readTextIfPresent(path) ?? "";
    const lines = text.split("\n").filter((line) => line !== "");
    const entries = lines.flatMap(parseEntry).slice(-MAX_ENTRIES);
    return new InputHistory(path, entries, lines.length);
  }

  /** The oldest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Remembers an entry, unless it is empty or the same as the last one. */
  async add(entry: string): Promise<void> {
    if (entry.trim() === "" || entry === this.#entries.at(-1)) return;
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
    if (entry.length > MAX_ENTRY) return;
    const written = this.#queue.then(() => this.#write(entry));
    this.#queue = written.catch(() => undefined);
    await written;
  }

  async #write(entry: string): Promise<void> {
    this.#lines += 1;
    this.#total += entry.length;
    if (this.#lines > MAX_ENTRIES || this.#total > MAX_TOTAL) return await this.#shrink(entry);
    const line = new TextEncoder().encode(`${JSON.stringify(entry)}\n`);
    using file = await Deno.open(this.#path, { append: true, create: true, mode: 0o600 });
    for (let done = 0; done < line.length;) done += await file.write(line.subarray(done));
  }

  /** Writes the newest entries anew, those of other programs included. */
  async #shrink(entry: string): Promise<void> {
    const text = await readTextIfPresent(this.#path) ?? "";
    const all = [...text.split("\n").flatMap(parseEntry), entry];
    let total = 0;
    const kept: string[] = [];
    for (const candidate of all.reverse()) {
      total += candidate.length;
      if (kept.length >= KEPT_ENTRIES || total > MAX_TOTAL / 2) break;
      kept.unshift(candidate);
    }
    await writeAtomically(this.#path, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
    this.#lines = kept.length;
    this.#total = kept.reduce((sum, line) => sum + line.length, 0);
  }
}

function parseEntry(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" && value.trim() !== "" ? [value] : [];
  } catch {
    // A torn or foreign line: the others are still good.
    return [];
  }
}
