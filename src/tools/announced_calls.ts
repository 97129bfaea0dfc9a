/**
 * Lets a surface ask no sooner than it has shown what leads to the question: events come to it through
 * the session file, the question by a shorter way.
 * @module
 */
import type { ToolCall } from "../protocol/message.ts";
import type { ApprovalRequest } from "./approval.ts";

/** A question waits no longer for its event, ms. */
const LIMIT_MS = 1_000;

/** The calls whose `approval_request` event was shown. */
export class AnnouncedCalls {
  #shown: ReadonlySet<string> = new Set();
  #wake: () => void = () => undefined;

  /** The event has arrived, and all that came before it is shown. */
  announce(calls: readonly ToolCall[]): void {
    this.#shown = new Set(calls.map(({ id }) => id));
    this.#wake();
  }

  /** Waits for the event about these requests, up to a second, or for the signal. */
  async wait(requests: readonly ApprovalRequest[], signal: AbortSignal): Promise<void> {
    const areShown = () => requests.every(({ call }) => this.#shown.has(call.id));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => areShown() && resolve();
    const timer = setTimeout(resolve, LIMIT_MS);
    const leave = (): void => resolve();
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    this.#wake();
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
    this.#wake = () => undefined;
    this.#shown = new Set();
  }
}
