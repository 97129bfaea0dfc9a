/**
 * What a secret's age file holds, and what a bundle of them holds: JSON.
 * @module
 */
import { armor } from "age-encryption";
import type { SecretSummary } from "../kernel/calls.ts";
import { open, seal } from "./age_file.ts";
import { readBinding } from "./binding.ts";
import { VaultError } from "./error.ts";
import { encodeName } from "./name.ts";
import { ScryptIdentity, type ScryptRecipient } from "./scrypt.ts";

/** Limit of a secret's value, bytes in UTF-8. */
export const VALUE_LIMIT_BYTES = 64 * 1024;

/** A decrypted secret; if `locked`, the value is an armored age file under a passphrase of its own. */
export interface Secret extends SecretSummary {
  readonly value: string;
}

/** Refuses what no secret is, and what would break a request's head. @throws {VaultError} `refused` */
export function checkValue(value: string, placement: string): void {
  const size = new TextEncoder().encode(value).length;
  if (size === 0 || size > VALUE_LIMIT_BYTES || !value.isWellFormed()) {
    throw new VaultError("refused", `a secret has 1 to ${VALUE_LIMIT_BYTES} bytes of text`);
  }
  if (placement !== "" && !placement.startsWith("form:") && !/^[\x21-\x7e]+$/.test(value)) {
    const message = "a secret for a header or a path is one word of letters, digits and signs";
    throw new VaultError("refused", message, "check what was pasted");
  }
}

/** The text of a secret's file, or of a bundle; `locked` is in it only where it is true. */
export function formatSecrets(secrets: Secret | readonly Secret[]): string {
  return JSON.stringify(secrets, (_field, value) => value === false ? undefined : value);
}

/** Reads one secret, or a bundle: a list of them. @throws {VaultError} `corrupt` */
export function parseSecrets(text: string): Secret[] {
  try {
    const value: unknown = JSON.parse(text);
    const secrets = (Array.isArray(value) ? value : [value]).map(readSecret);
    if (new Set(secrets.map(({ name }) => name)).size < secrets.length) {
      throw new RangeError("name");
    }
    return secrets;
  } catch {
    // Not kept as a cause: a parser's message quotes the text.
    throw new VaultError("corrupt", "what it holds is no secret as the vault writes them");
  }
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

/** @throws anything for what is no secret */
function readSecret(foreign: unknown): Secret {
  const fields = new Map<string, unknown>(Object.entries(Object(foreign)));
  const text = (field: string, form = /^/) => {
    const value = fields.get(field);
    if (typeof value !== "string" || !form.test(value)) throw new TypeError(field);
    return value;
  };
  const origins: unknown = fields.get("origins");
  if (!Array.isArray(origins)) throw new TypeError("origins");
  const secret = {
    name: text("name"),
    value: text("value"),
    ...readBinding(origins.map(String), text("placement")),
    created: text("created", DATE),
    rotated: text("rotated", DATE),
    locked: fields.get("locked") === true,
  };
  encodeName(secret.name);
  if (!secret.locked) checkValue(secret.value, secret.placement);
  return secret;
}

/** Puts a value behind a passphrase of its own. */
export async function lockValue(value: string, recipient: ScryptRecipient): Promise<string> {
  return armor.encode(await seal(value, [recipient]));
}

/** The value of a locked secret. @throws {VaultError} `own_passphrase`, `wrong_passphrase`, `corrupt` */
export function openValue(
  { name, value }: Secret,
  passphrase: string | undefined,
): Promise<string> {
  if (passphrase === undefined) throw ownPassphraseNeeded(name);
  return open(new TextEncoder().encode(value), [new ScryptIdentity(passphrase)]);
}

/** The error for a locked secret that was not opened. */
export function ownPassphraseNeeded(name: string): VaultError {
  return new VaultError("own_passphrase", `${name} has a passphrase of its own`, "enter it");
}
