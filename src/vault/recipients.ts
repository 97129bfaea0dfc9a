/**
 * The list of public keys that every secret is encrypted to, in the form that `age -R` reads.
 * @module
 */
import { Encrypter } from "age-encryption";
import { VaultError } from "./error.ts";

/**
 * A public key as age writes it. Only `age1…` keys of X25519: the standard program refuses files that
 * mix them with others.
 * @throws {VaultError} `bad_recipient`
 */
export function readRecipient(text: string): string {
  try {
    if (!/^age1[a-z0-9]{58}$/.test(text)) throw new RangeError("not the form of a key");
    new Encrypter().addRecipient(text);
    return text;
  } catch (cause) {
    const hint = "make one with age-keygen and give the line that begins with age1";
    throw new VaultError("bad_recipient", "a recipient is a public key of age", hint, { cause });
  }
}

/** Reads the list. @throws {VaultError} `recipients_broken`, with the line's number */
export function parseRecipients(text: string): string[] {
  const recipients = text.split("\n").map((line) => line.trim()).flatMap((line, index) => {
    if (line === "" || line.startsWith("#")) return [];
    try {
      return [readRecipient(line)];
    } catch (cause) {
      throw brokenRecipients(`line ${index + 1} is no public key of age`, "correct it", cause);
    }
  });
  if (recipients.length === 0) {
    throw brokenRecipients("it names nobody", "restore it from a backup");
  }
  return [...new Set(recipients)];
}

/** The error for a list that is not there. */
export function missingRecipients(): VaultError {
  const hint = "restore it from a backup, or write it anew with: pyra vault recipients --add KEY";
  return brokenRecipients("it is missing", hint);
}

/** Nothing is written while the list cannot be used, so that no recipient is lost. */
function brokenRecipients(what: string, hint: string, cause?: unknown): VaultError {
  return new VaultError(
    "recipients_broken",
    `the vault's list of recipients cannot be used: ${what}`,
    hint,
    { cause },
  );
}

/** The text of the list. */
export function formatRecipients(own: string, others: readonly string[]): string {
  const more = others.length > 0 ? ["# for recovery", ...others] : [];
  return ["# the vault's own", own, ...more, ""].join("\n");
}
