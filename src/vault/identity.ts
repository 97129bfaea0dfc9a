/**
 * The vault's private keys, newest first, and the four ways of keeping them. The text is that of
 * age's identity files, so `age -d -i` reads each of them.
 * @module
 */
import { identityToRecipient } from "age-encryption";
import type { VaultMode } from "../kernel/calls.ts";
import { open, seal } from "./age_file.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { IDENTITY_FILES } from "./paths.ts";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";

/** What the vault has others do: programs, which its room may not run. */
export interface VaultPorts {
  readonly keystore: {
    load(): Promise<string | undefined>;
    store(text: string): Promise<void>;
    remove(): Promise<void>;
  };
  readonly gpg: {
    encrypt(text: string, key: string): Promise<Uint8Array>;
    decrypt(bytes: Uint8Array): Promise<string>;
  };
}

/** How and with what an identity is to be kept. */
export interface Keeping {
  readonly mode: VaultMode;
  readonly passphrase?: string | undefined;
  /** The key that gpg encrypts to. */
  readonly gpgKey?: string | undefined;
}

/** An age identity and its public key. */
export interface KeyPair {
  readonly identity: string;
  readonly recipient: string;
}

/** The key pair of an identity. @throws {VaultError} `identity_broken` */
export async function keyPair(identity: string): Promise<KeyPair> {
  try {
    return { identity, recipient: await identityToRecipient(identity) };
  } catch {
    // Not kept as a cause: the library's message may quote the key.
    throw new VaultError("identity_broken", "the identity was damaged or cut off");
  }
}

/** Reads the text of an identity file. @throws {VaultError} `identity_broken` */
export async function parseIdentities(text: string): Promise<KeyPair[]> {
  const lines = text.split("\n").map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (identities.length === 0) {
    throw new VaultError("identity_broken", "the identity file holds no key");
  }
  return await Promise.all(identities.map(keyPair));
}

const GPG_KEY = "# gpg key: ";

function formatIdentities(pairs: readonly KeyPair[], gpgKey: string | undefined): string {
  return [
    "# The vault's private key. Whoever has it and the vault's folder can read every secret.",
    ...(gpgKey === undefined ? [] : [GPG_KEY + gpgKey]),
    ...pairs.flatMap(({ identity, recipient }) => [`# public key: ${recipient}`, identity]),
    "",
  ].join("\n");
}

/** Where the identity of one vault is kept. */
export class IdentityStore {
  readonly #folder: Folder;
  readonly #ports: VaultPorts;
  readonly #workFactor: number | undefined;

  /** @param workFactor of the passphrase's scrypt, if not age's default */
  constructor(folder: Folder, ports: VaultPorts, workFactor?: number) {
    this.#folder = folder;
    this.#ports = ports;
    this.#workFactor = workFactor;
  }

  /** How the identity is kept, or `undefined` if there is none. */
  async mode(): Promise<VaultMode | undefined> {
    for (const mode of MODES) if (await this.#folder.has(IDENTITY_FILES[mode])) return mode;
    return undefined;
  }

  /**
   * The keys, and what `save` needs to keep them in the same way again.
   * @throws {VaultError} `absent`, `passphrase_needed`, `wrong_passphrase`, `identity_missing`,
   * `identity_broken`, `backend`
   */
  async load(passphrase?: string): Promise<{ keeping: Keeping; pairs: KeyPair[] }> {
    const mode = await this.mode();
    if (!mode) throw new VaultError("absent", "there is no vault yet", "run pyra setup");
    const text = await this.#text(mode, passphrase);
    const gpgKey = text.split("\n").find((line) => line.startsWith(GPG_KEY))?.slice(GPG_KEY.length);
    return { keeping: { mode, passphrase, gpgKey }, pairs: await parseIdentities(text) };
  }

  /**
   * Keeps the keys. What a program keeps is read back before anything relies on it.
   * @throws {VaultError} `passphrase_needed`, `bad_params`, `backend`
   */
  async save({ mode, passphrase, gpgKey }: Keeping, pairs: readonly KeyPair[]): Promise<void> {
    const file = IDENTITY_FILES[mode];
    const text = formatIdentities(pairs, gpgKey);
    if (mode === "keyfile") return await this.#folder.write(file, text);
    if (mode === "passphrase") {
      if (!passphrase) throw needPassphrase();
      const recipient = new ScryptRecipient(passphrase, this.#workFactor);
      return await this.#folder.write(file, await seal(text, [recipient]));
    }
    if (mode === "gpg") {
      if (!gpgKey || /[\r\n]/.test(gpgKey)) {
        throw new VaultError("bad_params", "gpg needs the name of a key", "give it with --gpg-key");
      }
      const sealed = await backend(() => this.#ports.gpg.encrypt(text, gpgKey));
      if (await backend(() => this.#ports.gpg.decrypt(sealed)) !== text) throw notKept("gpg");
      return await this.#folder.write(file, sealed);
    }
    const lines = pairs.map(({ identity }) => identity).join("\n");
    await backend(() => this.#ports.keystore.store(lines));
    const kept = await backend(() => this.#ports.keystore.load());
    if (kept?.trim() !== lines) throw notKept("the key store");
    await this.#folder.write(file, "The vault's identity is in this system's key store.\n");
  }

  /** Removes what other modes left, after the identity was saved in `mode`. */
  async dropOthers(mode: VaultMode): Promise<void> {
    for (const other of MODES) {
      if (other === mode || !await this.#folder.has(IDENTITY_FILES[other])) continue;
      if (other === "keystore") await backend(() => this.#ports.keystore.remove());
      await this.#folder.remove(IDENTITY_FILES[other]);
    }
  }

  async #text(mode: VaultMode, passphrase: string | undefined): Promise<string> {
    if (mode === "keystore") {
      const text = await backend(() => this.#ports.keystore.load());
      if (text === undefined) {
        throw new VaultError(
          "identity_missing",
          "the key store no longer holds the vault's identity",
          "restore the key store, or the secrets with a recovery key and age",
        );
      }
      return text;
    }
    const bytes = await this.#folder.read(IDENTITY_FILES[mode]) ?? new Uint8Array();
    if (mode === "keyfile") return new TextDecoder().decode(bytes);
    if (mode === "gpg") return await backend(() => this.#ports.gpg.decrypt(bytes));
    try {
      return await open(
        bytes,
        [new ScryptIdentity(passphrase)],
        () => new VaultError("wrong_passphrase", "this passphrase does not open the vault"),
      );
    } catch (cause) {
      if (!(cause instanceof VaultError) || cause.code !== "corrupt") throw cause;
      const hint = "restore the vault's folder from a backup";
      throw new VaultError("identity_broken", `the vault's identity: ${cause.message}`, hint, {
        cause,
      });
    }
  }
}

/** In the order in which their files count. */
const MODES: readonly VaultMode[] = ["passphrase", "gpg", "keystore", "keyfile"];

/** The error for a passphrase that was not given, or is empty. */
export function needPassphrase(): VaultError {
  return new VaultError("passphrase_needed", "this needs a passphrase", "enter it");
}

function notKept(where: string): VaultError {
  return new VaultError("backend", `${where} did not keep the identity as it was given`);
}

/** A program's failure crosses as one of the vault; the kernel's message says which program. */
async function backend<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "no reason was given";
    throw new VaultError("backend", `the vault's identity was not reached: ${reason}`, "", {
      cause,
    });
  }
}
