/**
 * The end of a log that another process writes and, when it is full, puts aside.
 * @module
 */

/** So much of the end is read at first, and at each look, bytes. */
const CHUNK_BYTES = 1024 * 1024;

/** Reads a log from its end on. A log that is not there is empty. */
export class LogTail {
  readonly #path: string;
  readonly #decoder = new TextDecoder();
  /** How far it was read; of which file. */
  #offset = 0;
  #file: number | null = null;
  /** A line whose end is still to come. */
  #begun = "";

  constructor(path: string) {
    this.#path = path;
  }

  /** The latest lines; what comes after them is `added`. */
  async last(count: number): Promise<readonly string[]> {
    const lines = await this.#read(this.#path, (size) => Math.max(0, size - CHUNK_BYTES));
    return lines.slice(-count);
  }

  /** The lines that were written since the last look. */
  async added(): Promise<readonly string[]> {
    return [
      ...await this.#restOfBefore(),
      ...await this.#read(this.#path, (size, file) => {
        // A file that is shorter, or another one, took the old one's place.
        const isSame = file === this.#file && size >= this.#offset;
        return isSame ? this.#offset : 0;
      }),
    ];
  }

  /** What was added to the file after the last look and before it was put aside. */
  async #restOfBefore(): Promise<readonly string[]> {
    if (this.#file === null) return [];
    const before = `${this.#path}.before`;
    const found = await Deno.stat(before).catch(() => undefined);
    return found?.ino === this.#file ? await this.#read(before, () => this.#offset) : [];
  }

  async #read(
    path: string,
    from: (size: number, file: number | null) => number,
  ): Promise<string[]> {
    let log: Deno.FsFile;
    try {
      log = await Deno.open(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
    using file = log;
    const { size, ino } = await file.stat();
    const start = from(size, ino);
    await file.seek(start, Deno.SeekMode.Start);
    const bytes = new Uint8Array(Math.min(CHUNK_BYTES, size - start));
    let read = 0;
    while (read < bytes.length) {
      const count = await file.read(bytes.subarray(read));
      if (count === null) break;
      read += count;
    }
    if (start !== this.#offset) this.#begun = "";
    this.#offset = start + read;
    this.#file = ino;
    const text = this.#begun + this.#decoder.decode(bytes.subarray(0, read), { stream: true });
    const lines = text.split("\n");
    this.#begun = lines.pop() ?? "";
    return lines;
  }
}
