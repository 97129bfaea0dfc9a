/**
 * One direction of a call's stream, with credit: the sender may be at most `WINDOW` values ahead of
 * the reader, so a slow reader costs the sender a wait and never memory.
 * @module
 */
/** How many values a sender may have sent that the reader has not taken. */
export const WINDOW = 16;

/** The sending end: waits for the reader before each value. */
export class Outlet {
  #credit = WINDOW;
  #wake: (() => void) | undefined;

  /** The reader took `count` values. */
  grant(count: number): void {
    // A peer that claims to have read more than it was sent gets no more than a window for it.
    this.#credit = Math.min(WINDOW, this.#credit + count);
    this.#wake?.();
  }

  /**
   * Posts each value as the reader makes room for it.
   * @throws what the values, or `post`, throw; the signal's reason
   */
  async send(
    values: AsyncIterable<unknown>,
    post: (value: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const iterator = values[Symbol.asyncIterator]();
    try {
      while (true) {
        await this.#take(signal);
        const { done, value } = await unlessAborted(iterator.next(), signal);
        if (done) return;
        post(value);
      }
    } catch (thrown) {
      // Not awaited: a producer that is stuck would keep the call open.
      void Promise.resolve(iterator.return?.()).catch(() => undefined);
      throw thrown;
    }
  }

  async #take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#credit <= 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await unlessAborted(promise, signal);
    }
    this.#credit--;
  }
}

/** A promise's outcome, or the signal's reason if that comes first. */
function unlessAborted<T>(wait: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  wait.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  return promise;
}

/** The receiving end: a queue that one reader takes from. */
export class Inlet {
  readonly #queue: unknown[] = [];
  #ended = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  readonly #taken: () => void;

  /** @param taken tells the sender that a value was taken */
  constructor(taken: () => void) {
    this.#taken = taken;
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
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** The values, in order. @throws what `end` was given */
  async *values(): AsyncGenerator<unknown, void, undefined> {
    while (true) {
      if (this.#queue.length > 0) {
        const value = this.#queue.shift();
        this.#taken();
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
