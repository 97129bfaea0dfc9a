/**
 * Lets a surface ask no sooner than it has shown what leads to the question: events come to it through
 * the session file, the question by a shorter way.
 * @module
 */
import type { ToolCall } from "../protocol/message.ts";
import type { ApprovalRequest } from "./approval.ts";

/** A question waits no longer for its event, ms. */
const LIMIT_MS = 1_000;
const CALL_LIMIT_MS = 333;

/** The calls whose `approval_request`, or whose own event, was shown. */
export class AnnouncedCalls {
  #shown: readonly ToolCall[] = [];
  #wake: () => void = () => undefined;

  /** The event has arrived, and all that came before it is shown. */
  announce(calls: readonly ToolCall[]): void {
    this.#shown = calls;
    this.#wake();
  }

  /** Waits for a call of the tool of that name, which nobody is asked about; up to a third of a second. */
  async waitForCall(name: string, signal: AbortSignal): Promise<void> {
    const isShown = () => this.#shown.some((call) => call.name === name);
    await this.#until(isShown, signal, CALL_LIMIT_MS);
  }

  /** Waits for the event about these requests, up to a second, or for the signal. */
  async wait(requests: readonly ApprovalRequest[], signal: AbortSignal): Promise<void> {
    const areShown = () =>
      requests.every(({ call }) => this.#shown.some(({ id }) => id === call.id));
    await this.#until(areShown, signal, LIMIT_MS);
  }

  async #until(areShown: () => boolean, signal: AbortSignal, limitMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = () => areShown() && resolve();
    const timer = setTimeout(resolve, limitMs);
    const leave = (): void => resolve();
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    this.#wake();
    await promise;
    clearTimeout(timer);
    signal.removeEventListener("abort", leave);
    this.#wake = () => undefined;
    this.#shown = [];
  }
}
