/**
 * Whether a client's environment speaks for the same person as the daemon's, told without telling it.
 * @module
 */
import { createHmac } from "node:crypto";

/** HMAC-SHA-256 of the variables, by the connection's token; hexadecimal. */
export function secretsDigest(
  token: Uint8Array,
  identity: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(identity).sort(([one], [other]) => one < other ? -1 : 1);
  return createHmac("sha256", token).update(JSON.stringify(sorted)).digest("hex");
}
