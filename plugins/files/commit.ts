/**
 * How files are put in place: whole or not at all, over nothing that was not looked at. Each step is made at
 * once, without waits, so that nearly nothing can happen in between. The runtime gives a room no open
 * files, so the folder is looked at again after the temporary file lies in it.
 * @module
 */
import { randomBytes } from "node:crypto";
import { FileError, isMissing } from "./file_error.ts";
import { folderOf, slashed } from "./place.ts";
import { refuseChanged, type State } from "./state.ts";

/** A file that is to be written. */
export interface Writing {
  /** As it is said. */
  readonly path: string;
  readonly real: string;
  readonly bytes: Uint8Array;
  /** What must be there. */
  readonly state: State;
  /** Mode bits to be kept; the usual ones if null. */
  readonly mode: number | null;
}

/** @throws {FileError} `changed` if the place is not as it was seen, `refused` if a link came in between */
export function putFile({ path, real, bytes, state, mode }: Writing): void {
  makeFolder(folderOf(real));
  if (state.kind === "nothing") claim(real, path);
  else refuseChanged(path, real, state);
  const unfinished = `${folderOf(real)}/.pyra-${randomBytes(8).toString("hex")}.tmp`;
  try {
    const kept = mode ?? (state.kind === "nothing" ? Deno.lstatSync(real).mode : null);
    Deno.writeFileSync(unfinished, bytes, {
      createNew: true,
      ...(kept === null ? {} : { mode: kept & 0o7777 }),
    });
    refuseMoved(unfinished, path);
    if (state.kind === "nothing") refuseUsed(real, path);
    else refuseChanged(path, real, state);
    Deno.renameSync(unfinished, real);
  } catch (thrown) {
    remove(unfinished);
    if (state.kind === "nothing" && isEmptyFile(real)) remove(real);
    throw thrown;
  }
}

/** Moves an entry to a place where nothing is. @throws {FileError} `changed`, `refused` */
export function putEntry(
  { path, from, to, state }: {
    readonly path: string;
    readonly from: string;
    readonly to: string;
    readonly state: State;
  },
): void {
  makeFolder(folderOf(to));
  refuseMoved(folderOf(to), path);
  refuseMoved(folderOf(from), path);
  const { isDirectory } = Deno.lstatSync(from);
  // A name that is held cannot be taken by somebody else before the move, which would write over it.
  if (!isDirectory) claim(to, path);
  else if (Deno.build.os !== "windows") Deno.mkdirSync(to);
  try {
    refuseChanged(path, from, state);
    if (!isDirectory) refuseUsed(to, path);
    Deno.renameSync(from, to);
  } catch (thrown) {
    // Of what was not moved there only the empty holder of the name can be there.
    if (isDirectory ? Deno.build.os !== "windows" : isEmptyFile(to)) remove(to);
    throw thrown;
  }
}

/** Makes the folders that are missing. */
function makeFolder(folder: string): void {
  Deno.mkdirSync(folder, { recursive: true });
}

function claim(real: string, path: string): void {
  try {
    Deno.writeFileSync(real, new Uint8Array(), { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new FileError("changed", `${path} is there already; nothing was done`, error);
  }
}

/** The name that was claimed must still be ours. */
function refuseUsed(real: string, path: string): void {
  if (isEmptyFile(real)) return;
  throw new FileError("changed", `somebody else wrote ${path} just now; nothing was done`);
}

/** A link put into the path after it was resolved would lead elsewhere. */
function refuseMoved(real: string, path: string): void {
  if (slashed(Deno.realPathSync(real)) === slashed(real)) return;
  throw new FileError("refused", `a link was put into the way to ${path}; nothing was done`);
}

function isEmptyFile(real: string): boolean {
  try {
    const info = Deno.lstatSync(real);
    return info.isFile && info.size === 0;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}
