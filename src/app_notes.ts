/**
 * Keeps the index of the notes true while a chat runs.
 * @module
 */
import type { HeldMemory } from "./commands/held_memory.ts";
import type { Memory } from "./memory/memory.ts";
import { asPyraError } from "./protocol/error.ts";

/** The chat is on the screen before this begins, ms. */
const START_MS = 250;

/** How often notes that changed are given vectors, where the settings name a model for that, ms. */
const VECTORS_EVERY_MS = 60_000;

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
      await Promise.all([opened.follow(signal), this.#giveVectors(opened, signal)]);
    } catch (thrown) {
      this.#tell("changes to notes are not noticed", thrown, signal);
    }
  }

  async #giveVectors(memory: Memory, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await memory.embedQuietly({ signal });
      } catch (thrown) {
        this.#tell("notes are found by their words alone", thrown, signal);
      }
      await pause(VECTORS_EVERY_MS, signal);
    }
  }

  /** The chat goes on; `/memory` tells, once. */
  #tell(what: string, thrown: unknown, signal: AbortSignal): void {
    const sentence = `${what}: ${asPyraError(thrown).message}`;
    if (!signal.aborted && !this.#problems.includes(sentence)) this.#problems.push(sentence);
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
