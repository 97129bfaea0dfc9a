/**
 * What can be told of a vault without a key, and without the code that uses one.
 * @module
 */
import type { VaultMode, VaultStatus } from "../kernel/calls.ts";
import type { Folder } from "./folder.ts";
import { AGE_ENDING, IDENTITY_FILES, RECIPIENTS_FILE, SECRETS_FOLDER } from "./paths.ts";

/** In the order in which their files count. */
export const MODES: readonly VaultMode[] = ["passphrase", "gpg", "keystore", "keyfile"];

/** How the identity is kept, or `undefined` if there is none. */
export async function identityMode(folder: Folder): Promise<VaultMode | undefined> {
  for (const mode of MODES) if (await folder.has(IDENTITY_FILES[mode])) return mode;
  return undefined;
}

/** The files of the secrets, inside the vault's folder; also of what only seems to be one. */
export async function secretFiles(folder: Folder): Promise<string[]> {
  const names = await folder.list(SECRETS_FOLDER);
  return names.filter((name) => name.toLowerCase().endsWith(AGE_ENDING))
    .map((name) => `${SECRETS_FOLDER}/${name}`);
}

/** Whom secrets are encrypted to: none if the list is missing, or has a line that is no public key. */
export async function listedRecipients(folder: Folder): Promise<string[]> {
  const text = new TextDecoder().decode(await folder.read(RECIPIENTS_FILE));
  const lines = text.split("\n").map((line) => line.trim());
  const keys = lines.filter((line) => line !== "" && !line.startsWith("#"));
  // Keys of age's own kind alone: the standard program refuses files that mix kinds.
  return keys.every((key) => /^age1[a-z0-9]{58}$/.test(key)) ? keys : [];
}

/** The status of a vault that is not open. */
export async function readStatus(folder: Folder): Promise<VaultStatus> {
  const mode = await identityMode(folder);
  const secrets = (await secretFiles(folder)).length;
  const recipients = await listedRecipients(folder);
  return { state: mode ? "locked" : "absent", mode, secrets, recipients };
}
