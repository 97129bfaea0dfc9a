/**
 * The names and modes of the vault's files. Pure, so that the kernel can make the folder without
 * naming a file of it; nothing outside `src/vault` writes these names.
 * @module
 */
import type { VaultMode } from "../protocol/kernel_calls.ts";

/** The vault's folder in a profile. */
export const VAULT_FOLDER = "vault";
/** Shows that a profile is whole, and is what two programs that change one vault lock (`flock`). */
export const VAULT_LOCK = {
  name: ".vault_lock",
  mode: 0o400,
  content: "This file belongs to the vault beside it. Pyra does not start without it.\n",
} as const;
/** One age file for each secret lies here. */
export const SECRETS_FOLDER = "secrets";
/** Public keys that every secret is encrypted to, one a line (`age -R`), the vault's own first. */
export const RECIPIENTS_FILE = "recipients.txt";
/** There while a change of more than one file is under way; the next unlock finishes it. */
export const UNFINISHED_FILE = "unfinished.txt";
/** The ending of an age file. */
export const AGE_ENDING = ".age";

/** The file that says how the identity is kept. */
export const IDENTITY_FILES: Readonly<Record<VaultMode, string>> = {
  passphrase: "identity.age",
  gpg: "identity.gpg",
  keystore: "identity.keystore",
  keyfile: "identity.keyfile.age",
};

/**
 * In the order in which those files count: a change of mode that was killed leaves two, and the
 * better protected one is kept.
 */
export const MODES: readonly VaultMode[] = ["passphrase", "gpg", "keystore", "keyfile"];

/** The folders inside the vault's folder, which the kernel makes. */
export function vaultFolders(vault: string): string[] {
  return [`${vault}/${SECRETS_FOLDER}`];
}

/** Whether a file was left by a write that was killed (`src/durable/file.ts`). */
export function isLeftover(name: string): boolean {
  return /\.\d+-\d+-[0-9a-f]{8}\.tmp$/.test(name);
}
