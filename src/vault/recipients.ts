/**
 * The list of public keys that every secret is encrypted to, in the form that `age -R` reads.
 * @module
 */
import { Encrypter } from "age-encryption";
import { VaultError } from "./error.ts";

/**
 * A public key of age's own kind (X25519): the standard program refuses files that mix kinds.
 * @throws {VaultError} `refused`
 */
export function readRecipient(text: string): string {
  try {
    if (!/^age1[a-z0-9]{58}$/.test(text)) throw new RangeError("not its form");
    new Encrypter().addRecipient(text);
    return text;
  } catch {
    const hint = "make one with age-keygen and give the line that begins with age1";
    throw new VaultError("refused", "a recipient is a public key of age", hint);
  }
}

/** Reads the list. @throws {VaultError} `recipients_broken`, with the line's number */
export function parseRecipients(text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const key = line.trim();
    if (key === "" || key.startsWith("#")) return [];
    try {
      return [readRecipient(key)];
    } catch (cause) {
      const message = `line ${index + 1} of the vault's recipients is no public key of age`;
      throw new VaultError("recipients_broken", message, "correct it", { cause });
    }
  });
}

/** The text of the list. */
export function formatRecipients(own: string, others: readonly string[]): string {
  const more = others.length > 0 ? ["# for recovery", ...others] : [];
  return ["# the vault's own", own, ...more, ""].join("\n");
}
