/**
 * Folders made and removed along the name of a note.
 * @module
 */
import { notPlain } from "./faults.ts";

/**
 * Makes the folders of a path below a folder, and that folder, with mode 700.
 * @throws {PyraError} code `note_unreadable` for a link or a file where a folder should be
 */
export function makeFolders(top: string, below: string): void {
  Deno.mkdirSync(top, { recursive: true, mode: 0o700 });
  let path = top;
  for (const piece of ["", ...below.split("/")]) {
    if (piece !== "") path = `${path}/${piece}`;
    try {
      if (piece !== "") Deno.mkdirSync(path, { mode: 0o700 });
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    }
    if (piece === "" ? !Deno.statSync(path).isDirectory : !Deno.lstatSync(path).isDirectory) {
      throw notPlain(path.slice(top.lastIndexOf("/") + 1), "is no folder", "move it away");
    }
  }
}

/** Removes a folder if it is empty, and those above that are empty then, up to `top`, which stays. */
export function removeEmptyFolders(top: string, folder: string): void {
  let path = folder;
  while (path.startsWith(`${top}/`)) {
    try {
      // Never recursive: a folder with anything in it stays.
      Deno.removeSync(path);
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) return;
    }
    path = path.slice(0, path.lastIndexOf("/"));
  }
}
