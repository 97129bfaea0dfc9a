/**
 * Paths that the model gives, as places in the workspace. A link is followed only as far as the workspace
 * goes; rights are checked by the runtime along the path as it is written, so this is what keeps links in.
 * @module
 */
import { Buffer } from "node:buffer";
import type { Json } from "pyra/sdk";
import { FileError, fileFault, isMissing, quoted } from "./file_error.ts";

/** A file or folder of the workspace, perhaps one that is still to be made. */
export interface Place {
  /** From the workspace, `/` between parts, without links; `.` for the workspace itself. */
  readonly path: string;
  /** Absolute, without links but perhaps its own last part. */
  readonly real: string;
  /** What is there; undefined if nothing is. Of a link, the link's own. */
  readonly info: Deno.FileInfo | undefined;
}

/** UTF-16 units of a path, and bytes of a name as most disks take them. */
const PATH_UNITS = 4_000;
const NAME_BYTES = 255;
/** Names that Windows gives to devices, whatever their ending. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** What no new name may hold: what moves the cursor, hides or turns text. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** The workspace's folder. @throws {FileError} `refused` if the plugin has none */
export function workspaceOf({ workspace }: { readonly workspace: string | undefined }): string {
  if (workspace !== undefined) return workspace;
  throw new FileError("refused", "the plugin files has no workspace; start Pyra in a folder");
}

/** What a path leads to, links followed. @throws {FileError} if nothing is there, or outside */
export async function existingPlace(workspace: string, given: Json | undefined): Promise<Place> {
  const parts = partsOf(workspace, given);
  try {
    const real = await Deno.realPath(joined(workspace, parts));
    return { path: within(workspace, real, parts), real, info: await Deno.lstat(real) };
  } catch (thrown) {
    throw fileFault(thrown, parts.join("/"));
  }
}

/** An entry of a folder, by its name: of a link, the link itself. Its folder need not be there yet. */
export async function entryPlace(workspace: string, given: Json | undefined): Promise<Place> {
  const parts = partsOf(workspace, given);
  if (parts.length === 0) {
    throw new FileError("bad_input", "that is the workspace itself; name something in it");
  }
  const missing: string[] = [];
  try {
    for (let known = parts.slice(0, -1);; known = known.slice(0, -1)) {
      const folder = await realFolder(joined(workspace, known));
      if (folder !== undefined) {
        const above = within(workspace, folder, known);
        const rest = [...missing, ...parts.slice(-1)];
        const real = joined(folder, rest);
        return {
          path: [...(above === "." ? [] : [above]), ...rest].join("/"),
          real,
          info: missing.length > 0 ? undefined : await infoOf(real),
        };
      }
      missing.unshift(...known.slice(-1));
    }
  } catch (thrown) {
    throw fileFault(thrown, parts.join("/"));
  }
}

/** Where a file would be written: what a link leads to, if that is in the workspace and there. */
export async function writtenPlace(workspace: string, given: Json | undefined): Promise<Place> {
  const place = await entryPlace(workspace, given);
  if (place.info?.isSymlink) return await existingPlace(workspace, given);
  if (place.info === undefined) refuseName(place);
  return place;
}

/** @throws {FileError} `bad_input` if a name should not be given to anything new */
export function refuseName({ path }: Place): void {
  for (const part of path.split("/")) {
    if (UNSEEN.test(part)) throw badName(path, "has characters that cannot be seen");
    if (!part.isWellFormed()) throw badName(path, "is no whole Unicode text");
    if (Buffer.byteLength(part) > NAME_BYTES) {
      throw badName(path, `has a part of more than ${NAME_BYTES} bytes`);
    }
    if (/[. ]$/.test(part)) throw badName(path, "has a part that ends in a dot or a space");
    if (part.startsWith(" ")) throw badName(path, "has a part that begins with a space");
    if (DEVICE.test(part)) throw badName(path, "has a name that Windows keeps for a device");
    if (Deno.build.os === "windows" && /[<>:"|?*]/.test(part)) {
      throw badName(path, 'has one of < > : " | ? *');
    }
  }
}

function badName(path: string, why: string): FileError {
  return new FileError("bad_input", `the new name ${quoted(path)} ${why}; choose another`);
}

/** Whether a place is the workspace or lies in it; both resolved. */
function within(workspace: string, real: string, typed: readonly string[]): string {
  const [outer, inner] = [workspace, real].map(slashed) as [string, string];
  const base = outer.endsWith("/") ? outer : `${outer}/`;
  if (folded(inner) === folded(outer)) return ".";
  if (folded(inner).startsWith(folded(base))) return inner.slice(base.length);
  const message = `${
    quoted(typed.join("/"))
  } is a link, or lies behind one, that leaves the workspace`;
  throw new FileError("refused", `${message}; it is not followed`);
}

/**
 * The parts of a path below the workspace, by its text alone.
 * @throws {FileError} `bad_input` for what names no place there
 */
function partsOf(workspace: string, given: Json | undefined): string[] {
  if (typeof given !== "string" || given === "") {
    throw new FileError("bad_input", "path is a path in the workspace, such as src/main.ts");
  }
  if (given.length > PATH_UNITS) throw new FileError("bad_input", "the path is too long");
  if (given.includes("\0")) throw new FileError("bad_input", "the path has a zero byte");
  const path = slashed(given);
  const base = slashed(workspace).replace(/\/$/, "");
  const isAbsolute = path.startsWith("/") || /^[A-Za-z]:/.test(path) && onWindows();
  const isInside = folded(path) === folded(base) || folded(path).startsWith(folded(`${base}/`));
  if ((isAbsolute && !isInside) || /^~(?:\/|$)/.test(path)) {
    const message = `${quoted(given)} is outside the workspace; give a path inside ${workspace}`;
    throw new FileError("refused", message);
  }
  const parts = (isAbsolute ? path.slice(base.length) : path).split("/")
    .filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new FileError("refused", `write ${quoted(given)} without .., from the workspace on`);
  }
  return parts;
}

function joined(folder: string, parts: readonly string[]): string {
  return parts.length === 0 ? folder : `${folder.replace(/\/$/, "")}/${parts.join("/")}`;
}

async function realFolder(path: string): Promise<string | undefined> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound) || await infoOf(path) !== undefined) throw error;
    return undefined;
  }
}

/** What is there, links not followed. */
export async function infoOf(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The folder of a path, absolute. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(slashed(path).lastIndexOf("/"), 1));
}

/** A path with `/` between its parts, also on Windows. */
export function slashed(path: string): string {
  return onWindows() ? path.replaceAll("\\", "/").replace(/^\/\/\?\//, "") : path;
}

/** Windows takes capitals for small letters. */
function folded(path: string): string {
  return onWindows() ? path.toLowerCase() : path;
}

function onWindows(): boolean {
  return Deno.build.os === "windows";
}
