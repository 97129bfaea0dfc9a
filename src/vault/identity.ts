/**
 * The vault's private keys, newest first, and the four ways of keeping them. The text is that of
 * age's identity files, so `age -d -i identity.age secrets/….age` opens a secret.
 *
 * In key-file mode the identity is an age file under a passphrase as well, and the passphrase is the
 * *name* of an empty file, after `keyfile-`: whoever may only read files whose names they know (as an
 * import in a compiled program can) learns nothing. To open one by hand, see the passphrase with `ls`,
 * and give it to `age -d -i identity.keyfile.age secrets/….age`.
 * @module
 */
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { VaultMode } from "../kernel/calls.ts";
import type { Keeping, VaultPortCalls, VaultPorts } from "../protocol/vault_calls.ts";
import { damaged, open, seal } from "./age_file.ts";
import { VaultError } from "./error.ts";
import type { Folder } from "./folder.ts";
import { IDENTITY_FILES, KEY_FILE_START } from "./paths.ts";
import { scryptIdentity, scryptRecipient } from "./scrypt.ts";
import { identityMode, MODES } from "./status.ts";

const WHAT = "the vault's identity";
const GPG_KEY = "# gpg key: ";
/** The passphrase has 256 random bits, so stretching it adds nothing. */
const KEY_FILE_WORK_FACTOR = 10;

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

/** Where the identity of one vault is kept. */
export class IdentityStore {
  readonly #folder: Folder;
  readonly #ports: VaultPorts;
  readonly #workFactor: number | undefined;

  /** @param workFactor of the passphrase's scrypt, if not age's default */
  constructor(folder: Folder, ports: VaultPorts, workFactor: number | undefined) {
    this.#folder = folder;
    this.#ports = ports;
    this.#workFactor = workFactor;
  }

  /**
   * The keys, and what `save` needs to keep them in the same way again.
   * @throws {VaultError} `absent`, `passphrase_needed`, `wrong_passphrase`, `corrupt`, `backend`
   */
  async load(passphrase: string | undefined): Promise<{ keeping: Keeping; pairs: KeyPair[] }> {
    const mode = await identityMode(this.#folder);
    if (!mode) throw new VaultError("absent", "there is no vault yet", "run pyra setup");
    const lines = (await this.#read(mode, passphrase)).split("\n").map((line) => line.trim());
    const gpgKey = lines.find((line) => line.startsWith(GPG_KEY))?.slice(GPG_KEY.length);
    const identities = lines.filter((line) => line !== "" && !line.startsWith("#"));
    const pairs = await Promise.all(identities.map(keyPair)).catch(() => []);
    if (pairs.length === 0) throw damaged(WHAT);
    return { keeping: { mode, passphrase, gpgKey }, pairs };
  }

  /**
   * Keeps the keys. What a program keeps is read back before anything relies on it.
   * @throws {VaultError} `passphrase_needed`, `bad_params`, `backend`
   */
  async save({ mode, passphrase, gpgKey }: Keeping, pairs: readonly KeyPair[]): Promise<void> {
    const keys = pairs.map(({ identity }) => `${identity}\n`).join("");
    const write = (content: Uint8Array | string) =>
      this.#folder.write(IDENTITY_FILES[mode], content);
    switch (mode) {
      case "passphrase":
        return await write(await seal(keys, [scryptRecipient(passphrase, this.#workFactor)]));
      case "keyfile": {
        const former = await this.#keyFiles();
        const key = crypto.getRandomValues(new Uint8Array(32)).toHex();
        const sealed = await seal(keys, [scryptRecipient(key, KEY_FILE_WORK_FACTOR)]);
        // The name first, and the former one last: at each moment one of the names opens the file.
        await this.#folder.write(KEY_FILE_START + key, "");
        await write(sealed);
        for (const file of former) await this.#folder.remove(file);
        return;
      }
      case "gpg": {
        if (!gpgKey) throw new VaultError("bad_params", "gpg needs a key", "add --gpg-key KEY");
        const text = `${GPG_KEY}${gpgKey}\n${keys}`;
        const sealed = await this.#call("gpgEncrypt", { text, key: gpgKey });
        expectSame(text, await this.#call("gpgDecrypt", sealed));
        return await write(sealed);
      }
      case "keystore":
        await this.#call("keystoreStore", { text: keys });
        expectSame(keys, await this.#call("keystoreLoad", null));
        return await write("The vault's identity is in this system's key store.\n");
    }
  }

  /** Removes what other modes left, after the identity was saved in `mode`. */
  async dropOthers(mode: VaultMode): Promise<void> {
    for (const other of MODES.filter((other) => other !== mode)) {
      if (!await this.#folder.remove(IDENTITY_FILES[other])) continue;
      if (other === "keystore") await this.#call("keystoreRemove", null);
    }
    if (mode === "keyfile") return;
    for (const file of await this.#keyFiles()) await this.#folder.remove(file);
  }

  async #keyFiles(): Promise<string[]> {
    return (await this.#folder.list(".")).filter((name) => name.startsWith(KEY_FILE_START));
  }

  async #read(mode: VaultMode, passphrase: string | undefined): Promise<string> {
    if (mode === "keystore") return await this.#call("keystoreLoad", null) ?? "";
    const file = await this.#folder.read(IDENTITY_FILES[mode]) ?? new Uint8Array();
    if (mode === "gpg") return await this.#call("gpgDecrypt", file);
    if (mode === "passphrase") return await open(WHAT, file, [scryptIdentity(passphrase)]);
    // A change that was killed leaves two names, of which one opens the file.
    for (const name of await this.#keyFiles()) {
      try {
        return await open(WHAT, file, [scryptIdentity(name.slice(KEY_FILE_START.length))]);
      } catch (error) {
        if (!(error instanceof VaultError) || error.code !== "wrong_passphrase") throw error;
      }
    }
    throw damaged(WHAT);
  }

  /** A program's failure crosses as one of the vault; the kernel's message says which program. */
  async #call<M extends keyof VaultPortCalls>(
    method: M,
    params: Parameters<VaultPortCalls[M]>[0],
  ): Promise<ReturnType<VaultPortCalls[M]>> {
    try {
      return await this.#ports(method, params);
    } catch (cause) {
      throw new VaultError("backend", `${WHAT}: ${cause instanceof Error ? cause.message : cause}`);
    }
  }
}

function expectSame(given: string, kept: string | null): void {
  if (kept?.trim() === given.trim()) return;
  throw new VaultError("backend", `${WHAT} was not kept as it was given`);
}
