/**
 * The secrets' files, and the keys that open them while the vault is open.
 * @module
 */
import type { SecretSummary } from "../protocol/kernel_calls.ts";
import { checkRecipient, damaged, open, seal } from "./age_file.ts";
import { checkValue, readBinding } from "./binding.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import type { KeyPair, KeyPairs } from "./identity.ts";
import { encodeName } from "./name.ts";
import { AGE_ENDING, RECIPIENTS_FILE, SECRETS_FOLDER } from "./paths.ts";

/** A decrypted secret; if `locked`, the value is an armored age file under a passphrase of its own. */
export interface Secret extends SecretSummary {
  readonly value: string;
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** A secret's file, inside the vault's folder. @throws {VaultError} `refused` */
export function secretFile(name: string): string {
  return `${SECRETS_FOLDER}/${encodeName(name)}${AGE_ENDING}`;
}

/** The text of a secret's file, or of a bundle; `locked` is in it only where it is true. */
export function formatSecrets(secrets: Secret | readonly Secret[]): string {
  return JSON.stringify(secrets, (_field, value) => value === false ? undefined : value);
}

/**
 * Reads one secret, or a bundle: a list of them. Whoever knows the public keys can write such a file.
 * @param what names it in errors
 * @throws {VaultError} `corrupt`
 */
export function parseSecrets(what: string, text: string): Secret[] {
  try {
    const value: unknown = JSON.parse(text);
    return (Array.isArray(value) ? value : [value]).map(readSecret);
  } catch {
    throw damaged(what);
  }
}

/** @throws anything for what is no secret */
function readSecret(foreign: unknown): Secret {
  const { name, value, origins, placement, created, rotated, locked } = Object(foreign);
  const texts = [name, value, placement, created, rotated, ...origins];
  if (!texts.every((text) => typeof text === "string")) throw new TypeError("a field");
  if (!DATE.test(created) || !DATE.test(rotated)) throw new RangeError("a date");
  encodeName(name);
  const binding = readBinding(origins, placement);
  if (locked !== true) checkValue(value, binding.placement);
  return { name, value, ...binding, created, rotated, locked: locked === true };
}

/** Reads and writes secrets. Without keys, what needs them is refused (`locked`). */
export class Secrets {
  /** Newest first; empty while the vault is locked. */
  pairs: KeyPairs = [];
  readonly #folder: Folder;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** The newest key. @throws {VaultError} `locked` */
  own(): KeyPair {
    const [own] = this.pairs;
    if (own) return own;
    throw new VaultError("locked", "the vault is locked", "unlock it");
  }

  /**
   * Whom secrets are encrypted to beside the vault's own keys.
   * @throws {VaultError} `corrupt`, `refused`, `locked`
   */
  async others(): Promise<string[]> {
    const keys = await this.#folder.recipients();
    if (keys.length === 0) throw damaged("the list of the vault's recipients");
    keys.forEach(checkRecipient);
    await this.#checkCurrent();
    return keys.filter((key) => !this.pairs.some((pair) => pair.recipient === key));
  }

  /** Replaces the list of recipients by the vault's own and others. */
  async setRecipients(own: KeyPair, others: readonly string[]): Promise<void> {
    // A person may edit it.
    await this.#folder.write(RECIPIENTS_FILE, [own.recipient, ...others, ""].join("\n"), 0o600);
  }

  /** @throws {VaultError} `locked`, `no_secret`, `corrupt` */
  async read(file: string): Promise<Secret> {
    this.own();
    const bytes = await this.#folder.read(file);
    if (!bytes) throw new VaultError("no_secret", `there is no ${file}`, "run pyra vault list");
    try {
      const text = await open(file, bytes, this.pairs.map(({ identity }) => identity));
      const [secret, more] = parseSecrets(file, text);
      if (secret && !more && secretFile(secret.name) === file) return secret;
      throw damaged(file);
    } catch (error) {
      await this.#checkCurrent(); // perhaps it is not the file but the key in memory that is an old one
      throw error;
    }
  }

  /** All secrets. @throws {VaultError} `corrupt`, also for an age file that is none of them */
  async readAll(): Promise<Secret[]> {
    return await Array.fromAsync(await this.#folder.secretFiles(), (file) => this.read(file));
  }

  /** Stores a secret in place of one of that name. @throws {VaultError} as `others` */
  async write(secret: Secret): Promise<void> {
    const recipients = [this.own().recipient, ...await this.others()];
    const sealed = await seal(formatSecrets(secret), recipients);
    await this.#folder.write(secretFile(secret.name), sealed);
  }

  /** If another program rotated the identity, what is in memory must not be written again. */
  async #checkCurrent(): Promise<void> {
    const keys = await this.#folder.recipients();
    if (keys.length === 0 || this.pairs.some(({ recipient }) => keys.includes(recipient))) return;
    throw new VaultError("locked", "another program changed the vault's identity", "unlock it");
  }
}
