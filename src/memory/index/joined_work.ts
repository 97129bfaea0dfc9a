/**
 * Work of which one piece runs at a time, and which several may wait for.
 * @module
 */
import { until } from "../../protocol/waiting.ts";

/** One piece of work at a time; who asks for it while it runs gets what it gives. */
export class JoinedWork<T> {
  #running: { readonly result: Promise<T>; readonly signal: AbortSignal } | undefined;

  /** The result of the work that runs, or of this one. @throws the signal's reason; what the work throws */
  async join(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let running = this.#running; running; running = this.#running) {
      const outcome = await settled(running.result, signal);
      if ("value" in outcome) return outcome.value;
      // Whoever began it gave it up; that is no reason for this one to.
      if (!running.signal.aborted) throw outcome.cause;
    }
    return await this.#start(signal, work);
  }

  /** The result of this work, which begins after the one that runs. @throws as `join` */
  async after(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    while (this.#running) await settled(this.#running.result, signal);
    return await this.#start(signal, work);
  }

  async #start(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const result = work();
    const running = { result, signal };
    this.#running = running;
    try {
      return await result;
    } finally {
      this.#running = undefined;
    }
  }
}

type Outcome<T> = { readonly value: T } | { readonly cause: unknown };

/** How work ends. @throws the signal's reason, if that comes first */
async function settled<T>(work: Promise<T>, signal: AbortSignal): Promise<Outcome<T>> {
  return await until(work.then((value) => ({ value }), (cause: unknown) => ({ cause })), signal);
}
