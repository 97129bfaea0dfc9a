/**
 * What changes took away, so that each can be undone: the newest 300 of 64 MB in the plugin's own folder.
 * @module
 */
import { randomBytes } from "node:crypto";

/** One change as it is kept. Paths are resolved. */
export type Change =
  /** A file's bytes were replaced; `before` are kept. `mode` was its mode. */
  | {
    readonly kind: "replaced";
    readonly real: string;
    readonly path: string;
    readonly after: string;
    readonly mode: number | null;
  }
  /** A file was made. */
  | { readonly kind: "made"; readonly real: string; readonly path: string; readonly after: string }
  /** Something was moved, to the trash perhaps; `mark` is what it is told by. */
  | {
    readonly kind: "moved" | "trashed";
    readonly real: string;
    readonly path: string;
    readonly to: string;
    readonly mark: string;
    /** What the trash says of it; a file to be removed with it. */
    readonly note?: string;
  };

/** A change with its name. */
export interface KeptChange {
  /** Sorts by time. */
  readonly id: string;
  readonly change: Change;
}

const COUNT_LIMIT = 300;
const BYTES_LIMIT = 64 * 1024 * 1024;

/** The changes of one data folder. All of it is done at once, under the caller's lock. */
export class Backups {
  readonly #folder: string;

  constructor(dataFolder: string) {
    this.#folder = `${dataFolder}/backups`;
  }

  /**
   * Keeps what a change is about to take away.
   * @param before the bytes that were there, if any are to be replaced
   * @returns its id
   */
  add(change: Change, before?: Uint8Array): string {
    Deno.mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    this.#makeRoom(before?.length ?? 0);
    const id = `${String(Date.now()).padStart(15, "0")}-${this.#count()}-${
      randomBytes(4).toString("hex")
    }`;
    if (before !== undefined) this.#write(`${id}.before`, before);
    // Last: what has no such file is no change.
    this.#write(`${id}.json`, new TextEncoder().encode(JSON.stringify(change)));
    return id;
  }

  /** The changes, newest first, of which `wanted` is one. */
  *newest(): Generator<KeptChange> {
    for (const name of this.#names().reverse()) {
      if (!name.endsWith(".json")) continue;
      const text = Deno.readTextFileSync(`${this.#folder}/${name}`);
      yield { id: name.slice(0, -".json".length), change: JSON.parse(text) };
    }
  }

  /** The bytes that a change replaced. */
  before(id: string): Uint8Array | undefined {
    try {
      return Deno.readFileSync(`${this.#folder}/${id}.before`);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  /** Forgets a change that did not come to be, or was undone. */
  drop(id: string): void {
    for (const end of ["json", "before"]) this.#remove(`${id}.${end}`);
  }

  /** Within one millisecond changes keep their order. */
  #last = { time: 0, count: 0 };
  #count(): string {
    const time = Date.now();
    this.#last = { time, count: this.#last.time === time ? this.#last.count + 1 : 0 };
    return String(this.#last.count).padStart(4, "0");
  }

  #makeRoom(coming: number): void {
    const names = this.#names();
    const sizes = new Map(
      names.map((name) => [name, Deno.lstatSync(`${this.#folder}/${name}`).size]),
    );
    let bytes = coming + [...sizes.values()].reduce((sum, size) => sum + size, 0);
    let count = names.filter((name) => name.endsWith(".json")).length;
    for (const name of names) {
      if (count < COUNT_LIMIT && bytes <= BYTES_LIMIT) return;
      this.#remove(name);
      bytes -= sizes.get(name) ?? 0;
      if (name.endsWith(".json")) count--;
    }
  }

  #write(name: string, bytes: Uint8Array): void {
    Deno.writeFileSync(`${this.#folder}/${name}`, bytes, { mode: 0o600, createNew: true });
  }

  #remove(name: string): void {
    try {
      Deno.removeSync(`${this.#folder}/${name}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  #names(): string[] {
    try {
      return [...Deno.readDirSync(this.#folder)].map(({ name }) => name).sort();
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }
}
