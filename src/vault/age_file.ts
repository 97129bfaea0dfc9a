/**
 * One age file, sealed and opened whole, for keys or under a passphrase.
 *
 * Of the passphrase's stanza the key is made by the runtime's own scrypt, which takes a third of the
 * time of one in JavaScript and leaves the room free to answer meanwhile.
 * @module
 */
import { scrypt } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { armor, Decrypter, Encrypter } from "age-encryption";
import { type Identity, type Recipient, Stanza } from "age-encryption";
import { VaultError } from "./error.ts";

/** age's default work factor, as a power of two. */
const WORK_FACTOR = 18;
/** What a file may ask for at most: 1 GiB of memory (age's JavaScript library draws the same line). */
const WORK_FACTOR_LIMIT = 20;
const LABEL = new TextEncoder().encode("age-encryption.org/v1/scrypt");
/** Each wrapping key is used once, so the nonce is fixed (age specification, scrypt). */
const NONCE = new Uint8Array(12);

/** What may open a file: private keys, passphrases. */
type Keys = readonly (string | Identity)[];

/** Encrypts to every one of `recipients`: checked public keys, or one passphrase alone. */
export function seal(
  text: string,
  recipients: readonly (string | Recipient)[],
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Refuses what is no public key of age's own kind. @throws {VaultError} `refused` */
export function checkRecipient(key: string): void {
  try {
    // Keys of this kind alone: the standard program refuses files that mix kinds.
    if (!/^age1[a-z0-9]{58}$/.test(key)) throw new RangeError("form");
    new Encrypter().addRecipient(key);
  } catch {
    const hint = "make one with age-keygen and give the line that begins with age1";
    throw new VaultError("refused", "a recipient is a public key of age", hint);
  }
}

/**
 * Decrypts a file, armored or not.
 * @param what names it in errors
 * @throws {VaultError} `corrupt`, also if it is for none of the keys; what one of them throws
 */
export async function openBytes(what: string, file: Uint8Array, keys: Keys): Promise<Uint8Array> {
  try {
    const decrypter = new Decrypter();
    for (const key of keys) decrypter.addIdentity(key);
    const text = new TextDecoder("latin1").decode(file);
    const isArmored = text.trimStart().startsWith("-----BEGIN AGE");
    return await decrypter.decrypt(isArmored ? armor.decode(text) : file);
  } catch (error) {
    throw error instanceof VaultError ? error : damaged(what);
  }
}

/** Decrypts a file of text. @throws {VaultError} as `openBytes` */
export async function open(what: string, file: Uint8Array, keys: Keys): Promise<string> {
  const plaintext = await openBytes(what, file, keys);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(plaintext);
  } catch {
    throw damaged(what);
  }
}

/** The error for a file that cannot be what it should be. */
export function damaged(what: string): VaultError {
  const message = `${what} was lost, damaged or renamed, or is for someone else`;
  return new VaultError("corrupt", message, "restore it from a backup");
}

/**
 * Encrypts a file's key under a passphrase.
 * @param workFactor a power of two
 * @throws {VaultError} `passphrase_needed` for an empty one
 */
export function scryptRecipient(passphrase = "", workFactor = WORK_FACTOR): Recipient {
  if (passphrase === "") throw passphraseNeeded();
  return {
    async wrapFileKey(fileKey) {
      const salt = crypto.getRandomValues(new Uint8Array(16));
      const body = (await wrapping(passphrase, salt, workFactor)).encrypt(fileKey);
      return [new Stanza(["scrypt", salt.toBase64({ omitPadding: true }), `${workFactor}`], body)];
    },
  };
}

/**
 * Decrypts a file's key with a passphrase. A wrong one takes as long as one that is nearly right:
 * what is compared is a tag under a key from all of it, and that in constant time. Without one, a
 * file that needs one is refused (`passphrase_needed`). Throws `wrong_passphrase`, or an error of
 * another kind for a stanza that is not as age writes it.
 */
export function scryptIdentity(passphrase: string | undefined): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === "scrypt");
      if (!stanza) return null;
      const [, saltText = "", factorText = ""] = stanza.args;
      const salt = Uint8Array.fromBase64(saltText);
      const workFactor = /^[1-9][0-9]?$/.test(factorText) ? Number(factorText) : Infinity;
      if (
        stanzas.length !== 1 || stanza.args.length !== 3 || stanza.body.length !== 32 ||
        // age allows one spelling of each salt, and base64 several.
        salt.length !== 16 || salt.toBase64({ omitPadding: true }) !== saltText ||
        workFactor > WORK_FACTOR_LIMIT
      ) throw new RangeError("no stanza of age's");
      if (passphrase === undefined) throw passphraseNeeded();
      const cipher = await wrapping(passphrase, salt, workFactor);
      try {
        return cipher.decrypt(stanza.body);
      } catch {
        throw new VaultError("wrong_passphrase", "this is not the passphrase", "try again");
      }
    },
  };
}

/** The cipher that wraps a file's key. */
async function wrapping(passphrase: string, salt: Uint8Array, workFactor: number) {
  const N = 2 ** workFactor;
  // Twice what scrypt needs: runtimes differ in what they count.
  const options = { N, r: 8, p: 1, maxmem: 2 * 128 * 8 * N };
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  scrypt(passphrase, new Uint8Array([...LABEL, ...salt]), 32, options, (error, key) => {
    if (error) reject(error);
    else resolve(new Uint8Array(key));
  });
  return chacha20poly1305(await promise, NONCE);
}

function passphraseNeeded(): VaultError {
  return new VaultError("passphrase_needed", "this needs a passphrase", "enter it");
}
