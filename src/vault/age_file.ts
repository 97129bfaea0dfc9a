/**
 * One age file, sealed and opened whole.
 * @module
 */
import { armor, Decrypter, Encrypter, type Identity, type Recipient } from "age-encryption";
import { VaultError } from "./error.ts";

const ARMOR = "-----BEGIN AGE";

/** Encrypts to every one of `recipients`: public keys, or one passphrase alone. */
export function seal(
  plaintext: Uint8Array | string,
  recipients: readonly (string | Recipient)[],
): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter.encrypt(plaintext);
}

/** The same as text that fits into a line-based file. */
export async function sealArmored(plaintext: string, recipient: Recipient): Promise<string> {
  return armor.encode(await seal(plaintext, [recipient]));
}

/**
 * Decrypts a file, armored or not, to text.
 * @param refuse makes the error for a file that none of `identities` opens
 * @throws {VaultError} `corrupt`, that of `refuse`, and what an identity throws
 */
export async function open(
  file: Uint8Array,
  identities: readonly (string | Identity)[],
  refuse: () => VaultError,
): Promise<string> {
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  // Asked last, and only if no other opened the file: tells that case from a damaged file.
  decrypter.addIdentity({
    unwrapFileKey() {
      throw refuse();
    },
  });
  let plaintext: Uint8Array;
  try {
    const start = new TextDecoder().decode(file.subarray(0, 100)).trimStart();
    const bytes = start.startsWith(ARMOR) ? armor.decode(new TextDecoder().decode(file)) : file;
    plaintext = await decrypter.decrypt(bytes);
  } catch (cause) {
    if (cause instanceof VaultError) throw cause;
    throw new VaultError("corrupt", "the file was damaged or cut off", "", { cause });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch {
    throw new VaultError("corrupt", "the file's content is no text");
  } finally {
    plaintext.fill(0);
  }
}
