/**
 * Waits that a signal ends.
 * @module
 */

/** A promise's value, unless the signal aborts before. @throws the signal's reason */
export async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Whoever leaves does not hear of it any more.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  const { promise: left, reject } = Promise.withResolvers<never>();
  const leave = () => reject(signal.reason);
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([promise, left]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** Waits so many ms. @throws the signal's reason */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await until(promise, signal).finally(() => clearTimeout(timer));
}
