/**
 * The vault's folder on the disk: whole files in and out, and one writer at a time.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import { VaultError } from "./error.ts";
import { isLeftover, SEALED_MODE, SECRETS_FOLDER, VAULT_LOCK } from "./paths.ts";

/** Larger than any file that the vault writes into its folder. */
const FILE_LIMIT_BYTES = 1024 * 1024;
const EXCLUSIVE = true;

/** The folder of one vault, which the kernel has made; files are named relative to it. */
export class Folder {
  readonly #path: string;

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
  }

  /** Whether there is such a file. */
  async has(file: string): Promise<boolean> {
    return await this.#stat(file) !== undefined;
  }

  /** A file's bytes, or `undefined` if there is none. @throws {VaultError} `corrupt` for no small file */
  async read(file: string): Promise<Uint8Array | undefined> {
    const info = await this.#stat(file);
    if (!info) return undefined;
    // A link or a pipe is none of the vault's making, and reading a pipe would never end.
    if (info.isFile && info.size <= FILE_LIMIT_BYTES) {
      return await Deno.readFile(this.#inside(file));
    }
    throw new VaultError("corrupt", `${file} is no file of the vault's`, "move it away");
  }

  /** Replaces a file at once. */
  write(file: string, content: Uint8Array | string, mode: number = SEALED_MODE): Promise<void> {
    return writeAtomically(this.#inside(file), content, mode);
  }

  /** Removes a file; returns whether it was there. */
  async remove(file: string): Promise<boolean> {
    if (!await this.has(file)) return false;
    await Deno.remove(this.#inside(file));
    return true;
  }

  /** The names in a folder inside this one, sorted, without what killed writes left. */
  async list(folder: string): Promise<string[]> {
    return (await this.#names(folder)).filter((name) => !isLeftover(name)).sort();
  }

  /**
   * Does something while no other program changes this vault; before it, removes what killed writes
   * left. The system gives the lock back when a program dies; how long to wait is the caller's limit.
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    using lock = await Deno.open(this.#inside(VAULT_LOCK.name));
    await lock.lock(EXCLUSIVE);
    for (const folder of [".", SECRETS_FOLDER]) {
      const leftovers = (await this.#names(folder)).filter(isLeftover);
      for (const name of leftovers) await this.remove(`${folder}/${name}`);
    }
    return await work();
  }

  async #names(folder: string): Promise<string[]> {
    if (!await this.has(folder)) return [];
    return (await Array.fromAsync(Deno.readDir(this.#inside(folder)))).map(({ name }) => name);
  }

  async #stat(file: string): Promise<Deno.FileInfo | undefined> {
    try {
      return await Deno.lstat(this.#inside(file));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw cause;
    }
  }

  #inside(file: string): string {
    return `${this.#path}/${file}`;
  }
}
