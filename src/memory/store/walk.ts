/**
 * A look through the memory folder for notes, a few milliseconds at a time.
 * @module
 */
import { nameFault } from "../note/name.ts";
import { unreadable } from "./faults.ts";
import type { NoteFile } from "./store.ts";

/** How long the look keeps everything else waiting, ms. */
const SLICE_MS = 5;
/** A temporary file of a change is gone within milliseconds, unless its process was killed. */
const LEFTOVER_MS = 600_000;
const LEFTOVER = /\.md\.\d+-\d+-[0-9a-f]{8}\.tmp$/i;

/** What the look is told and tells. */
export interface WalkOptions {
  readonly signal?: AbortSignal;
  readonly problem?: (name: string, message: string) => void;
}

class Walk {
  readonly #folder: string;
  readonly #options: WalkOptions;
  /** Folders still to be read: the path on the disk below the memory folder. */
  readonly #folders = [""];
  #entries: Deno.DirEntry[] = [];
  #at = "";
  readonly found = new Map<string, NoteFile>();

  constructor(folder: string, options: WalkOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  /** Looks on until the slice of time is over. @returns whether something is left */
  slice(): boolean {
    const end = performance.now() + SLICE_MS;
    for (let count = 1; count % 32 !== 0 || performance.now() < end; count++) {
      const entry = this.#entries.pop();
      if (entry) this.#take(entry);
      else if (!this.#enter()) return false;
    }
    return true;
  }

  #enter(): boolean {
    const folder = this.#folders.pop();
    if (folder === undefined) return false;
    this.#at = folder;
    try {
      this.#entries = [...Deno.readDirSync(`${this.#folder}/${folder}`)];
    } catch (cause) {
      this.#tell(folder === "" ? "the memory folder" : folder, cause);
    }
    return true;
  }

  #tell(name: string, cause: unknown): void {
    if (cause instanceof Deno.errors.NotFound) return;
    this.#options.problem?.(name, unreadable(name, cause).message);
  }

  #take(entry: Deno.DirEntry): void {
    if (entry.name.startsWith(".") || entry.isSymlink) return;
    const spelt = this.#at === "" ? entry.name : `${this.#at}/${entry.name}`;
    const path = `${this.#folder}/${spelt}`;
    if (entry.isDirectory) {
      this.#folders.push(spelt);
    } else if (LEFTOVER.test(entry.name)) {
      this.#sweep(path);
    } else if (entry.isFile && /\.md$/i.test(entry.name)) {
      const name = spelt.normalize("NFC");
      try {
        const fault = nameFault(name);
        if (fault === undefined) this.#add(name, spelt, Deno.lstatSync(path));
        else this.#refuse(name, fault);
      } catch (cause) {
        this.#tell(name, cause);
      }
    }
  }

  #refuse(name: string, fault: string): void {
    if (name.toLowerCase() === "memory_index.md") return;
    this.#options.problem?.(name, `left out, since its name ${fault}; rename the file`);
  }

  #add(name: string, spelt: string, info: Deno.FileInfo): void {
    if (this.found.has(name) && spelt !== name) {
      this.#options.problem?.(name, `${name} is there twice, with its letters written in two ways`);
      return;
    }
    const modified = info.mtime?.getTime() ?? 0;
    this.found.set(name, { name, size_bytes: info.size, modified });
  }

  /** Removes what a killed change left behind. */
  #sweep(path: string): void {
    try {
      const { mtime } = Deno.lstatSync(path);
      if (Date.now() - (mtime?.getTime() ?? Date.now()) > LEFTOVER_MS) Deno.removeSync(path);
    } catch (cause) {
      this.#tell("a temporary file", cause);
    }
  }
}

/** All notes below the folder. @throws the signal's reason */
export async function walkNotes(folder: string, options: WalkOptions = {}): Promise<NoteFile[]> {
  options.signal?.throwIfAborted();
  const walk = new Walk(folder, options);
  while (walk.slice()) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    options.signal?.throwIfAborted();
  }
  return [...walk.found.values()];
}
