/**
 * Events from several sources as one stream, in the order in which they came.
 * @module
 */

/** A queue that is filled and emptied at the same time. One reader. */
export class EventQueue<T> {
  readonly #events: T[] = [];
  #isEnded = false;
  #wake: () => void = () => undefined;

  /** Adds an event; after the end it is dropped. */
  push(event: T): void {
    if (this.#isEnded) return;
    this.#events.push(event);
    this.#wake();
  }

  /** No more events come. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** The events, until the end. */
  async *read(): AsyncGenerator<T, void> {
    for (;;) {
      for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
        yield event;
      }
      if (this.#isEnded) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
  }
}
