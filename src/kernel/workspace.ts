/**
 * Paths that the person types, resolved by the kernel.
 * @module
 */
import { KernelError } from "./error.ts";

const NAMES_LIMIT = 200;

/** Whether `path` is `folder` or lies in it. Both resolved. */
function contains(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Where paths are resolved: a run, or what is known of one before it begins. */
export interface Place {
  /** The folder that relative paths begin in; the process's own could be changed under way. */
  readonly workspace: string;
  readonly profile: { readonly home: string };
}

function absolute(place: Place, path: string): string {
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);
  return isAbsolute ? path : `${place.workspace}/${path}`;
}

/**
 * A path as the runtime's rights need it: links resolved, and never one that holds the profile.
 * A file that is still to be written is resolved by its folder.
 * @throws {KernelError} `usage` if there is none, `boundary` if it would open the profile
 */
export function resolvePath(place: Place, path: string): string {
  let real: string;
  try {
    real = Deno.realPathSync(absolute(place, path));
  } catch (cause) {
    const [, folder, name] = /^(.*)[\\/]([^\\/]+)$/.exec(absolute(place, path)) ?? [];
    if (!(cause instanceof Deno.errors.NotFound) || folder === undefined) {
      throw new KernelError("usage", `${path} cannot be read`, "check the path and its mode", {
        cause,
      });
    }
    try {
      real = `${Deno.realPathSync(folder || "/")}/${name}`;
    } catch (cause) {
      throw new KernelError("usage", `there is no ${path}`, "check the path", { cause });
    }
  }
  const profile = Deno.realPathSync(place.profile.home);
  if (contains(profile, real) || contains(real, profile)) {
    throw new KernelError("boundary", `${path} would open Pyra's own folder`, "name another path");
  }
  return real;
}

/** The folder that a resolved path leads to: itself, or the one that a file lies in. */
export function folderOf(path: string): string {
  const isFolder = Deno.statSync(path).isDirectory;
  return isFolder ? path : path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Names in the workspace that begin with a prefix, as `KernelCalls.completePath` says. */
export function completePath({ workspace }: Place, prefix: string): string[] {
  const [, folder = "", start = ""] = /^(.*\/)?([^/]*)$/.exec(prefix) ?? [];
  if (prefix.startsWith("/") || folder.split("/").some((part) => part.startsWith("."))) return [];
  const names: string[] = [];
  try {
    for (const entry of Deno.readDirSync(`${workspace}/${folder}`)) {
      if (entry.name.startsWith(".") || !entry.name.startsWith(start)) continue;
      names.push(`${folder}${entry.name}${entry.isDirectory ? "/" : ""}`);
      if (names.length === NAMES_LIMIT) break;
    }
  } catch (error) {
    // A folder that is not there, or may not be read, completes to nothing.
    if (!(error instanceof Error)) throw error;
  }
  return names.sort();
}
