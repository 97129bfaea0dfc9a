/**
 * What a secret's age file holds, and what a bundle of them holds: JSON.
 * @module
 */
import { type Binding, readBinding } from "./binding.ts";
import { VaultError } from "./error.ts";
import { encodeName } from "./name.ts";

/** Limit of a secret's value, bytes in UTF-8. */
export const VALUE_LIMIT_BYTES = 64 * 1024;

/** A decrypted secret. */
export interface Secret extends Binding {
  readonly name: string;
  /** The value, or, if `locked`, an armored age file under the secret's own passphrase. */
  readonly value: string;
  readonly locked: boolean;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** When the value was last entered; ISO 8601, UTC. */
  readonly rotated: string;
}

/** Refuses what no secret is, and what would break a request's head. @throws {VaultError} `bad_value` */
export function checkValue(value: string, placement: string): void {
  const size = new TextEncoder().encode(value).length;
  if (size === 0 || size > VALUE_LIMIT_BYTES || !value.isWellFormed()) {
    throw new VaultError("bad_value", `a secret has 1 to ${VALUE_LIMIT_BYTES} bytes of text`);
  }
  if (placement !== "" && !placement.startsWith("form:") && !/^[\x21-\x7e]+$/.test(value)) {
    throw new VaultError(
      "bad_value",
      "a secret for a header or a path has no spaces, line ends or other alphabets in it",
    );
  }
}

/** The text of one secret. */
export function formatSecret({ locked, ...secret }: Secret): string {
  return JSON.stringify(locked ? { ...secret, locked } : secret);
}

/** The text of a bundle. */
export function formatBundle(secrets: readonly Secret[]): string {
  return `[${secrets.map(formatSecret).join(",\n")}]\n`;
}

/** Reads a bundle, or one secret as a bundle of one. @throws {VaultError} `corrupt` */
export function parseBundle(text: string): Secret[] {
  const value = parseJson(text);
  const secrets = (Array.isArray(value) ? value : [value]).map(readSecret);
  if (new Set(secrets.map(({ name }) => name)).size < secrets.length) {
    throw new VaultError("corrupt", "the bundle has two secrets of one name");
  }
  return secrets;
}

/** Reads a secret that must have this name: a file renamed to another's is refused. @throws {VaultError} `corrupt` */
export function parseSecret(text: string, name: string): Secret {
  const secret = readSecret(parseJson(text));
  if (secret.name !== name) {
    throw new VaultError("corrupt", "the file belongs to another secret and was renamed");
  }
  return secret;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not kept as a cause: the parser's message quotes the text.
    throw new VaultError("corrupt", "the decrypted content is no JSON");
  }
}

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;

function isDate(value: unknown): value is string {
  return typeof value === "string" && DATE.test(value);
}

function readSecret(value: unknown): Secret {
  const fields = typeof value === "object" && value !== null ? { ...value } : {};
  const { name, value: text, origins, placement, created, rotated, locked = false } =
    fields as Partial<Record<keyof Secret, unknown>>;
  const texts: readonly unknown[] = Array.isArray(origins) ? origins : [null];
  if (
    typeof name !== "string" || typeof text !== "string" || typeof placement !== "string" ||
    !isDate(created) || !isDate(rotated) || typeof locked !== "boolean" ||
    !texts.every((origin) => typeof origin === "string")
  ) throw new VaultError("corrupt", "the decrypted content is no secret");
  try {
    encodeName(name);
    if (!locked) checkValue(text, placement);
    return { name, value: text, ...readBinding(texts, placement), created, rotated, locked };
  } catch {
    throw new VaultError(
      "corrupt",
      "the decrypted secret has a name or a binding that none may have",
    );
  }
}
