/**
 * One conversation as the surfaces see it, and what it needs from others.
 * @module
 */
import type { Plan } from "../agent/planner.ts";
import type { ToolRunner } from "../agent/ports.ts";
import type { QueryRecord } from "../audit/query_log.ts";
import type { MemoryContext } from "../memory/context.ts";
import type { Message, Part, ToolDescription, Usage } from "../protocol/message.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { PlanEvent } from "../protocol/plan.ts";
import type { Marks, Provenance } from "../protocol/tool.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { PreferenceKey, Preferences, PreferenceValue } from "../sessions/preferences.ts";
import type { SessionStore } from "../sessions/store.ts";
import type { Caching } from "./cached_answer.ts";
import type { JudgeAnswer } from "./judged_answer.ts";
import type { LookRound } from "./look_round.ts";

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

/** What the tools of one turn begin with. */
export interface ToolTurn extends Marks {
  /** Whether the person named the host (as URLs have it) in this conversation, in their own words. */
  readonly isNamed: (host: string) => boolean;
  /** Keeps a result that the model gets only a part of. */
  readonly keep: (callId: string, text: string) => Promise<void>;
}

/** The tools of one turn. */
export interface TurnTools extends ToolRunner {
  /** What was read, by what the turn began with and its tools. */
  readonly marks: Marks;
}

/** What models are offered. */
export interface ToolOffer {
  /** Always in the same order: providers keep what they made of a beginning that does not change. */
  readonly descriptions: readonly ToolDescription[];
  /** What the person should be told of it, one sentence each. */
  readonly notices: readonly string[];
}

/** The tools that models may call in a conversation. */
export interface QuestionTools {
  /**
   * What there is now. Starts no plugin.
   * @param whose `planner`: its own tools are there too @throws {PyraError} the signal's reason
   */
  offer(signal: AbortSignal, whose?: "planner"): Promise<ToolOffer>;
  /** The tools for one turn; each is asked about, scanned and logged there. */
  turn(start: ToolTurn): TurnTools;
}

/** What plugins made of a text that they were asked about. */
export type TextVerdict =
  | { readonly kind: "pass"; readonly value: string; readonly by: readonly string[] }
  | { readonly kind: "veto"; readonly plugin: string; readonly reason: string };

/** What plugins have to do with a conversation. Each has its own time limit; one that fails is left out. */
export interface ConversationPlugins {
  /** Added to the system prompt, fenced already. @throws the signal's reason */
  prompt(
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly untrusted?: Provenance }>;
  /** Before a question. @throws the signal's reason */
  beforeTurn(text: string, signal: AbortSignal): Promise<TextVerdict>;
  /** After an answer. Never rejects. */
  afterTurn(question: string, answer: string, signal: AbortSignal): Promise<void>;
  /** At the first question, and when the conversation is left. Never rejects. */
  session(event: "start" | "end", id: string, signal: AbortSignal): Promise<void>;
  /** Sentences that must survive when so many turns are summarised. @throws the signal's reason */
  beforeCompact(count: number, signal: AbortSignal): Promise<readonly string[]>;
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
  /** Absent: models are offered no tools. */
  readonly tools?: QuestionTools | undefined;
  /** Absent: models with tools are not told of the machine and the workspace. */
  readonly surroundings?: LookRound | undefined;
  /** Absent: no plugin has to do with it. */
  readonly plugins?: ConversationPlugins | undefined;
  /** Absent: questions are not written down, but in the session. */
  readonly record?: QueryRecord | undefined;
  /** Absent: every question goes to the model. */
  readonly answers?: Caching | undefined;
  /** Absent: answers are not searched for attacks. */
  readonly judge?: JudgeAnswer | undefined;
}

/** What is special about one question. */
export interface SendOptions {
  /** Set if its text is not the person's own. */
  readonly untrusted?: Provenance;
  /** Which tools are on offer, by the names that models call them by; all but the planner's if absent. */
  readonly offers?: (name: string) => boolean;
  /** How often the model may see results of tools; the usual limit if absent. */
  readonly toolRounds?: number;
  /** A call of one of these tools that succeeds ends the turn. */
  readonly lastTools?: ReadonlySet<string>;
  /** Told of each event before it is shown. */
  readonly watch?: (event: TurnEvent) => void;
}

/** What a new conversation begins with. */
export interface NewConversation {
  readonly choice: ModelChoice;
  /** The person's system text. */
  readonly system?: string;
  readonly preferences?: Preferences;
}

/** How every question of a conversation is asked. */
export interface AskOptions {
  /** 0 to 2; absent: the provider's default. */
  readonly temperature?: number;
  /** Tokens of one answer. */
  readonly maxOutputTokens?: number;
  /** False asks for each answer in one piece. */
  readonly stream?: boolean;
  /** True (`--verbose`): errors are told with what lay below them. */
  readonly causes?: boolean;
  /** What the command line says comes before what the conversation has it. */
  readonly typed?: { readonly maxOutputTokens?: number; readonly stream?: boolean };
  /** What the assistant calls itself; Pyra if absent. */
  readonly assistantName?: string;
  /** What it calls the person. */
  readonly userName?: string;
}

/** What a model was sent with a question, beside what was said before. */
export interface SentContext {
  /** The whole system prompt. */
  readonly system: string;
  /** The question, and what stood before it: notes, and the line about the machine. */
  readonly question: readonly string[];
  /** The names of the tools on offer. */
  readonly tools: readonly string[];
  /** Messages before the question. */
  readonly messages: number;
  /** Of all of it, as they are estimated. */
  readonly tokens: number;
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
  /** What went with the last question; `undefined` before the first one of this run. */
  readonly sent?: SentContext | undefined;
  /** What was found wrong with the session file when it was opened: one sentence each. */
  readonly warnings: readonly string[];
  /** What it had read when the last question's turn was over; nothing if none was asked yet. */
  readonly marks: Marks;
  /** The last plan that was proposed, and what became of it. */
  readonly plan: Plan | undefined;
  /** What the person wants of this conversation, whatever the settings say. */
  readonly preferences: Preferences;
  /** Wants something from the next question on; `null` leaves it to the settings. @throws {PyraError} */
  setPreference(key: PreferenceKey, value: PreferenceValue | null): Promise<void>;
  /** Keeps what happened to the plan in the session file, and then in `plan`. @throws {PyraError} */
  keepPlan(event: PlanEvent): Promise<void>;
  /**
   * Asks. Events are in the session file before they are yielded; the last one is `done`. Ending the
   * iteration early cancels the turn.
   * @throws {PyraError} code `turn_running` at the first step while another turn runs
   */
  send(
    parts: readonly Part[],
    signal: AbortSignal,
    options?: SendOptions,
  ): AsyncGenerator<TurnEvent, void, undefined>;
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
