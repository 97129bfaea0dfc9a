/**
 * One change at a time, whichever Pyra of this profile makes it.
 * @module
 */
import { FileError } from "./file_error.ts";

/** A change takes milliseconds; whoever holds the lock longer is gone. */
const STALE_MS = 30_000;
const WAIT_MS = 10_000;
const LOOK_MS = 15;

/**
 * Does `change` alone. It has no waits in it.
 * @throws {FileError} `system` if the lock is not to be had
 */
export async function alone<T>(
  dataFolder: string,
  signal: AbortSignal,
  change: () => T,
): Promise<T> {
  const lock = `${dataFolder}/changing`;
  const until = performance.now() + WAIT_MS;
  while (!taken(lock)) {
    signal.throwIfAborted();
    if (performance.now() > until) {
      throw new FileError("system", "another Pyra is changing files for long; try again");
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  try {
    signal.throwIfAborted();
    return change();
  } finally {
    await Deno.remove(lock);
  }
}

/** A folder is made by one only. */
function taken(lock: string): boolean {
  try {
    Deno.mkdirSync(lock, { mode: 0o700 });
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    dropStale(lock);
    return false;
  }
}

function dropStale(lock: string): void {
  try {
    const { mtime } = Deno.lstatSync(lock);
    if (Date.now() - (mtime?.getTime() ?? 0) > STALE_MS) Deno.removeSync(lock);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
