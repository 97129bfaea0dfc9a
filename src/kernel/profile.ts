/**
 * The profile's folder: where it is, that it is whole, and that it is the person's own.
 * @module
 */
import type { ProfilePaths } from "../protocol/kernel_calls.ts";
import { KernelError } from "./error.ts";
import { VAULT_FOLDER, VAULT_LOCK, vaultFolders } from "../vault/paths.ts";

/** A profile's paths, with those that only the kernel and the vault room use. */
export interface Profile extends ProfilePaths {
  /** What the app room is told. */
  readonly shown: ProfilePaths;
  readonly vault: string;
  readonly grants: string;
  readonly grantsKey: string;
  readonly linkCheck: string;
}

/** The folders that are named as what they hold; `data` is the plugins'. */
const FOLDERS = ["memory", "db", "sessions", "recipes", "cache", "run", "logs", "plugins"] as const;
const FOLDER_MODE = 0o700;
/** Files of the profile's top that must be the person's alone. */
const PRIVATE_FILES = ["config.yaml", "grants.json", "security.log", "log_heads.json"];

/** The paths of a profile. `name` is `default` or a folder in `profiles/`. @throws {KernelError} `usage` */
export function profilePaths(base: string, name = "default"): Profile {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u.test(name)) {
    throw new KernelError("usage", "a profile's name has letters, digits, - and _ only");
  }
  const home = name === "default" ? base : `${base}/profiles/${name}`;
  const folders = Object.fromEntries(
    FOLDERS.map((folder) => [folder, `${home}/${folder}`]),
  ) as Record<(typeof FOLDERS)[number], string>;
  const shown = { name, home, config: `${home}/config.yaml`, ...folders };
  return {
    ...shown,
    shown,
    vault: `${home}/${VAULT_FOLDER}`,
    grants: `${home}/grants.json`,
    grantsKey: `${home}/.grants_key`,
    linkCheck: `${home}/.link_check`,
  };
}

/**
 * Makes a new profile, or checks an old one: it is the person's own, it has its vault's lock, and
 * its modes are repaired.
 * @param warn is told what was repaired
 * @throws {KernelError} `profile`
 */
export function openProfile(profile: Profile, warn: (text: string) => void): void {
  const { home, vault } = profile;
  const lock = `${vault}/${VAULT_LOCK.name}`;
  const present = stat(home);
  if (present && !present.isDirectory) {
    throw new KernelError("profile", `${home} is no folder`, "move it away, or use --home");
  }
  if (present && Deno.build.os !== "windows" && present.uid !== Deno.uid()) {
    const hint = "use a folder of your own with --home";
    throw new KernelError("profile", `${home} belongs to another user`, hint);
  }
  // A profile without its lock was tampered with, or restored in part: nothing in it is trusted.
  const entries = present ? [...Deno.readDirSync(home)].map(({ name }) => name) : [];
  // Notes alone are no profile yet: the person may have brought them from elsewhere.
  const strangers = entries.filter((entry) =>
    entry !== VAULT_FOLDER && entry !== "profiles" && entry !== "memory"
  );
  if (strangers.length > 0 && !exists(lock)) {
    const hint = "restore the vault folder from a backup, or start anew with another --home";
    throw new KernelError("profile", `${lock} is missing although ${home} is in use`, hint);
  }
  // The lock comes first: a kill in between leaves a profile that is still new, or whole.
  for (const folder of [home, vault, ...vaultFolders(vault)]) ensureFolder(folder, warn);
  if (!exists(lock)) Deno.writeTextFileSync(lock, VAULT_LOCK.content, { mode: VAULT_LOCK.mode });
  for (const folder of [...FOLDERS, "data"]) ensureFolder(`${home}/${folder}`, warn);
  for (const file of PRIVATE_FILES) repairMode(`${home}/${file}`, 0o600, warn);
}

/** Whether there is something at a path. @throws {KernelError} `profile` if that cannot be told */
export function exists(path: string): boolean {
  return stat(path) !== undefined;
}

function stat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new KernelError("profile", `${path} cannot be read`, "check its owner and mode", cause);
  }
}

/** A link that leads nowhere counts as missing, and cannot be made a folder. */
function ensureFolder(path: string, warn: (text: string) => void): void {
  if (exists(path)) return repairMode(path, FOLDER_MODE, warn);
  try {
    Deno.mkdirSync(path, { mode: FOLDER_MODE, recursive: true });
  } catch (cause) {
    const hint = "check that the disk is writable, or use --home";
    throw new KernelError("profile", `${path} cannot be made`, hint, cause);
  }
}

function repairMode(path: string, mode: number, warn: (text: string) => void): void {
  const found = stat(path)?.mode ?? 0;
  if (Deno.build.os === "windows" || (found & 0o777 & ~mode) === 0) return;
  try {
    Deno.chmodSync(path, mode);
    warn(`${path} was open to others; its mode is ${mode.toString(8)} again`);
  } catch (cause) {
    const hint = `run chmod ${mode.toString(8)} on it`;
    throw new KernelError("profile", `${path} is open to others`, hint, cause);
  }
}
