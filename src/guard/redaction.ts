/**
 * Takes secrets out of text: keys, tokens, passwords, private keys.
 *
 * It knows what secrets look like, not which ones there are: what the vault gives out is blotted where it
 * is given out.
 * @module
 */
import { findSecrets } from "./redaction/scan.ts";
import { masked } from "./redaction/secret.ts";

export { RedactionStream } from "./redaction/stream.ts";

/** Taking a secret out may bring another to light; no text needs more rounds. */
const ROUNDS = 6;

/**
 * The text with `[redacted: <kind>]` in the place of each secret. What tells what it was stays: the name
 * before the sign, the header's name, the address around the password. Redacting twice changes nothing.
 * Takes time in proportion to the text's length, and throws nothing.
 */
export function redact(text: string): string {
  let left = text;
  for (let round = 0; round < ROUNDS; round++) {
    const secrets = findSecrets(left);
    if (secrets.length === 0) break;
    left = masked(left, secrets);
  }
  return left;
}
