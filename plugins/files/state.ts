/**
 * What was there when the person was asked, so that nothing else is changed.
 * @module
 */
import { createHash } from "node:crypto";
import { FileError, isMissing, quoted } from "./file_error.ts";
import { infoOf } from "./place.ts";

/** A file, folder or link as it was seen. */
export type State =
  | { readonly kind: "nothing" }
  | { readonly kind: "text"; readonly hash: string }
  /** By what the system says of it, for what may be too large to be read. */
  | { readonly kind: "entry"; readonly mark: string };

/** What a text file's bytes are told by. */
export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What any entry is told by: itself, not its name; of a file also its size and when it changed. */
export function markOf(info: Deno.FileInfo): string {
  const kind = info.isSymlink ? "link" : info.isDirectory ? "folder" : "file";
  const own = info.isFile ? `${info.size} ${info.mtime?.getTime()}` : "";
  return `${kind} ${info.dev} ${info.ino} ${own}`;
}

/** Whether what is there now is what was seen. Waits for nothing, so that little can happen meanwhile. */
export function isStill(real: string, state: State): boolean {
  try {
    const info = Deno.lstatSync(real);
    switch (state.kind) {
      case "nothing":
        return false;
      case "text":
        return info.isFile && hashOf(Deno.readFileSync(real)) === state.hash;
      case "entry":
        return markOf(info) === state.mark;
    }
  } catch (error) {
    if (!isMissing(error)) throw error;
    return state.kind === "nothing";
  }
}

/** @throws {FileError} `changed` */
export function refuseChanged(path: string, real: string, state: State): void {
  if (isStill(real, state)) return;
  const message =
    `${quoted(path)} was changed by somebody else since it was looked at; nothing was ` +
    "done. Read it again and call this tool anew";
  throw new FileError("changed", message);
}

/** The state of an entry, whatever it is. */
export async function stateOf(real: string): Promise<State> {
  const info = await infoOf(real);
  return info === undefined ? { kind: "nothing" } : { kind: "entry", mark: markOf(info) };
}
