/**
 * The clock on the wall.
 * @module
 */

/** Tells the time and waits. The time may jump: machines sleep, and people set clocks. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Waits so many ms; ends earlier, and without an error, when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wait(ms, signal) {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener("abort", end);
    });
  },
};
