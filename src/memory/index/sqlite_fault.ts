/**
 * What went wrong in the database, as far as it decides what to do next.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import { reasonOf } from "../store/faults.ts";

/**
 * `busy`: another process writes; try again. `damaged`: the file is not what SQLite wrote; make it anew.
 * `unusable`: the disk is full or may not be written; nothing made anew would help.
 */
export type FaultKind = "busy" | "damaged" | "unusable";

/** SQLite's primary result codes (https://sqlite.org/rescode.html); all others mean damage. */
const KINDS: Readonly<Record<number, FaultKind>> = {
  3: "unusable", // PERM
  5: "busy", // BUSY
  6: "busy", // LOCKED
  7: "unusable", // NOMEM
  8: "unusable", // READONLY
  9: "unusable", // INTERRUPT
  10: "unusable", // IOERR
  13: "unusable", // FULL
  14: "unusable", // CANTOPEN
  15: "busy", // PROTOCOL: the lock was fought for too long
  17: "busy", // SCHEMA: another process made the tables just now
  23: "unusable", // AUTH
};

/** The runtime gives no code for what `exec` throws, only SQLite's own words. */
const WORDS: readonly (readonly [RegExp, FaultKind])[] = [
  [/database (table |schema )?is locked|locking protocol|schema has changed/i, "busy"],
  [/readonly database|disk I\/O error|is full|unable to open|out of memory/i, "unusable"],
  [/access permission denied|authorization denied|interrupted/i, "unusable"],
];

/** What a thrown thing says about the database; `undefined` if it is not the database's. */
export function faultOf(thrown: unknown): FaultKind | undefined {
  // An index of a text that is no Unicode any more, read from a flipped page.
  if (thrown instanceof TypeError && /utf-?8/i.test(thrown.message)) return "damaged";
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  if (thrown.code !== "ERR_SQLITE_ERROR") return undefined;
  if ("errcode" in thrown && typeof thrown.errcode === "number") {
    return KINDS[thrown.errcode & 0xff] ?? "damaged";
  }
  return WORDS.find(([words]) => words.test(thrown.message))?.[1] ?? "damaged";
}

/** The error for a person whose index cannot be kept. */
export function indexError(cause: unknown): PyraError {
  if (cause instanceof PyraError) return cause;
  const isOwn = faultOf(cause) !== undefined && cause instanceof Error;
  const reason = isOwn ? cause.message : reasonOf(cause);
  const hint = /full/i.test(reason)
    ? "free some space on the disk; the notes themselves are as they were"
    : "see that the profile's folder db may be written; the notes themselves are as they were";
  return new PyraError(
    "file",
    faultOf(cause) === "busy" ? "index_busy" : "index_unusable",
    faultOf(cause) === "busy"
      ? "another Pyra has been writing the memory index for too long"
      : `the memory index cannot be kept: ${reason}`,
    { cause, hint: faultOf(cause) === "busy" ? "try again in a moment" : hint },
  );
}
