/**
 * Where a note's file is: its path, looked at piece by piece so that no link leads elsewhere.
 * @module
 */
import { presentNoteName } from "../note/name.ts";
import { noSuchNote, notPlain, tooLarge, unreadable } from "./faults.ts";

/** A place for a note, and the file that is there. */
export interface Place {
  /** The note's name, as the file is called where the file system does not care about case. */
  readonly name: string;
  readonly path: string;
  readonly file: Deno.FileInfo | undefined;
}

function look(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

/** How a piece of a name is written on the disk: other programs may decompose letters (NFD). */
function spelling(folder: string, piece: string): [string, Deno.FileInfo | undefined] {
  const direct = look(`${folder}/${piece}`);
  const decomposed = piece.normalize("NFD");
  if (direct || decomposed === piece) return [piece, direct];
  const other = look(`${folder}/${decomposed}`);
  if (other) return [decomposed, other];
  // Neither form, but a mix of both.
  for (const entry of readFolder(folder)) {
    if (entry.name.normalize("NFC") === piece) {
      return [entry.name, look(`${folder}/${entry.name}`)];
    }
  }
  return [piece, undefined];
}

function readFolder(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
}

/** The path without links, `/` between its pieces. */
function realPath(path: string): string {
  const real = Deno.realPathSync(path);
  return Deno.build.os === "windows" ? real.replaceAll("\\", "/") : real;
}

/** The pieces of a path below the memory folder, none of them a link. */
function follow(folder: string, name: string): Omit<Place, "name"> {
  let path = folder;
  let file: Deno.FileInfo | undefined;
  const pieces = name.split("/");
  for (const [index, piece] of pieces.entries()) {
    const [spelt, info] = spelling(path, piece);
    path = `${path}/${spelt}`;
    file = info;
    const here = pieces.slice(0, index + 1).join("/");
    if (info?.isSymlink) {
      throw notPlain(here, "is a symbolic link", "put the file itself into the memory folder");
    }
    if (index < pieces.length - 1 && info && !info.isDirectory) {
      throw notPlain(here, "is a file and not a folder", "choose another name");
    }
    if (!info) {
      return { path: [path, ...pieces.slice(index + 1)].join("/"), file: undefined };
    }
  }
  return { path, file };
}

/**
 * Finds the place of a note.
 * @param name a name that `noteName` or `presentNoteName` gave
 * @throws {PyraError} codes `note_unreadable` for links, folders and devices
 */
export function placeOf(folder: string, name: string): Place {
  try {
    const { path, file } = follow(folder, name);
    if (!file) return { name, path, file };
    if (file.isDirectory) throw notPlain(name, "is a folder", "choose another name");
    if (!file.isFile) {
      throw notPlain(name, "is no file but a device or pipe", "choose another name");
    }
    const top = realPath(folder);
    const real = realPath(path);
    const inside = real.slice(top.length + 1).normalize("NFC");
    if (!real.startsWith(`${top}/`) || inside.toLowerCase() !== name.toLowerCase()) {
      throw notPlain(name, "leads out of its folder", "put the file itself into the memory folder");
    }
    return { name: inside, path, file };
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/**
 * The bytes of the very file that was looked at; `undefined` if it is gone, or if its name leads to
 * another one by now, which may be a link. What is added while it is read is left out.
 * @throws {PyraError} codes `note_unreadable`, `note_too_large` for more than `limit` bytes
 */
export async function readPlace(
  { name, path, file }: Place & { readonly file: Deno.FileInfo },
  limit: number,
): Promise<Uint8Array | undefined> {
  if (file.size > limit) throw tooLarge(name);
  try {
    using opened = await Deno.open(path, { read: true });
    const { dev, ino, size } = opened.statSync();
    if (dev !== file.dev || ino !== file.ino) return undefined;
    if (size > limit) throw tooLarge(name);
    const bytes = new Uint8Array(size);
    let done = 0;
    for (let count: number | null = 1; count && done < size; done += count ?? 0) {
      count = opened.readSync(bytes.subarray(done));
    }
    return bytes.subarray(0, done);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw unreadable(name, cause);
  }
}

/** As `placeOf`, for a note that must be there. @throws {PyraError} also `no_such_note` */
export function presentPlace(
  folder: string,
  typed: string,
): Place & { readonly file: Deno.FileInfo } {
  const place = placeOf(folder, presentNoteName(typed));
  if (!place.file) throw noSuchNote(place.name);
  return { ...place, file: place.file };
}
