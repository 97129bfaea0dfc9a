/**
 * Paths that the person types, resolved by the kernel.
 * @module
 */
import { ifPresent } from "../durable/file.ts";
import { KernelError } from "./error.ts";

const NAMES_LIMIT = 200;

/** Where paths are resolved. */
export interface Place {
  /** The folder that relative paths begin in; the process's own could be changed under way. */
  readonly workspace: string;
  readonly profile: { readonly home: string };
}

/** A path that begins at the disk's top; links stay. */
export function absolutePath(folder: string, path: string): string {
  return path.startsWith("/") || /^[A-Za-z]:([\\/]|$)/.test(path) ? path : `${folder}/${path}`;
}

/** Whether `path` is `folder` or lies in it. Both resolved. */
export function contains(folder: string, path: string): boolean {
  const [outer, inner] = [folder, path].map(plainPath) as [string, string];
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}

/** Windows has two slashes, and takes capitals for small letters. */
function plainPath(path: string): string {
  return Deno.build.os === "windows" ? path.replaceAll("\\", "/").toLowerCase() : path;
}

/**
 * A path as the runtime's rights need it: links resolved, and never one that holds the profile.
 * A file that is still to be written is resolved by its folder.
 * @throws {KernelError} `usage` if there is none, `boundary` if it would open the profile
 */
export function resolvePath({ workspace, profile }: Place, path: string): string {
  const real = realPath(absolutePath(workspace, path), path);
  const home = Deno.realPathSync(profile.home);
  if (contains(home, real) || contains(real, home)) {
    throw new KernelError("boundary", `${path} would open Pyra's own folder`, "name another path");
  }
  return real;
}

function realPath(absolute: string, typed: string): string {
  try {
    return Deno.realPathSync(absolute);
  } catch (cause) {
    const [, folder, name] = /^(.*)[\\/]([^\\/]+)$/.exec(absolute) ?? [];
    if (!(cause instanceof Deno.errors.NotFound) || folder === undefined) {
      const hint = "check the path and its mode";
      throw new KernelError("usage", `${typed} cannot be read`, hint, cause);
    }
    if (isLink(absolute)) {
      throw new KernelError(
        "boundary",
        `${typed} is a link that leads nowhere`,
        "remove it",
        cause,
      );
    }
    try {
      const parent = Deno.realPathSync(folder || "/");
      return `${parent === "/" ? "" : parent}/${name}`;
    } catch (cause) {
      throw new KernelError("usage", `there is no ${typed}`, "check the path", cause);
    }
  }
}

/** Whether there is a link, wherever it leads: a file written through one would appear there. */
function isLink(path: string): boolean {
  return ifPresent(() => Deno.lstatSync(path))?.isSymlink === true;
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
