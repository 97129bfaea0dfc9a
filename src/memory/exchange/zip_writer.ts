/**
 * Writes a zip archive piece by piece: no more than one note is in the memory. This file loads the package.
 * @module
 */
import { Zip, ZipDeflate } from "fflate";
import { TimeSlice } from "../index/time_slice.ts";

/** What is packed at once, bytes; more would hold the thread too long. */
const STEP_BYTES = 64 * 1024;
/** Archives know times from 1980 to 2099. */
const FIRST_MS = Date.UTC(1980, 0, 2), LAST_MS = Date.UTC(2099, 0, 1);

/** An archive that is being written. */
export class ZipWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #zip: Zip;
  readonly #slice = new TimeSlice();
  #packed: Uint8Array[] = [];
  #failure: Error | undefined;
  #size = 0;

  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
    this.#zip = new Zip((failure, bytes) => {
      if (failure) this.#failure ??= failure;
      else this.#packed.push(bytes);
    });
  }

  /** Bytes written. */
  get size(): number {
    return this.#size;
  }

  /** Adds a file. @param modified ms since 1970 @throws what writing throws */
  async add(name: string, bytes: Uint8Array, modified: number): Promise<void> {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = Math.min(Math.max(modified, FIRST_MS), LAST_MS);
    this.#zip.add(entry);
    for (let at = 0; at === 0 || at < bytes.length; at += STEP_BYTES) {
      const end = at + STEP_BYTES;
      entry.push(bytes.slice(at, end), end >= bytes.length);
      await this.#flush();
      await this.#slice.pause();
    }
  }

  /** Writes the list of contents. */
  async finish(): Promise<void> {
    this.#zip.end();
    await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#failure) throw this.#failure;
    const packed = this.#packed;
    this.#packed = [];
    for (const bytes of packed) {
      this.#size += bytes.length;
      await this.#write(bytes);
    }
  }
}
