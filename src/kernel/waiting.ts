/**
 * Waiting for what nobody tells of.
 * @module
 */

/**
 * Looks again and again until it sees something.
 * @param limits how long at most, and the pause between two looks, ms
 * @returns what it saw; `undefined` if there was nothing in that time
 */
export async function seen<T>(
  { limitMs, everyMs }: { readonly limitMs: number; readonly everyMs: number },
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const limit = performance.now() + limitMs;
  while (true) {
    const found = await look();
    if (found !== undefined || performance.now() >= limit) return found;
    await pause(everyMs);
  }
}

/** Resolves after so long, ms. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
