import { setImmediate } from "node:timers";
import type { Clock } from "../../src/scheduler/clock.ts";

interface Waiter {
  readonly at: number;
  readonly end: () => void;
}

/** Turns of the event loop after which everybody waits. */
const TURNS = 24;

/** A clock that moves only when a test moves it. Waits last by a second clock, which nobody sets. */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;
  #waiters: Waiter[] = [];

  /** @param start ISO 8601 */
  constructor(start: string) {
    this.#now = Date.parse(start);
  }

  now(): number {
    return this.#now;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiters.length;
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const end = () => {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const waiter = { at: this.#elapsed + ms, end };
    this.#waiters.push(waiter);
    signal.addEventListener("abort", end);
    return promise;
  }

  /** Sets the clock, or lets the machine sleep: nobody's wait gets shorter. */
  jump(ms: number): void {
    this.#now += ms;
  }

  /**
   * Lets time go by, and everybody who waits do what is to be done.
   * @param more `quick` where one only waits at a time, and waits again at once
   */
  async pass(ms: number, { quick = false }: { readonly quick?: boolean } = {}): Promise<void> {
    await this.settle();
    const goal = this.#elapsed + ms;
    for (;;) {
      const next = this.#next(goal);
      if (next === undefined) break;
      this.#move(next.at);
      const count = this.#waiters.length;
      next.end();
      if (quick) await this.#waited(count);
      else await this.settle();
    }
    this.#move(goal);
    await this.settle();
  }

  /** Until everybody waits. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  #next(goal: number): Waiter | undefined {
    let first: Waiter | undefined;
    for (const waiter of this.#waiters) {
      if (waiter.at <= goal && (first === undefined || waiter.at < first.at)) first = waiter;
    }
    return first;
  }

  #move(elapsed: number): void {
    this.#now += elapsed - this.#elapsed;
    this.#elapsed = elapsed;
  }

  async #waited(count: number): Promise<void> {
    for (let turn = 0; turn < TURNS && this.#waiters.length < count; turn += 1) await undefined;
    if (this.#waiters.length < count) await this.settle();
  }
}
