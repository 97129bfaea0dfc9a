/**
 * What goes wrong with files, as sentences that say what to do.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";

/** What the system calls it, such as `ENOSPC`; empty if it says nothing. */
function systemCode(cause: unknown): string {
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
    return cause.code;
  }
  return "";
}

const REASONS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOSPC: ["the disk is full", "make room on the disk, then do it again"],
  EDQUOT: ["your share of the disk is full", "make room on the disk, then do it again"],
  EROFS: [
    "the disk can only be read",
    "make the disk writable, or choose another folder with --home",
  ],
  EACCES: ["you may not do that there", "check who owns the memory folder and its rights"],
  EPERM: ["you may not do that there", "check who owns the memory folder and its rights"],
  EISDIR: ["it is a folder", "choose another name"],
  ENOTDIR: ["a part of its path is a file and not a folder", "choose another name"],
  ENAMETOOLONG: ["the path is too long for this disk", "choose a shorter name"],
  EIO: ["the disk does not answer properly", "check the disk"],
};

function faultOf(cause: unknown): readonly [string, string] {
  const known = REASONS[systemCode(cause)];
  if (known) return known;
  if (cause instanceof Deno.errors.PermissionDenied) return REASONS["EACCES"] ?? ["", ""];
  const message = cause instanceof Error ? cause.message : String(cause);
  return [message.replace(/[.:]? ?\(os error.*$/, "").toLowerCase(), ""];
}

/** What the system refused, in words for a sentence, without the paths that it names. */
export function reasonOf(cause: unknown): string {
  return cause instanceof PyraError ? cause.message : faultOf(cause)[0];
}

/** A note that cannot be read. */
export function unreadable(name: string, cause: unknown): PyraError {
  if (cause instanceof PyraError) return cause;
  const [what, hint] = faultOf(cause);
  return new PyraError("file", "note_unreadable", `${name} cannot be read: ${what}`, {
    hint,
    cause,
  });
}

/** A change that cannot be made; nothing was changed. */
export function unwritable(name: string, cause: unknown): PyraError {
  if (cause instanceof PyraError) return cause;
  const [what, hint] = faultOf(cause);
  return new PyraError("file", "note_unwritable", `${name} cannot be changed: ${what}`, {
    hint,
    cause,
  });
}

/** A name under which there is no note. */
export function noSuchNote(name: string): PyraError {
  return new PyraError("file", "no_such_note", `there is no note ${name}`, {
    hint: "`pyra memory list` shows the notes",
  });
}

/** A name that is taken. */
export function noteExists(name: string): PyraError {
  return new PyraError("file", "note_exists", `there is a note ${name} already`, {
    hint: "choose another name, or move that one first",
  });
}

/** What is at that place is no note, and Pyra keeps its hands off it. */
export function notPlain(name: string, what: string, hint: string): PyraError {
  return new PyraError("file", "note_unreadable", `${name} ${what}`, { hint });
}

/** A file that is also somewhere else, where a change would be seen or missed. */
export function hardLinked(name: string): PyraError {
  return new PyraError(
    "file",
    "note_unwritable",
    `${name} has a second name on the disk (a hard link)`,
    { hint: "copy it, and put the copy in its place" },
  );
}

/** A note that another program put a new file in the place of, between a look and the next. */
export function replaced(name: string): PyraError {
  return new PyraError("file", "note_unreadable", `${name} was replaced at this moment`, {
    hint: "do it again",
  });
}

/** A note over the limit of 4 MB. */
export function tooLarge(name: string): PyraError {
  return new PyraError("file", "note_too_large", `${name} is larger than 4 MB`, {
    hint: "split it into several notes",
  });
}

/** A version that is not kept (any more). */
export function noSuchVersion(id: string): PyraError {
  return new PyraError("file", "no_such_version", `there is no version ${JSON.stringify(id)}`, {
    hint: "`pyra memory history` shows the versions that are kept",
  });
}

/** The folder of the versions is damaged in a way that Pyra does not mend. */
export function historyBroken(cause: unknown): PyraError {
  if (cause instanceof PyraError) return cause;
  const [what] = faultOf(cause);
  return new PyraError("file", "note_unreadable", `the kept versions cannot be read: ${what}`, {
    hint: "move the folder .history out of the memory folder, then do it again",
    cause,
  });
}

/** Another process holds the lock all the time. */
export function memoryBusy(): PyraError {
  return new PyraError("file", "memory_busy", "another Pyra is changing the memory", {
    hint: "try again in a moment, or look for a Pyra that hangs",
  });
}

/** There is no change left that could be taken back. */
export function nothingToUndo(name: string | undefined): PyraError {
  const what = name === undefined ? "there is no change" : `there is no change of ${name}`;
  return new PyraError("file", "nothing_to_undo", `${what} to take back`, {
    hint: "`pyra memory history` shows the versions that are kept",
  });
}

/** A text that would make the note unreadable. */
export function notText(name: string): PyraError {
  return new PyraError("file", "note_unwritable", `${name} would not be text: it has a zero byte`, {
    hint: "write text; pictures and other files do not belong into a note",
  });
}
