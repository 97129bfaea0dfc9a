/**
 * age's passphrase stanza with the key from the runtime's own scrypt, which takes a third of the
 * time of one in JavaScript and leaves the room free to answer meanwhile.
 * @module
 */
import { scrypt } from "node:crypto";
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type Identity, type Recipient, Stanza } from "age-encryption";
import { VaultError } from "./error.ts";

/** age's default work factor, as a power of two. */
export const WORK_FACTOR = 18;
/** What a file may ask for at most: 1 GiB of memory (age's JavaScript library draws the same line). */
const WORK_FACTOR_LIMIT = 20;
const LABEL = new TextEncoder().encode("age-encryption.org/v1/scrypt");
/** Each wrapping key is used once, so the nonce is fixed (age specification, scrypt). */
const NONCE = new Uint8Array(12);

/** The cipher that wraps a file's key. */
async function wrapping(
  passphrase: string,
  salt: Uint8Array,
  workFactor: number,
): Promise<ReturnType<typeof chacha20poly1305>> {
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
      const encodedSalt = salt.toBase64({ omitPadding: true });
      return [new Stanza(["scrypt", encodedSalt, `${workFactor}`], body)];
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

function passphraseNeeded(): VaultError {
  return new VaultError("passphrase_needed", "this needs a passphrase", "enter it");
}
