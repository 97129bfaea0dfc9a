/**
 * The vault's folder on the disk: whole files in and out, and one writer at a time.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import { VaultError } from "./error.ts";
import { decodeName, encodeName } from "./name.ts";
import {
  AGE_ENDING,
  FOLDER_MODE,
  isLeftover,
  SEALED_MODE,
  SECRETS_FOLDER,
  VAULT_LOCK,
  vaultFolders,
} from "./paths.ts";

/** Larger than any file that the vault writes into its folder. */
const FILE_LIMIT_BYTES = 1024 * 1024;
/** How long a change waits for that of another program, ms: longer than a rotation takes. */
const LOCK_LIMIT_MS = 20_000;
const EXCLUSIVE = true;

/** What lies in `secrets/`. */
export interface Listing {
  /** Names of secrets, sorted. */
  readonly names: readonly string[];
  /** Names of other files. */
  readonly foreign: readonly string[];
}

/** A secret's file, as a path inside the vault's folder. @throws {VaultError} `bad_name` */
export function secretFile(name: string): string {
  return `${SECRETS_FOLDER}/${encodeName(name)}${AGE_ENDING}`;
}

/** The folder of one vault; files are named relative to it. */
export class Folder {
  readonly #path: string;

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
  }

  /** Makes what is not there yet: the folders and the lock. */
  async make(): Promise<void> {
    for (const folder of [this.#path, ...vaultFolders(this.#path)]) {
      await Deno.mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    }
    if (!await this.has(VAULT_LOCK.name)) {
      await writeAtomically(this.#inside(VAULT_LOCK.name), VAULT_LOCK.content, VAULT_LOCK.mode);
    }
  }

  /** Whether there is such a file. */
  async has(file: string): Promise<boolean> {
    return await this.#stat(file) !== undefined;
  }

  /** A file's bytes, or `undefined` if there is none. @throws {VaultError} `corrupt` for no plain, small file */
  async read(file: string): Promise<Uint8Array | undefined> {
    const info = await this.#stat(file);
    if (!info) return undefined;
    // A link or a pipe is none of the vault's making, and reading a pipe would never end.
    if (!info.isFile || info.size > FILE_LIMIT_BYTES) {
      throw new VaultError("corrupt", `${file} in the vault is no file of the vault`);
    }
    return await Deno.readFile(this.#inside(file));
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

  /** What lies in `secrets/`; nothing if there is no such folder. */
  async list(): Promise<Listing> {
    const names: string[] = [];
    const foreign: string[] = [];
    for (const file of await this.#entries(SECRETS_FOLDER)) {
      const name = file.endsWith(AGE_ENDING)
        ? decodeName(file.slice(0, -AGE_ENDING.length))
        : undefined;
      if (name !== undefined) names.push(name);
      else if (!isLeftover(file)) foreign.push(file);
    }
    return { names: names.sort(), foreign: foreign.sort() };
  }

  /**
   * Does something while no other program changes this vault; before it, removes the ciphertext that
   * killed writes left. The system gives the lock back when a program dies.
   * @throws {VaultError} `absent`, `busy`
   */
  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (!await this.has(VAULT_LOCK.name)) {
      throw new VaultError("absent", "the vault's lock is missing", "restore the vault's folder");
    }
    const lock = await Deno.open(this.#inside(VAULT_LOCK.name));
    const locked = lock.lock(EXCLUSIVE);
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      limit.reject(new VaultError("busy", "another program is changing the vault", "try again"));
    }, LOCK_LIMIT_MS);
    try {
      await Promise.race([locked, limit.promise]);
      clearTimeout(timer);
      await this.#sweep();
      return await work();
    } finally {
      clearTimeout(timer);
      // A lock that comes too late is given back when it comes.
      locked.finally(() => lock.close()).catch(() => undefined);
    }
  }

  async #sweep(): Promise<void> {
    for (const folder of [".", SECRETS_FOLDER]) {
      for (const file of await this.#entries(folder)) {
        if (isLeftover(file)) await this.remove(`${folder}/${file}`);
      }
    }
  }

  async #entries(folder: string): Promise<string[]> {
    if (!await this.has(folder)) return [];
    const names: string[] = [];
    for await (const { name } of Deno.readDir(this.#inside(folder))) names.push(name);
    return names;
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
