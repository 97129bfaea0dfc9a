/**
 * Waits for what others do, and never longer than was said, nor after the signal.
 * @module
 */

/** What came of a wait. */
export type Waited<T> =
  | { readonly kind: "done"; readonly value: T }
  | { readonly kind: "failed"; readonly cause: unknown }
  | { readonly kind: "timeout" }
  | { readonly kind: "cancelled" };

/** How long to wait. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Absent: as long as it takes, which is for a person's answer. */
  readonly limitMs?: number;
}

/**
 * Starts work and waits for it. Never throws. When the wait ends first, the work's signal is aborted
 * and whatever it still gives is dropped.
 */
export async function waitFor<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  { signal, limitMs }: Patience,
): Promise<Waited<T>> {
  if (signal.aborted) return { kind: "cancelled" };
  const own = new AbortController();
  const { promise, resolve } = Promise.withResolvers<Waited<T>>();
  const onAbort = () => resolve({ kind: "cancelled" });
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = limitMs === undefined
    ? undefined
    : setTimeout(() => resolve({ kind: "timeout" }), limitMs);
  const run = async () => await work(own.signal);
  run().then(
    (value) => resolve({ kind: "done", value }),
    (cause: unknown) => resolve({ kind: "failed", cause }),
  );
  const waited = await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  if (waited.kind === "timeout") own.abort(new DOMException("it took too long", "TimeoutError"));
  else if (waited.kind === "cancelled") own.abort(signal.reason);
  return waited;
}
