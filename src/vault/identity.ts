/**
 * The vault's private keys, newest first, and the four ways of keeping them. The text is that of
 * age's identity files, so `age -d -i` reads each of them.
 * @module
 */
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { VaultMode } from "../kernel/calls.ts";
import { open, seal } from "./age_file.ts";
import type { VaultPortCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { IDENTITY_FILES } from "./paths.ts";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";

/** Calls what the vault has others do: programs, which its room may not run. */
export type VaultPorts = <M extends keyof VaultPortCalls>(
  method: M,
  params: Parameters<VaultPortCalls[M]>[0],
) => Promise<ReturnType<VaultPortCalls[M]>>;

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

async function keyPair(identity: string): Promise<KeyPair> {
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A new key pair. */
export async function newKeyPair(): Promise<KeyPair> {
  return await keyPair(await generateX25519Identity());
}

/** Reads the text of an identity file. @throws {VaultError} `identity_broken` */
export async function parseIdentities(text: string): Promise<KeyPair[]> {
  const lines = text.split("\n").map((line) => line.trim());
  const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
  try {
    if (identities.length === 0) throw new RangeError("no key");
    return await Promise.all(identities.map(keyPair));
  } catch {
    throw brokenIdentity("is damaged or cut off"); // no cause: it may quote the key
  }
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

/** In the order in which their files count. */
const MODES: readonly VaultMode[] = ["passphrase", "gpg", "keystore", "keyfile"];

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
   * @throws {VaultError} `absent`, `passphrase_needed`, `wrong_passphrase`, `identity_broken`, `backend`
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
  async save({ mode, passphrase = "", gpgKey }: Keeping, pairs: readonly KeyPair[]): Promise<void> {
    const text = formatIdentities(pairs, gpgKey);
    const write = (content: Uint8Array | string) =>
      this.#folder.write(IDENTITY_FILES[mode], content);
    switch (mode) {
      case "keyfile":
        return await write(text);
      case "passphrase":
        return await write(await seal(text, [new ScryptRecipient(passphrase, this.#workFactor)]));
      case "gpg": {
        if (!gpgKey) throw new VaultError("bad_params", "gpg needs a key", "add --gpg-key KEY");
        const sealed = await this.#call("gpgEncrypt", { text, key: gpgKey });
        expectSame(text, await this.#call("gpgDecrypt", sealed));
        return await write(sealed);
      }
      case "keystore": {
        const keys = pairs.map(({ identity }) => identity).join("\n");
        await this.#call("keystoreStore", { text: keys });
        expectSame(keys, await this.#call("keystoreLoad", null));
        return await write("The vault's identity is in this system's key store.\n");
      }
    }
  }

  /** Removes what other modes left, after the identity was saved in `mode`. */
  async dropOthers(mode: VaultMode): Promise<void> {
    for (const other of MODES) {
      if (other === mode || !await this.#folder.has(IDENTITY_FILES[other])) continue;
      if (other === "keystore") await this.#call("keystoreRemove", null);
      await this.#folder.remove(IDENTITY_FILES[other]);
    }
  }

  async #text(mode: VaultMode, passphrase: string | undefined): Promise<string> {
    if (mode === "keystore") {
      const text = await this.#call("keystoreLoad", null);
      if (text === null) throw brokenIdentity("is no longer in the key store");
      return text;
    }
    const bytes = await this.#folder.read(IDENTITY_FILES[mode]) ?? new Uint8Array();
    if (mode === "keyfile") return new TextDecoder().decode(bytes);
    if (mode === "gpg") return await this.#call("gpgDecrypt", bytes);
    try {
      return await open(bytes, [new ScryptIdentity(passphrase)]);
    } catch (cause) {
      if (!(cause instanceof VaultError) || cause.code.includes("passphrase")) throw cause;
      throw brokenIdentity(`cannot be read: ${cause.message}`);
    }
  }

  /** A program's failure crosses as one of the vault; the kernel's message says which program. */
  async #call<M extends keyof VaultPortCalls>(
    method: M,
    params: Parameters<VaultPortCalls[M]>[0],
  ): Promise<ReturnType<VaultPortCalls[M]>> {
    try {
      return await this.#ports(method, params);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : "no reason was given";
      throw new VaultError("backend", `the vault's identity: ${reason}`, "", { cause });
    }
  }
}

function expectSame(given: string, kept: string | null): void {
  if (kept?.trim() === given.trim()) return;
  throw new VaultError("backend", "the vault's identity was not kept as it was given");
}

function brokenIdentity(what: string): VaultError {
  const hint = "restore it from a backup; a recovery key opens the secrets with the age program";
  return new VaultError("identity_broken", `the vault's identity ${what}`, hint);
}
