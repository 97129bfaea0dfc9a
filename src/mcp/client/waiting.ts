/**
 * Waits that end.
 * @module
 */
import { McpError } from "./error.ts";

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

/** Runs something with a limit. @throws {McpError} `timeout`; the signal's reason; what it throws */
export async function atMost<T>(
  limitMs: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new McpError("timeout", `it did not answer within ${limitMs / 1_000} s`)),
    limitMs,
  );
  try {
    return await run(AbortSignal.any([signal, late.signal]));
  } catch (thrown) {
    signal.throwIfAborted();
    late.signal.throwIfAborted();
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. @throws the signal's reason */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await until(promise, signal).finally(() => clearTimeout(timer));
}
