/**
 * One age file, sealed and opened whole.
 * @module
 */
import { armor, Decrypter, Encrypter, type Identity, type Recipient } from "age-encryption";
import { VaultError } from "./error.ts";

/** Encrypts to every one of `recipients`: checked public keys, or one passphrase alone. */
export function seal(
  plaintext: string,
  recipients: readonly (string | Recipient)[],
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}

/** Refuses what is no public key of age's own kind. @throws {VaultError} `refused` */
export function checkRecipient(key: string): void {
  try {
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
 * @throws {VaultError} `corrupt`, also if it is for none of `identities`; what one of them throws
 */
export async function openBytes(
  what: string,
  file: Uint8Array,
  identities: readonly (string | Identity)[],
): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    const start = String.fromCharCode(...file.subarray(0, 100)).trimStart();
    const isArmored = start.startsWith("-----BEGIN AGE");
    return await decrypter.decrypt(isArmored ? armor.decode(decode(file)) : file);
  } catch (error) {
    throw error instanceof VaultError ? error : damaged(what);
  }
}

/** Decrypts a file of text. @throws {VaultError} as `openBytes` */
export async function open(
  what: string,
  file: Uint8Array,
  identities: readonly (string | Identity)[],
): Promise<string> {
  const plaintext = await openBytes(what, file, identities);
  try {
    return decode(plaintext);
  } catch {
    throw damaged(what);
  } finally {
    plaintext.fill(0);
  }
}

/** @throws {TypeError} for what is no UTF-8 */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** The error for a file that cannot be what it should be. */
export function damaged(what: string): VaultError {
  const message = `${what} was lost, damaged or renamed, or is for someone else`;
  return new VaultError("corrupt", message, "restore it from a backup");
}
