/**
 * Gathers a turn's events, so that not every word is a line of its own in the session file.
 * @module
 */
import type { TurnEvent } from "../protocol/turn_event.ts";

/** Text waits so long for more of it, ms: about one frame of a screen. */
const INTERVAL_MS = 25;
/** So many characters do not wait. */
const ENOUGH_CHARS = 1024;

/**
 * The same events in batches, none empty; texts and reasonings that follow each other become one. The
 * first text and all that is no text come at once, more text within 25 ms. Reads one event ahead.
 *
 * Ending the iteration early ends the source too, which may have to be aborted for that.
 * @returns what the source returns
 * @throws what the source throws
 */
export async function* inBatches<R>(
  source: AsyncGenerator<TurnEvent, R, undefined>,
): AsyncGenerator<TurnEvent[], R, undefined> {
  let batch: TurnEvent[] = [];
  let sentAt = -Infinity;
  let next = source.next();
  try {
    while (true) {
      const left = sentAt + INTERVAL_MS - performance.now();
      const step = batch.length === 0 ? await next : await within(next, left);
      if (step !== "too late" && step.done !== true) {
        next = source.next();
        // It is awaited above, unless the reader ends the iteration before.
        next.catch(() => undefined);
        append(batch, step.value);
        if (mayWait(batch) && performance.now() < sentAt + INTERVAL_MS) continue;
      }
      if (batch.length > 0) {
        sentAt = performance.now();
        const full = batch;
        batch = [];
        yield full;
      }
      if (step !== "too late" && step.done === true) return step.value;
    }
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | "too late"> {
  const { promise: timeUp, resolve } = Promise.withResolvers<"too late">();
  const timer = setTimeout(() => resolve("too late"), ms);
  try {
    return await Promise.race([promise, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}

function append(batch: TurnEvent[], event: TurnEvent): void {
  const last = batch.at(-1);
  const isMore = (event.type === "text" || event.type === "reasoning") &&
    last?.type === event.type;
  if (isMore) batch[batch.length - 1] = { type: event.type, text: last.text + event.text };
  else batch.push(event);
}

function mayWait(batch: readonly TurnEvent[]): boolean {
  let chars = 0;
  for (const event of batch) {
    if (event.type !== "text" && event.type !== "reasoning") return false;
    chars += event.text.length;
  }
  return chars < ENOUGH_CHARS;
}
