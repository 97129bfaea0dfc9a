/**
 * Long work in a thread in which somebody types: it is done in slices.
 * @module
 */
import { setImmediate } from "node:timers";

/** How long the thread may be held, ms; half of what a key press takes to show. */
const SLICE_MS = 6;

/** Counts the time of one piece of work and lets others in when its slice is over. */
export class TimeSlice {
  #began = performance.now();

  /** Whether the slice is over. */
  get isOver(): boolean {
    return performance.now() - this.#began >= SLICE_MS;
  }

  /** Lets others in if the slice is over. @throws the signal's reason */
  async pause(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.isOver) return;
    await letOthersIn();
    signal?.throwIfAborted();
    this.#began = performance.now();
  }
}

/** Timers, input and the network get their turn. A timer of 0 ms would take one or two. */
function letOthersIn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
