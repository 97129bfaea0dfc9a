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
import type { VaultMode } from "../protocol/kernel_calls.ts";
import type { Keeping, VaultPorts } from "../protocol/vault_calls.ts";
import { damaged, open, scryptIdentity, scryptRecipient, seal } from "./age_file.ts";
import { VaultError } from "./error.ts";
import { type Folder, keyLines } from "./folder.ts";
import { IDENTITY_FILES, MODES } from "./paths.ts";

const WHAT = "the vault's identity";
const GPG_KEY = /^# gpg key: (.*)/;
const KEY_FILE = /^keyfile-([0-9a-f]{64})$/;
/** The passphrase has 256 random bits, so stretching it adds nothing. */
const KEY_FILE_WORK_FACTOR = 10;

/** An age identity and its public key. */
export type KeyPair = Readonly<Record<"identity" | "recipient", string>>;
/** Several, newest first. */
export type KeyPairs = readonly KeyPair[];

/** How the keys are kept, and the keys. */
export type Kept = Keeping & { readonly pairs: KeyPairs };

/** Where the identity of one vault is kept. */
export interface Keeper {
  readonly folder: Folder;
  readonly ports: VaultPorts;
  /** Of new passphrase files, a power of two, for tests; age's default otherwise. */
  readonly workFactor?: number;
}

/** The key pair of an identity, or a new one. */
export async function keyPair(given?: string): Promise<KeyPair> {
  const identity = given ?? await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/**
 * The keys, and what `saveKeys` needs to keep them in the same way again.
 * @throws {VaultError} `absent`, `passphrase_needed`, `wrong_passphrase`, `corrupt`, `backend`
 */
export async function loadKeys(keeper: Keeper, passphrase?: string): Promise<Kept> {
  const mode = await keeper.folder.mode();
  if (!mode) throw new VaultError("absent", "there is no vault yet", "run pyra setup");
  const text = await readText(keeper, mode, passphrase);
  const pairs = await Promise.all(keyLines(text).map(keyPair)).catch(() => []);
  if (pairs.length === 0) throw damaged(WHAT);
  return { pairs, mode, passphrase, gpgKey: GPG_KEY.exec(text)?.[1] };
}

async function readText(keeper: Keeper, mode: VaultMode, passphrase?: string): Promise<string> {
  const { folder, ports } = keeper;
  if (mode === "keystore") return await ports("keystoreLoad", null) ?? "";
  const file = await folder.read(IDENTITY_FILES[mode]) ?? new Uint8Array();
  if (mode === "gpg") return await ports("gpgDecrypt", file);
  if (mode === "passphrase") return await open(WHAT, file, [scryptIdentity(passphrase)]);
  // A change that was killed leaves two names, of which one opens the file.
  for (const name of await keyFiles(folder)) {
    try {
      return await open(WHAT, file, [scryptIdentity(KEY_FILE.exec(name)?.[1])]);
    } catch (error) {
      if (!(error instanceof VaultError) || error.code !== "wrong_passphrase") throw error;
    }
  }
  throw damaged(WHAT);
}

/**
 * Keeps the keys. What a program keeps is read back before anything relies on it.
 * @throws {VaultError} `passphrase_needed`, `bad_params`, `backend`
 */
export async function saveKeys(keeper: Keeper, how: Keeping, pairs: KeyPairs): Promise<void> {
  const { folder, ports, workFactor } = keeper;
  const { mode, passphrase, gpgKey } = how;
  const keys = pairs.map(({ identity }) => `${identity}\n`).join("");
  const write = (content: Uint8Array | string) => folder.write(IDENTITY_FILES[mode], content);
  switch (mode) {
    case "passphrase":
      return await write(await seal(keys, [scryptRecipient(passphrase, workFactor)]));
    case "keyfile": {
      const former = await keyFiles(folder);
      const key = crypto.getRandomValues(new Uint8Array(32)).toHex();
      // The new name first and the former one last: at each moment one of them opens the file.
      await folder.write(`keyfile-${key}`, "");
      await write(await seal(keys, [scryptRecipient(key, KEY_FILE_WORK_FACTOR)]));
      for (const name of former) await folder.remove(name);
      return;
    }
    case "gpg": {
      if (!gpgKey) throw new VaultError("bad_params", "gpg needs a key", "add --gpg-key KEY");
      const text = `# gpg key: ${gpgKey}\n${keys}`;
      const sealed = await ports("gpgEncrypt", { text, key: gpgKey });
      expectSame(text, await ports("gpgDecrypt", sealed));
      return await write(sealed);
    }
    case "keystore":
      await ports("keystoreStore", { text: keys });
      expectSame(keys, await ports("keystoreLoad", null));
      return await write("The vault's identity is in this system's key store.\n");
  }
}

function expectSame(given: string, kept: string | null): void {
  if (kept?.trim() === given.trim()) return;
  throw new VaultError("backend", `${WHAT} was not kept as it was given`);
}

/** Removes what other modes left, after the identity was saved in `mode`. */
export async function dropOthers({ folder, ports }: Keeper, mode: VaultMode): Promise<void> {
  for (const other of MODES.filter((other) => other !== mode)) {
    // Its marker goes last, so that an interrupted removal is done again.
    if (other === "keystore" && await folder.has(IDENTITY_FILES[other])) {
      await ports("keystoreRemove", null);
    }
    await folder.remove(IDENTITY_FILES[other]);
    if (other === "keyfile") {
      for (const name of await keyFiles(folder)) await folder.remove(name);
    }
  }
}

async function keyFiles(folder: Folder): Promise<string[]> {
  return (await folder.list(".")).filter((name) => KEY_FILE.test(name));
}
