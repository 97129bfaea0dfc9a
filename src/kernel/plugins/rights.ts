/**
 * A room's rights: the folders that were agreed to, as the disk has them now.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { PluginStart } from "../../protocol/plugin_host_calls.ts";
import { ifPresent } from "../../durable/file.ts";
import { KernelError } from "../error.ts";
import { refuseLinks } from "../links.ts";
import type { Profile } from "../profile.ts";
import { contains } from "../workspace.ts";

const ENTRIES_LIMIT = 500;

/** What the rights are made from. */
export interface Ground {
  /** The folder that is the plugin's own; made if it is not there. */
  readonly data: string;
  readonly profile: Profile;
  readonly workspace: string;
  /** The person's home folder. */
  readonly userHome: string | undefined;
}

/** A room's rights and the folders that it is told of. */
export interface RoomRights {
  readonly permissions: PluginStart["permissions"];
  readonly dataFolder: string;
  readonly workspace: string | null;
}

/** Makes the data folder and resolves the granted ones. @throws {KernelError} `boundary`, `usage` */
export function roomRights(ground: Ground, wishes: PluginGrants): RoomRights {
  const { data, workspace } = ground;
  Deno.mkdirSync(data, { recursive: true, mode: 0o700 });
  // It is the only folder here that is looked through wholly; see the room for links in the others.
  refuseLinks([data], `${data}.links`);
  const dataFolder = Deno.realPathSync(data);
  const place = wishes.workspace === "none" ? [] : openFolder(ground, workspace);
  const read = wishes.read.flatMap((path) => granted(ground, path));
  const write = [
    dataFolder,
    ...wishes.write.flatMap((path) => granted(ground, path)),
    ...(wishes.workspace === "write" ? place : []),
  ];
  return {
    permissions: { read: [...write, ...read, ...place], write, net: wishes.tcp },
    dataFolder,
    workspace: wishes.workspace === "none" ? null : Deno.realPathSync(workspace),
  };
}

function granted(ground: Ground, path: string): string[] {
  if (!path.startsWith("~/")) return openFolder(ground, path);
  if (ground.userHome !== undefined) return openFolder(ground, ground.userHome + path.slice(1));
  throw new KernelError("usage", `there is no home folder for ${path}`, "set HOME");
}

/**
 * A folder as rights: itself; if it holds a profile, its visible entries that hold none.
 * @throws {KernelError} `boundary` if it lies in a profile, `usage` if it is not there
 */
function openFolder(ground: Ground, path: string): string[] {
  let real: string;
  try {
    real = Deno.realPathSync(path);
  } catch (cause) {
    const hint = "make it, or disable the plugin that asks for it";
    throw new KernelError("usage", `the folder ${path} is not there`, hint, cause);
  }
  const profiles = profileFolders(ground);
  if (profiles.some((profile) => contains(profile, real))) {
    const hint = "a plugin never gets that";
    throw new KernelError("boundary", `${path} lies in Pyra's own folder`, hint);
  }
  if (!profiles.some((profile) => contains(real, profile))) return [real];
  const entries = [...Deno.readDirSync(real)]
    // A link could lead into a profile.
    .filter(({ name, isSymlink }) => !name.startsWith(".") && !isSymlink)
    .map(({ name }) => `${real === "/" ? "" : real}/${name}`)
    .filter((entry) => !profiles.some((profile) => contains(entry, profile)));
  if (entries.length <= ENTRIES_LIMIT) return entries;
  const hint = "start Pyra in a folder of your work";
  throw new KernelError("boundary", `${path} holds Pyra's own folder and much else`, hint);
}

/** Where profiles lie: this run's with its siblings, and the usual place. Links resolved. */
export function profileFolders(
  { profile: { home, name }, userHome }: Pick<Ground, "profile" | "userHome">,
): string[] {
  const base = name === "default" ? home : home.slice(0, -`/profiles/${name}`.length);
  const usual = userHome === undefined ? [] : [`${userHome}/.pyra`];
  return [base, home, ...usual].flatMap((path) => ifPresent(() => Deno.realPathSync(path)) ?? []);
}
