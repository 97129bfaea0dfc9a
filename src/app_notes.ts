/**
 * Keeps the index of the notes true while a chat runs.
 * @module
 */
import type { HeldMemory } from "./commands/held_memory.ts";
import { asPyraError } from "./protocol/error.ts";

/** The chat is on the screen before this begins, ms. */
const START_MS = 250;

/** Looks for what changed since the last run, and follows what other programs change from then on. */
export class FollowedNotes implements AsyncDisposable {
  readonly #problems: string[] = [];
  readonly #ended = new AbortController();
  readonly #following: Promise<void>;

  /** Begins a moment later, beside the chat. */
  constructor(memory: HeldMemory) {
    this.#following = this.#follow(memory, this.#ended.signal);
  }

  /** Why changes are not followed; one sentence each, grows. */
  get problems(): readonly string[] {
    return this.#problems;
  }

  async #follow(memory: HeldMemory, signal: AbortSignal): Promise<void> {
    await pause(START_MS, signal);
    if (signal.aborted) return;
    try {
      const opened = await memory.open();
      await opened.refresh({ signal });
      await opened.follow(signal);
    } catch (thrown) {
      // The chat goes on; `/memory` tells.
      if (!signal.aborted) {
        this.#problems.push(`changes to notes are not noticed: ${asPyraError(thrown).message}`);
      }
    }
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort();
    await this.#following;
  }
}

/** Waits, or returns early when the signal aborts. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const leave = (): void => resolve();
  signal.addEventListener("abort", leave, { once: true });
  if (signal.aborted) leave();
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", leave);
}
