/**
 * One age file, sealed and opened whole.
 * @module
 */
import { armor, Decrypter, Encrypter, type Identity, type Recipient } from "age-encryption";
import { VaultError } from "./error.ts";

/** Encrypts to every one of `recipients`: public keys, or one passphrase alone. */
export function seal(
  plaintext: string,
  recipients: readonly (string | Recipient)[],
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}

/**
 * Decrypts a file, armored or not.
 * @throws {VaultError} `corrupt`; `wrong_identity` if it is for none of `identities`; what one throws
 */
export async function openBytes(
  file: Uint8Array,
  identities: readonly (string | Identity)[],
): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  // Asked last, and only if no other opened the file: tells that case from a damaged file.
  decrypter.addIdentity({
    unwrapFileKey() {
      throw new VaultError("wrong_identity", "it is encrypted for another identity");
    },
  });
  try {
    const start = String.fromCharCode(...file.subarray(0, 100)).trimStart();
    const isArmored = start.startsWith("-----BEGIN AGE");
    return await decrypter.decrypt(isArmored ? armor.decode(decode(file)) : file);
  } catch (error) {
    throw error instanceof VaultError ? error : damaged();
  }
}

/** Decrypts a file of text. @throws {VaultError} as `openBytes` */
export async function open(
  file: Uint8Array,
  identities: readonly (string | Identity)[],
): Promise<string> {
  const plaintext = await openBytes(file, identities);
  try {
    return decode(plaintext);
  } catch {
    throw damaged();
  } finally {
    plaintext.fill(0);
  }
}

/** @throws {TypeError} for what is no UTF-8 */
function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Has no cause: nobody promises what a library's message quotes. */
function damaged(): VaultError {
  return new VaultError("corrupt", "it was damaged or cut off", "restore it from a backup");
}
