/**
 * A lock between processes that ends with the process that holds it, however that ends.
 *
 * The lock is on a file of its own: on Windows a locked file could not be read by others.
 * @module
 */

/** How long a holder that is just ending is waited for, ms. */
const PATIENCE_MS = 400;
const RETRY_MS = 20;
const EXCLUSIVE = true;

/** A lock that is held. Disposing removes the lock's file and lets go. */
export interface HeldLock {
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Takes the lock of this name, or gives `undefined` if another holds it all the time.
 * @param patienceMs how long another is waited for
 * @throws the `Deno.errors` of opening the file
 */
export async function takeLock(
  path: string,
  patienceMs: number = PATIENCE_MS,
): Promise<HeldLock | undefined> {
  const deadline = performance.now() + patienceMs;
  do {
    const file = await Deno.open(path, { read: true, write: true, create: true, mode: 0o600 });
    // A holder removes the file when it lets go: then what was locked here is no longer the lock.
    if (await tryLock(file, deadline) && await isStillAt(path, file)) {
      return {
        async [Symbol.asyncDispose]() {
          await Deno.remove(path).catch(ignoreLeftover);
          file.close();
        },
      };
    }
    file.close();
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  } while (performance.now() < deadline);
  return undefined;
}

/** A lock's file that cannot be removed is empty and does no harm. */
function ignoreLeftover(_cause: unknown): void {}

/**
 * Whether another holds the lock of this name. The file alone says nothing: a killed holder leaves it.
 * @throws the `Deno.errors` of opening the file
 */
export async function isLockHeld(path: string): Promise<boolean> {
  try {
    using file = await Deno.open(path, { read: true, write: true });
    return !await tryLock(file, performance.now() + PATIENCE_MS / 4);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

async function tryLock(file: Deno.FsFile, deadline: number): Promise<boolean> {
  if (typeof file.tryLock === "function") return await file.tryLock(EXCLUSIVE).catch(lockless);
  // The 2.6 runtime can only wait. The wait cannot be ended, but closing the file makes it harmless.
  const { promise: timeUp, resolve } = Promise.withResolvers<"in use">();
  const timer = setTimeout(() => resolve("in use"), Math.max(0, deadline - performance.now()));
  try {
    const taken = file.lock(EXCLUSIVE).then(() => "taken", lockless);
    return await Promise.race([taken, timeUp]) !== "in use";
  } finally {
    clearTimeout(timer);
  }
}

/** Some network file systems know no locks. There a file is as safe as its user is careful. */
function lockless(_cause: unknown): true {
  return true;
}

async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  try {
    const [held, named] = await Promise.all([file.stat(), Deno.stat(path)]);
    return held.ino === named.ino;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}
