/**
 * One direction of a call's stream, with credit: the sender may be at most `WINDOW` values ahead of
 * the reader, so a slow reader costs the sender a wait and never memory.
 * @module
 */
import { RpcError, type WireError } from "./error.ts";

/** How many values a sender may have sent that the reader has not taken. */
export const WINDOW = 16;

/** The sending end: waits for credit before each value. */
export class Outlet {
  #credit = WINDOW;
  #wake: (() => void) | undefined;

  /** The reader took `count` values. */
  grant(count: number): void {
    this.#credit += count;
    this.#wake?.();
  }

  /** Resolves when one more value may be sent. @throws the signal's reason */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#credit <= 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = this.#wake = () => resolve();
      signal.addEventListener("abort", wake, { once: true });
      await promise;
      signal.removeEventListener("abort", wake);
      signal.throwIfAborted();
    }
    this.#credit--;
  }
}

/** The receiving end: a queue that one reader takes from. */
export class Inlet {
  #queue: unknown[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #credit: (count: number) => void;

  /** @param credit tells the sender that values were taken */
  constructor(credit: (count: number) => void) {
    this.#credit = credit;
  }

  /** A value arrived. Returns false if the sender overran its credit: the peer breaks the protocol. */
  push(value: unknown): boolean {
    if (this.#ended) return true;
    if (this.#queue.length >= WINDOW) return false;
    this.#queue.push(value);
    this.#wake?.();
    return true;
  }

  /** The sender is done, or failed with `error`. */
  end(error?: WireError | Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error === undefined || error instanceof Error
      ? error
      : new RpcError("remote", error.message, { remoteCode: error.code, data: error.data });
    this.#wake?.();
  }

  /** The values, in order. @throws {RpcError} what `end` was given */
  async *values(): AsyncGenerator<unknown, void, undefined> {
    while (true) {
      if (this.#queue.length > 0) {
        const value = this.#queue.shift();
        this.#credit(1);
        yield value;
      } else if (this.#ended) {
        if (this.#error) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => this.#wake = resolve);
      }
    }
  }
}
