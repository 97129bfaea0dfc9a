/**
 * One conversation as the surfaces see it, and what it needs from others.
 * @module
 */
import type { MemoryContext } from "../memory/context.ts";
import type { Message, Part, Usage } from "../protocol/message.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { SessionStore } from "../sessions/store.ts";

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

/** The person's notes, as far as questions are concerned. */
export interface QuestionMemory {
  /** What the person should be told of it, one sentence each; grows. */
  readonly notices: readonly string[];
  /**
   * What goes with a question; `undefined` if nothing does.
   * @param room tokens that the model has for it at most; `undefined` if that is not known
   */
  contextFor(
    question: string,
    options: { readonly room: number | undefined; readonly signal: AbortSignal },
  ): Promise<MemoryContext | undefined>;
}

/** What a conversation needs of the world. */
export interface ConversationPorts {
  readonly store: SessionStore;
  readonly openProvider: OpenProvider;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many tokens a model can take, question and answer together; `undefined` if unknown. */
  readonly contextWindow?: (choice: ModelChoice) => number | undefined;
  /** Absent: questions go without notes. */
  readonly memory?: QuestionMemory | undefined;
}

/** How every question of a conversation is asked. */
export interface AskOptions {
  /** 0 to 2; absent: the provider's default. */
  readonly temperature?: number;
  /** Tokens of one answer. */
  readonly maxOutputTokens?: number;
  /** False asks for each answer in one piece. */
  readonly stream?: boolean;
  /** What the assistant calls itself; Pyra if absent. */
  readonly assistantName?: string;
  /** What it calls the person. */
  readonly userName?: string;
}

/** One conversation: history, model, session file. Every turn is one stream of events. */
export interface Conversation extends AsyncDisposable {
  /** The session's id. */
  readonly id: string;
  readonly choice: ModelChoice;
  /** The person's system text for this conversation; empty if there is none. */
  readonly system: string;
  /** Made from the first question; empty before it. */
  readonly title: string;
  readonly messages: readonly Message[];
  readonly usage: readonly ModelUsage[];
  /** The notes that went with the last question, by name. */
  readonly memoryFiles: readonly string[];
  /** What was found wrong with the session file when it was opened: one sentence each. */
  readonly warnings: readonly string[];
  /**
   * Asks. Events are in the session file before they are yielded; the last one is `done`. Ending the
   * iteration early cancels the turn.
   * @throws {PyraError} code `turn_running` at the first step while another turn runs
   */
  send(parts: readonly Part[], signal: AbortSignal): AsyncGenerator<TurnEvent, void, undefined>;
  /** Takes back the last question and its answer; returns the question's parts. */
  takeBack(): Promise<readonly Part[] | undefined>;
  /** Uses another model from the next question on. */
  use(choice: ModelChoice): Promise<void>;
  setSystem(text: string): Promise<void>;
  setTitle(title: string): Promise<void>;
  /** A copy of the conversation so far, under a new id. This one stays open. */
  fork(): Promise<Conversation>;
  /** Lets go of the session file; nothing can be sent after that. */
  [Symbol.asyncDispose](): Promise<void>;
}
