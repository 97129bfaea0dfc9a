/**
 * Waits for a server, which may never answer.
 * @module
 */
import { McpError } from "./error.ts";

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
