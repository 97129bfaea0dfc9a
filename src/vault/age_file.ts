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
 * Decrypts a file, armored or not, to text.
 * @throws {VaultError} `corrupt`; `wrong_identity` if none of `identities` is asked for; what an
 * identity throws
 */
export async function open(
  file: Uint8Array,
  identities: readonly (string | Identity)[],
): Promise<string> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  // Asked last, and only if no other opened the file: tells that case from a damaged file.
  decrypter.addIdentity({
    unwrapFileKey() {
      throw new VaultError("wrong_identity", "it is encrypted for another identity");
    },
  });
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const start = String.fromCharCode(...file.subarray(0, 100)).trimStart();
    const isArmored = start.startsWith("-----BEGIN AGE");
    const bytes = isArmored ? armor.decode(decoder.decode(file)) : file;
    const plaintext = await decrypter.decrypt(bytes);
    const text = decoder.decode(plaintext);
    plaintext.fill(0);
    return text;
  } catch (error) {
    // Not kept as a cause: nobody promises what a library's message quotes.
    throw error instanceof VaultError
      ? error
      : new VaultError("corrupt", "it was damaged or cut off", "restore it from a backup");
  }
}
