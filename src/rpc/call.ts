/**
 * A call as the two sides see it.
 * @module
 */

/** How long a call waits for its answer unless it says otherwise, ms. */
export const CALL_LIMIT_MS = 30_000;
/** How many calls one peer may have open at a time; more are refused with `overload`. */
export const OPEN_CALLS_LIMIT = 256;

/** Options of a call. */
export interface CallOptions {
  /** Cancels the call on both sides. */
  readonly signal?: AbortSignal;
  /** Limit in ms for the answer (of a stream: for its first value). `Infinity` for a wait on a person. */
  readonly limitMs?: number;
  /** Values streamed to the handler, under its back-pressure. */
  readonly input?: AsyncIterable<unknown>;
  /** What of the parameters moves to the peer instead of being copied (ports). */
  readonly transfer?: readonly Transferable[];
}

/** What a handler is given beside the parameters. */
export interface HandlerContext {
  /** Aborted when the caller cancels or the channel closes. */
  readonly signal: AbortSignal;
  /** What the caller streams up; empty if it streams nothing. */
  readonly input: AsyncIterable<unknown>;
}

/** Serves one method: a value, a promise of one, `Transferred`, or an async iterable for a stream. */
export type Handler = (params: unknown, context: HandlerContext) => unknown;

/** A result whose `transfer` list moves to the caller (ports). */
export class Transferred {
  readonly value: unknown;
  readonly transfer: readonly Transferable[];
  constructor(value: unknown, transfer: readonly Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}
