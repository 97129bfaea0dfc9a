/**
 * Waiting for another process that writes the database.
 * @module
 */
import { sleep } from "../../protocol/waiting.ts";
import { faultOf } from "./sqlite_fault.ts";

/** How long others are waited for in all, ms. */
const PATIENCE_MS = 10_000;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 250;

/**
 * Does what SQLite may refuse because another process is writing, again and again for 10 s; the thread
 * is free between two attempts.
 * @throws what the last attempt threw; the signal's reason
 */
export async function withPatience<T>(
  act: () => T,
  signal = new AbortController().signal,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (let wait = FIRST_WAIT_MS;; wait = Math.min(LONGEST_WAIT_MS, wait * 2)) {
    try {
      return act();
    } catch (cause) {
      if (faultOf(cause) !== "busy" || performance.now() >= deadline) throw cause;
    }
    // Two that were refused at the same moment do not come back at the same moment.
    await sleep(wait * (0.5 + Math.random() / 2), signal);
  }
}
