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
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const WRAPPED_KEY_BYTES = 16 + 16;
const LABEL = new TextEncoder().encode("age-encryption.org/v1/scrypt");
/** Each wrapping key is used once, so the nonce is fixed (age specification, scrypt). */
const NONCE = new Uint8Array(12);

function deriveKey(passphrase: string, salt: Uint8Array, workFactor: number): Promise<Uint8Array> {
  const cost = 2 ** workFactor;
  // Twice what scrypt needs: runtimes differ in what they count.
  const options = { N: cost, r: 8, p: 1, maxmem: 2 * 128 * 8 * cost };
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const labelled = new Uint8Array([...LABEL, ...salt]);
  scrypt(passphrase, labelled, KEY_BYTES, options, (error, key) => {
    if (error) reject(error);
    else resolve(new Uint8Array(key));
  });
  return promise;
}

function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replace(/=+$/, "");
}

/** Strict: age allows one spelling of each byte string, and `atob` allows several. */
function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
}

/** Encrypts a file's key under a passphrase. */
export class ScryptRecipient implements Recipient {
  readonly #passphrase: string;
  readonly #workFactor: number;

  /**
   * @param workFactor a power of two; smaller ones are for tests
   * @throws {VaultError} `passphrase_needed` for an empty one
   */
  constructor(passphrase: string, workFactor = WORK_FACTOR) {
    if (passphrase === "") throw passphraseNeeded();
    this.#passphrase = passphrase;
    this.#workFactor = workFactor;
  }

  /** The one stanza of the file. */
  async wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const key = await deriveKey(this.#passphrase, salt, this.#workFactor);
    const body = chacha20poly1305(key, NONCE).encrypt(fileKey);
    key.fill(0);
    return [new Stanza(["scrypt", toBase64(salt), `${this.#workFactor}`], body)];
  }
}

/**
 * Decrypts a file's key with a passphrase. A wrong one takes as long as one that is nearly right:
 * what is compared is a tag under a key from all of it, and that in constant time.
 */
export class ScryptIdentity implements Identity {
  readonly #passphrase: string | undefined;

  /** @param passphrase without one, a file that needs one is refused as such */
  constructor(passphrase: string | undefined) {
    this.#passphrase = passphrase;
  }

  /**
   * The key, or `null` for a file of another kind.
   * @throws {VaultError} `passphrase_needed`, `wrong_passphrase`, `corrupt`
   */
  async unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> {
    const stanza = stanzas.find(({ args }) => args[0] === "scrypt");
    if (!stanza) return null;
    const [, saltText = "", factorText = ""] = stanza.args;
    const salt = fromBase64(saltText);
    const workFactor = /^[1-9][0-9]?$/.test(factorText) ? Number(factorText) : Infinity;
    if (
      stanzas.length !== 1 || stanza.args.length !== 3 || salt?.length !== SALT_BYTES ||
      workFactor > WORK_FACTOR_LIMIT || stanza.body.length !== WRAPPED_KEY_BYTES
    ) throw new VaultError("corrupt", "its passphrase stanza is not as age writes it");
    if (this.#passphrase === undefined) throw passphraseNeeded();
    const key = await deriveKey(this.#passphrase, salt, workFactor);
    try {
      return chacha20poly1305(key, NONCE).decrypt(stanza.body);
    } catch {
      throw new VaultError("wrong_passphrase", "this is not the passphrase", "try again");
    } finally {
      key.fill(0);
    }
  }
}

function passphraseNeeded(): VaultError {
  return new VaultError("passphrase_needed", "this needs a passphrase", "enter it");
}
