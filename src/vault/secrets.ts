/**
 * The secrets' files, and the keys that open them while the vault is open.
 * @module
 */
import { open, seal } from "./age_file.ts";
import { VaultError, type VaultErrorCode } from "./error.ts";
import type { Folder } from "./folder.ts";
import type { KeyPair } from "./identity.ts";
import { decodeName, encodeName } from "./name.ts";
import { AGE_ENDING, RECIPIENTS_FILE, RECIPIENTS_MODE, SECRETS_FOLDER } from "./paths.ts";
import { formatRecipients, parseRecipients } from "./recipients.ts";
import { formatSecrets, parseSecrets, type Secret } from "./secret.ts";

const UNREADABLE: readonly VaultErrorCode[] = ["corrupt", "wrong_identity"];

/** A secret's file, inside the vault's folder. @throws {VaultError} `refused` */
export function secretFile(name: string): string {
  return `${SECRETS_FOLDER}/${encodeName(name)}${AGE_ENDING}`;
}

/** Reads and writes secrets. Without keys, what needs them is refused (`locked`). */
export class Secrets {
  /** Newest first; empty while the vault is locked. */
  pairs: readonly KeyPair[] = [];
  readonly #folder: Folder;

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** The secrets' names, and the names of files that are none. */
  async list(): Promise<{ names: string[]; foreign: string[] }> {
    const found = (await this.#folder.list(SECRETS_FOLDER)).map((file) => {
      const isAge = file.endsWith(AGE_ENDING);
      return { file, name: isAge ? decodeName(file.slice(0, -AGE_ENDING.length)) : undefined };
    });
    return {
      names: found.flatMap(({ name }) => name ?? []),
      foreign: found.flatMap(({ file, name }) => name === undefined ? file : []),
    };
  }

  /** The newest key. @throws {VaultError} `locked` */
  own(): KeyPair {
    const [own] = this.pairs;
    if (own) return own;
    throw new VaultError("locked", "the vault is locked", "unlock it");
  }

  /** Whether a public key is one of the vault's own. */
  isOwn(recipient: string): boolean {
    return this.pairs.some((pair) => pair.recipient === recipient);
  }

  /**
   * Whom secrets are encrypted to. If the vault is open, one must be a key in memory: else another
   * program rotated the identity, and what is in memory must not be written again.
   * @throws {VaultError} `recipients_broken`, `locked`
   */
  async recipients(): Promise<string[]> {
    const bytes = await this.#folder.read(RECIPIENTS_FILE);
    const recipients = parseRecipients(new TextDecoder().decode(bytes));
    if (recipients.length === 0) {
      const hint =
        "restore the file; where there is none, pyra vault recipients --add KEY makes it";
      throw new VaultError("recipients_broken", "the vault's recipients are missing", hint);
    }
    if (this.pairs.length === 0 || recipients.some((key) => this.isOwn(key))) return recipients;
    throw new VaultError(
      "locked",
      "another program changed the vault's identity",
      "unlock it anew",
    );
  }

  /** Replaces the list of recipients by the vault's own and others. */
  async setRecipients(others: readonly string[]): Promise<void> {
    const list = formatRecipients(this.own().recipient, others);
    await this.#folder.write(RECIPIENTS_FILE, list, RECIPIENTS_MODE);
  }

  /** @throws {VaultError} `locked`, `no_secret`, `refused`, `corrupt` */
  async read(name: string): Promise<Secret> {
    this.own();
    const file = secretFile(name);
    try {
      const bytes = await this.#folder.read(file);
      if (!bytes) throw noSecret(name);
      const [secret, more] = parseSecrets(
        await open(bytes, this.pairs.map((pair) => pair.identity)),
      );
      if (secret?.name === name && !more) return secret;
      throw new VaultError("corrupt", "it is the file of another secret");
    } catch (cause) {
      if (!(cause instanceof VaultError) || !UNREADABLE.includes(cause.code)) throw cause;
      // Perhaps it is not the file but the key in memory that is an old one.
      const fault: unknown = await this.recipients().catch((error) => error);
      if (fault instanceof VaultError && fault.code === "locked") throw fault;
      const hint = "restore its file from a backup, or set it again";
      throw new VaultError("corrupt", `${name} cannot be read: ${cause.message}`, hint, { cause });
    }
  }

  /** All secrets. @throws {VaultError} `corrupt`, also for an age file that is none of them */
  async readAll(): Promise<Secret[]> {
    const { names, foreign } = await this.list();
    const stranger = foreign.find(isAgeFile);
    if (stranger !== undefined) throw foreignFile(stranger);
    return await Array.fromAsync(names, (name) => this.read(name));
  }

  /** Stores a secret in place of one of that name. @throws {VaultError} as `recipients` */
  async write(secret: Secret): Promise<void> {
    const recipients = await this.recipients();
    const sealed = await seal(formatSecrets(secret), recipients);
    await this.#folder.write(secretFile(secret.name), sealed);
  }
}

/** Whether a file that is no secret may be meant as one, and hold what no other file does. */
export function isAgeFile(file: string): boolean {
  return file.toLowerCase().endsWith(AGE_ENDING);
}

/** The error for a name that no secret has. */
export function noSecret(name: string): VaultError {
  return new VaultError("no_secret", `there is no secret ${name}`, "run pyra vault list");
}

/** The error for a file among the secrets that is none. */
export function foreignFile(file: string): VaultError {
  return new VaultError("corrupt", `${file} is no secret of this vault`, "move it away");
}
