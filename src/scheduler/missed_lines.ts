/**
 * What the ledger says of times that were not run.
 * @module
 */
import type { Skipped } from "./ledger.ts";
import type { PastTimes } from "./missed.ts";

/** A line for each of the newest, and before them one, of the time `first`, that stands for all others. */
export function skippedTimes(
  { newest, earlier, isCut }: Pick<PastTimes, "newest" | "earlier" | "isCut">,
  first: number,
  reason: string,
): Skipped[] {
  const lines = newest.map((dueAt) => ({ dueAt, reason }));
  if (earlier === 0) return lines;
  const count = `${isCut ? "more than " : ""}${earlier.toLocaleString("en")}`;
  const more = `${reason}; this line stands for ${count} times from this one on`;
  return [{ dueAt: first, reason: more }, ...lines];
}
