/**
 * All secrets in one age file, to be carried to another vault or opened by the age program.
 * @module
 */
import { open, seal } from "./age_file.ts";
import type { VaultCalls } from "./calls.ts";
import { VaultError } from "./error.ts";
import { type KeyPair, parseIdentities } from "./identity.ts";
import { readRecipient } from "./recipients.ts";
import { ScryptIdentity, ScryptRecipient } from "./scrypt.ts";
import { formatSecrets, parseSecrets, type Secret } from "./secret.ts";

/** Encrypts a bundle. @throws {VaultError} `refused`, `passphrase_needed`, `bad_params` for both or none */
export async function sealBundle(
  secrets: readonly Secret[],
  { recipients = [], passphrase }: Parameters<VaultCalls["exportBundle"]>[0],
  workFactor: number | undefined,
): Promise<Uint8Array> {
  const keys = passphrase === undefined ? [] : [new ScryptRecipient(passphrase, workFactor)];
  if ((keys.length === 0) === (recipients.length === 0)) {
    throw new VaultError("bad_params", "an export is for recipients, or under a passphrase");
  }
  return await seal(formatSecrets(secrets), [...keys, ...recipients.map(readRecipient)]);
}

/**
 * Decrypts a bundle, or one secret's file, with what was given or else with the vault's own keys.
 * @throws {VaultError} `passphrase_needed`, `wrong_passphrase`, `wrong_identity`, `identity_broken`,
 * `corrupt`
 */
export async function openBundle(
  { bytes, passphrase, identity }: Parameters<VaultCalls["importBundle"]>[0],
  own: readonly KeyPair[],
): Promise<Secret[]> {
  const pairs = identity === undefined ? own : await parseIdentities(identity);
  const keys = [new ScryptIdentity(passphrase), ...pairs.map((pair) => pair.identity)];
  return parseSecrets(await open(bytes, keys));
}
