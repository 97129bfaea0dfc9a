/**
 * A secret's name as the name of its file, which is all lower case but for the digits after `%`, so
 * two names never meet on a disk that ignores case; every byte that some system treats in its own
 * way (dots, colons, letters with accents) is percent-encoded.
 * @module
 */
import { VaultError } from "./error.ts";

/** Limit of a file's name without its ending, bytes; disks take 255, a temporary name needs 40. */
export const ENCODED_LIMIT_BYTES = 200;

const PLAIN = /[a-z0-9_-]/;
/** Names that Windows keeps for devices, also with an ending. */
const DEVICE = /^(?:con|prn|aux|nul|(?:com|lpt)\d)$/;
/** Control characters and the marks that make one text look like another. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** The file's name, without its ending, for a secret's name. @throws {VaultError} `refused` */
export function encodeName(name: string): string {
  if (name === "" || name.trim() !== name || UNSEEN.test(name) || !name.isWellFormed()) {
    throw new VaultError("refused", "a secret's name is a line of visible characters");
  }
  const encoded = Array.from(new TextEncoder().encode(name), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN.test(character) ? character : hex(byte);
  }).join("");
  if (encoded.length > ENCODED_LIMIT_BYTES) {
    const hint = `take at most ${ENCODED_LIMIT_BYTES} letters; capitals and signs count three`;
    throw new VaultError("refused", "the secret's name is too long", hint);
  }
  return DEVICE.test(encoded) ? hex(encoded.charCodeAt(0)) + encoded.slice(1) : encoded;
}

function hex(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
