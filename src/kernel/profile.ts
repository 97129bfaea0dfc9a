/**
 * The profile's folder: where it is, that it is whole, and that it is the person's own.
 * @module
 */
import type { ProfilePaths } from "../protocol/kernel_calls.ts";
import { KernelError } from "./error.ts";
import { VAULT_FOLDER, VAULT_LOCK, vaultFolders } from "../vault/paths.ts";

/** A profile's paths, with those that only the kernel and the vault room use. */
export interface Profile extends ProfilePaths {
  readonly vault: string;
  readonly grants: string;
  readonly grantsKey: string;
  readonly linkCheck: string;
  readonly securityLog: string;
}

const FOLDERS = [
  "memory",
  "db",
  "sessions",
  "recipes",
  "cache",
  "run",
  "logs",
  "plugins",
  "data",
] as const;
const FOLDER_MODE = 0o700;
/** Files of the profile's top that must be the person's alone. */
const PRIVATE_FILES = ["config.yaml", "grants.json", "security.log"];

/** The paths of a profile. `name` is `default` or a folder in `profiles/`. @throws {KernelError} `usage` */
export function profilePaths(base: string, name: string | undefined): Profile {
  if (name !== undefined && !/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u.test(name)) {
    throw new KernelError("usage", "a profile's name has letters, digits, - and _ only");
  }
  const home = name === undefined || name === "default" ? base : `${base}/profiles/${name}`;
  const inside = (entry: string) => `${home}/${entry}`;
  return {
    name: name ?? "default",
    home,
    config: inside("config.yaml"),
    memory: inside("memory"),
    db: inside("db"),
    sessions: inside("sessions"),
    recipes: inside("recipes"),
    cache: inside("cache"),
    run: inside("run"),
    logs: inside("logs"),
    plugins: inside("plugins"),
    vault: inside(VAULT_FOLDER),
    grants: inside("grants.json"),
    grantsKey: inside(".grants_key"),
    linkCheck: inside(".link_check"),
    securityLog: inside("security.log"),
  };
}

/**
 * Makes a new profile, or checks an old one: it is the person's own, it has its vault's lock, and
 * its modes are repaired.
 * @param warn is told what was repaired
 * @throws {KernelError} `profile`
 */
export function openProfile(profile: Profile, warn: (text: string) => void): void {
  const { home } = profile;
  const lock = `${profile.vault}/${VAULT_LOCK.name}`;
  const present = stat(home);
  if (present && !present.isDirectory) {
    throw new KernelError("profile", `${home} is no folder`, "move it away, or use --home");
  }
  if (present && Deno.build.os !== "windows" && present.uid !== Deno.uid()) {
    throw new KernelError(
      "profile",
      `${home} belongs to another user`,
      "use a folder of your own with --home",
    );
  }
  // A profile without its lock was tampered with, or restored in part: nothing in it is trusted.
  const entries = present ? [...Deno.readDirSync(home)].map(({ name }) => name) : [];
  const strangers = entries.filter((entry) => entry !== VAULT_FOLDER && entry !== "profiles");
  if (strangers.length > 0 && !stat(lock)) {
    throw new KernelError(
      "profile",
      `${lock} is missing although ${home} is in use`,
      "restore the vault folder from a backup, or start anew with another --home",
    );
  }
  // The lock comes first: a kill in between leaves a profile that is still new, or whole.
  for (const folder of [home, profile.vault, ...vaultFolders(profile.vault)]) {
    ensureFolder(folder, warn);
  }
  if (!stat(lock)) Deno.writeTextFileSync(lock, VAULT_LOCK.content, { mode: VAULT_LOCK.mode });
  for (const folder of FOLDERS) ensureFolder(`${home}/${folder}`, warn);
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
    throw new KernelError("profile", `${path} cannot be read`, "check its owner and mode", {
      cause,
    });
  }
}

function ensureFolder(path: string, warn: (text: string) => void): void {
  let info: Deno.FileInfo | undefined;
  try {
    info = Deno.lstatSync(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  if (!info) {
    try {
      return Deno.mkdirSync(path, { mode: FOLDER_MODE, recursive: true });
    } catch (cause) {
      const hint = "check that the disk is writable, or use --home";
      throw new KernelError("profile", `${path} cannot be made`, hint, { cause });
    }
  }
  // The home itself may be a link that the person made; a folder inside it may not.
  if (info.isSymlink && !stat(path)?.isDirectory) {
    throw new KernelError("profile", `${path} is a link that leads nowhere`);
  }
  repairMode(path, FOLDER_MODE, warn);
}

function repairMode(path: string, mode: number, warn: (text: string) => void): void {
  if (Deno.build.os === "windows") return;
  const info = stat(path);
  if (!info || info.mode === null || (info.mode & 0o777 & ~mode) === 0) return;
  try {
    Deno.chmodSync(path, mode);
    warn(`${path} was open to others; its mode is ${mode.toString(8)} again`);
  } catch (cause) {
    const hint = `run chmod ${mode.toString(8)} on it`;
    throw new KernelError("profile", `${path} is open to others`, hint, { cause });
  }
}
