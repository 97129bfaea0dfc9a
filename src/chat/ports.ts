/**
 * One conversation as the surfaces see it, and what it needs from others.
 * @module
 */
import type { Message, Part, Usage } from "../protocol/message.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";

/** A provider and a model of it. */
export interface ModelChoice {
  readonly provider: string;
  readonly model: string;
}

/** Opens the way to a provider; wired to the kernel and the provider table in `app.ts`. */
export type OpenProvider = (choice: ModelChoice, signal: AbortSignal) => Promise<ModelProvider>;

/** What one provider and model used in a session. */
export interface ModelUsage extends ModelChoice {
  readonly requests: number;
  readonly usage: Usage;
}

/** One conversation: history, model, session file. Every turn is one stream of events. */
export interface Conversation {
  /** The session's id. */
  readonly id: string;
  readonly choice: ModelChoice;
  /** The person's system text for this conversation; empty if there is none. */
  readonly system: string;
  readonly messages: readonly Message[];
  readonly usage: readonly ModelUsage[];
  /** Asks. Events are in the session file before they are yielded; the last one is `done`. */
  send(parts: readonly Part[], signal: AbortSignal): AsyncGenerator<TurnEvent, void, undefined>;
  /** Takes back the last question and its answer; returns the question's parts. */
  takeBack(): Promise<readonly Part[] | undefined>;
  /** Uses another model from the next question on. */
  use(choice: ModelChoice): Promise<void>;
  setSystem(text: string): Promise<void>;
  /** A copy of the conversation so far, under a new id. */
  fork(): Promise<Conversation>;
}
