/**
 * Where deleted things go: a trash as freedesktop.org describes it for a disk's top folder, in the workspace,
 * since that is all that this plugin may write. Moving there copies nothing, so it works for any size.
 * @module
 */
import { Buffer } from "node:buffer";
import { FileError } from "./file_error.ts";
import { isMissing } from "./file_error.ts";
import { folderOf, slashed } from "./place.ts";

/** Where something would lie in the trash. */
export interface TrashPlace {
  /** The new path, where nothing is. */
  readonly to: string;
  /** The file that says where it came from. */
  readonly note: string;
}

const NAME_BYTES = 180;
const TRIES = 1_000;

/** Whether a path is a trash, or lies in one. */
export function isTrash(path: string): boolean {
  return /(?:^|\/)\.Trash-[^/]*(?:\/|$)/.test(path);
}

/**
 * Takes a name in the trash and writes the note. Done at once, under the caller's lock.
 * @param path from the workspace
 * @throws {FileError} `refused` if there can be no trash
 */
export function trashPlace(workspace: string, path: string, now: Date): TrashPlace {
  const { top, folder } = trashFolder(workspace, path);
  const relative = top === workspace ? path : path.slice(path.indexOf("/") + 1);
  const name = shortened(relative.slice(relative.lastIndexOf("/") + 1));
  const text = `[Trash Info]\nPath=${encoded(relative)}\nDeletionDate=${localTime(now)}\n`;
  for (let number = 1; number <= TRIES; number++) {
    const own = number === 1 ? name : `${name} ${number}`;
    const note = `${folder}/info/${own}.trashinfo`;
    try {
      Deno.lstatSync(`${folder}/files/${own}`);
      continue;
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    try {
      Deno.writeTextFileSync(note, text, { createNew: true, mode: 0o600 });
      return { to: `${folder}/files/${own}`, note };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
  throw new FileError("refused", `the trash ${folder} is full of things of that name; empty it`);
}

/** Takes the note away of what was not trashed, or came back. */
export function dropNote(note: string): void {
  try {
    Deno.removeSync(note);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

/** In a home folder only its visible entries are granted: then in the one that the path begins with. */
function trashFolder(workspace: string, path: string): { top: string; folder: string } {
  const [first = "", ...rest] = path.split("/");
  const tops = [workspace, ...rest.length > 0 ? [`${workspace}/${first}`] : []];
  for (const top of tops) {
    // The owner of the workspace; rooms are not told whose process they are in.
    const folder = `${top}/.Trash-${Deno.lstatSync(top).uid ?? "pyra"}`;
    try {
      prepare(folder);
      return { top, folder };
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) throw error;
    }
  }
  throw new FileError("refused", `${path} cannot be moved to a trash; ask the person to delete it`);
}

function prepare(folder: string): void {
  for (const part of [folder, `${folder}/files`, `${folder}/info`]) {
    Deno.mkdirSync(part, { recursive: true, mode: 0o700 });
    // A link there would lead what is deleted elsewhere.
    if (slashed(Deno.realPathSync(part)) !== slashed(part)) {
      throw new FileError("refused", `${part} is a link; remove it, then there can be a trash`);
    }
  }
  try {
    // So that git does not take up what was deleted.
    Deno.writeTextFileSync(`${folder}/.gitignore`, "*\n", { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

function shortened(name: string): string {
  let short = name;
  while (Buffer.byteLength(short) > NAME_BYTES) short = [...short].slice(0, -1).join("");
  return short;
}

function encoded(path: string): string {
  return path.toWellFormed().split("/").map(encodeURIComponent).join("/");
}

function localTime(now: Date): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  const date = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
  return `${date}T${pad(now.getHours())}:${pad(now.getMinutes())}:${pad(now.getSeconds())}`;
}

/** The trash that a place in it belongs to, for whoever is told. */
export function trashOf({ to }: TrashPlace): string {
  return folderOf(folderOf(to));
}
