/**
 * The vault's folder on the disk, and what can be told of it without a key and the code that uses one:
 * whole files in and out, and one writer at a time.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import type { VaultMode, VaultStatus } from "../protocol/kernel_calls.ts";
import { VaultError } from "./error.ts";
import { AGE_ENDING, IDENTITY_FILES, isLeftover, MODES } from "./paths.ts";
import { RECIPIENTS_FILE, SECRETS_FOLDER, VAULT_LOCK } from "./paths.ts";

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
    if (info.isFile && info.size <= FILE_LIMIT_BYTES) return await Deno.readFile(this.#at(file));
    throw new VaultError("corrupt", `${file} is no file of the vault's`, "move it away");
  }

  /** Replaces a file at once; what a person may not edit is read-only. */
  write(file: string, content: Uint8Array | string, mode = 0o400): Promise<void> {
    return writeAtomically(this.#at(file), content, mode);
  }

  /** Removes a file; returns whether it was there. */
  async remove(file: string): Promise<boolean> {
    if (!await this.has(file)) return false;
    await Deno.remove(this.#at(file));
    return true;
  }

  /** The names in a folder inside this one, sorted. */
  async list(folder: string): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(this.#at(folder)))).map(({ name }) => name).sort();
  }

  /**
   * Waits until no other program changes this vault, and removes what killed writes left. The system
   * gives the lock back when a program dies; how long to wait is the caller's limit.
   */
  async lock(): Promise<Disposable> {
    using held = new DisposableStack();
    await held.use(await Deno.open(this.#at(VAULT_LOCK.name))).lock(EXCLUSIVE);
    for (const folder of [".", SECRETS_FOLDER]) {
      const leftovers = (await this.list(folder)).filter(isLeftover);
      for (const name of leftovers) await this.remove(`${folder}/${name}`);
    }
    return held.move();
  }

  /** How the identity is kept, or `undefined` if there is none. */
  async mode(): Promise<VaultMode | undefined> {
    for (const mode of MODES) if (await this.has(IDENTITY_FILES[mode])) return mode;
    return undefined;
  }

  /** The files of the secrets; also of what only seems to be one. */
  async secretFiles(): Promise<string[]> {
    const names = await this.list(SECRETS_FOLDER);
    return names.filter((name) => name.toLowerCase().endsWith(AGE_ENDING))
      .map((name) => `${SECRETS_FOLDER}/${name}`);
  }

  /** Whom secrets are encrypted to, as the list says it. */
  async recipients(): Promise<string[]> {
    return keyLines(new TextDecoder().decode(await this.read(RECIPIENTS_FILE)));
  }

  /** The status, of a vault that is not open. */
  async status(): Promise<VaultStatus> {
    const [mode, secrets] = [await this.mode(), (await this.secretFiles()).length];
    const recipients = await this.recipients();
    return { state: mode ? "locked" : "absent", mode, secrets, recipients };
  }

  async #stat(file: string): Promise<Deno.FileInfo | undefined> {
    try {
      return await Deno.lstat(this.#at(file));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return undefined;
      throw cause;
    }
  }

  #at(file: string): string {
    return `${this.#path}/${file}`;
  }
}

/** The keys in a list of recipients or an identity file: lines that are neither empty nor comments. */
export function keyLines(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter((line) => /^[^#]/.test(line));
}
