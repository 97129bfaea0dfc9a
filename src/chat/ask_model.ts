/**
 * From a question with its history to the events of the answer.
 * @module
 */
import type { Fence } from "../agent/compaction.ts";
import { estimateRequest, estimateTokens } from "../agent/budget.ts";
import { type PromptFacts, systemPrompt } from "../agent/prompt.ts";
import { runTurn, type TurnLimits } from "../agent/turn_loop.ts";
import { asPyraError } from "../protocol/error.ts";
import type { Message, Part } from "../protocol/message.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { MemoryContext } from "../memory/context.ts";
import type { SentSurroundings } from "./look_round.ts";
import type { AskOptions, ModelChoice, SentContext, ToolOffer, TurnTools } from "./ports.ts";
import { sentContext } from "./sent_context.ts";
import { untilTooLong } from "./too_long.ts";

/** The notes that go with a question. */
export interface Recollected {
  readonly context?: MemoryContext;
  /** What the person should be told of their notes, one sentence each. */
  readonly warnings: readonly string[];
}

/** What is asked of whom. */
export interface Asking {
  readonly openProvider: () => Promise<ModelProvider>;
  /** The notes that go with the question; looked for while the provider is opened. Never rejects. */
  readonly recollect: (signal: AbortSignal) => Promise<Recollected>;
  /** The tools on offer; looked for meanwhile too. Never rejects. */
  readonly offerTools: (signal: AbortSignal) => Promise<ToolOffer>;
  /** The machine and the workspace; only for models with tools. Never rejects. */
  readonly lookRound: (
    tools: ToolOffer["descriptions"],
    signal: AbortSignal,
  ) => Promise<SentSurroundings | undefined>;
  /** What plugins add to the system prompt; looked for meanwhile too. Never rejects. */
  readonly pluginPrompt: (signal: AbortSignal) => Promise<string>;
  /** Runs them. @param notes those that go with the question */
  readonly openTools: (notes: MemoryContext | undefined) => TurnTools | undefined;
  /** Messages of this turn as the model is sent them. */
  readonly sent: (messages: readonly Message[]) => readonly Message[];
  /** For what others wrote and goes with every question: the same in every turn. */
  readonly fenceStanding: Fence;
  readonly choice: ModelChoice;
  /** The person's system text; may be empty. */
  readonly system: string;
  /**
   * The conversation so that there is room for it; ends with the question.
   * @param beside estimated tokens of what is sent with it
   * @param refused estimated tokens of a request that was too long; absent at first
   */
  readonly history: (
    provider: ModelProvider,
    beside: number,
    refused?: number,
  ) => AsyncGenerator<TurnEvent, History, undefined>;
  /** Is told what goes with the question. */
  readonly note: (sent: SentContext) => void;
  /** Reported tokens per estimated one, as the last answer told. */
  readonly tokenRatio: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly options: AskOptions;
  /** What this turn may do with tools. */
  readonly limits: Pick<TurnLimits, "toolRounds" | "lastTools">;
}

/** A conversation as a model is sent it. */
export interface History {
  readonly messages: readonly Message[];
  /** What stands for the turns that are not among them, for the system prompt; may be empty. */
  readonly summary: string;
  /** Tokens of question and answer together; `undefined` if unknown. */
  readonly contextWindow: number | undefined;
}

/** What an answer came to. */
export interface Answer {
  /** What the turn adds to the history. */
  readonly messages: readonly Message[];
  /** For `Asking.tokenRatio` of the next question. */
  readonly tokenRatio: number | undefined;
}

/**
 * Asks, and streams the turn's events; the history is trimmed to what the model takes. The last event
 * is `done`; never throws for what the provider or the signal do.
 */
export async function* askModel(
  asking: Asking,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, Answer, undefined> {
  const { choice, tokenRatio, options } = asking;
  let provider: ModelProvider;
  const offering = asking.offerTools(signal);
  const gathering = Promise.all([
    asking.recollect(signal),
    offering,
    asking.pluginPrompt(signal),
    offering.then(({ descriptions }) =>
      descriptions.length === 0 ? undefined : asking.lookRound(descriptions, signal)
    ),
  ]);
  try {
    provider = await asking.openProvider();
  } catch (thrown) {
    if (!signal.aborted) yield { type: "error", error: asPyraError(thrown).report(options) };
    yield { type: "done", reason: signal.aborted ? "cancelled" : "error" };
    return { messages: [], tokenRatio };
  }
  const { temperature, maxOutputTokens, stream, causes } = options;
  const [notes, offer, plugins, around] = await gathering;
  const told = [...notes.warnings, ...offer.notices, ...around?.notices ?? []];
  for (const message of told) yield { type: "warning", message };
  const toolRunner = asking.openTools(notes.context);
  const { standing, relevant } = notesAsSent(asking, notes.context);
  const { descriptions: tools } = offer;
  const strange = around?.foreign === undefined
    ? ""
    : asking.fenceStanding(around.foreign.text, around.foreign.from);
  const standingNotes = [standing, strange].filter((text) => text !== "").join("\n\n");
  const prompt = { notes: standingNotes, plugins, surroundings: around?.standing ?? "" };
  const beside = estimateTokens(promptOf(asking, prompt)) + estimateRequest(relevant) +
    estimateRequest([], tools);
  const ask = ({ messages, summary, contextWindow }: History) => {
    const sent: Message[] = [
      { role: "system", text: promptOf(asking, { ...prompt, summary }) },
      ...withRelevant(messages, relevant),
    ];
    const tokens = estimateRequest(sent, tools);
    asking.note(sentContext(sent, tools, tokens));
    const limits = {
      ...asking.limits,
      contextWindow,
      tokenRatio,
      temperature,
      maxOutputTokens,
      stream,
      causes,
    };
    const turn = { provider, choice, messages: sent, tools, limits, sent: asking.sent };
    return { tokens, running: runTurn(turn, { toolRunner }, signal) };
  };
  const history = yield* asking.history(provider, beside);
  const { tokens, running } = ask(history);
  const tried = yield* untilTooLong(running);
  if (tried.kind === "over") return tried.result;
  if (history.messages.length > 1) {
    const shorter = yield* asking.history(provider, beside, tokens);
    if (!signal.aborted) return yield* ask(shorter).running;
  }
  yield* tried.held;
  return tried.result;
}

function promptOf(
  { options, now, system }: Asking,
  more: Pick<PromptFacts, "notes" | "plugins" | "summary" | "surroundings">,
): string {
  // `Intl` would cost some ms at its first use, before the first request.
  const date = new Date(now).toDateString();
  const { assistantName = "", userName = "" } = options;
  return systemPrompt({ assistantName, userName, date, text: system, ...more });
}

/** The notes as the model is sent them: those that others wrote in a fence of this conversation. */
function notesAsSent(
  { sent, fenceStanding }: Asking,
  notes: MemoryContext | undefined,
): { readonly standing: string; readonly relevant: readonly Message[] } {
  if (notes === undefined) return { standing: "", relevant: [] };
  const { standing, relevant, untrusted: [name = ""], foreign } = notes;
  const writer = foreign.includes("relevant") ? "untrusted" : "person";
  const part: Part = { type: "text", text: relevant, origin: { kind: "memory", name, writer } };
  return {
    standing: foreign.includes("standing") ? fenceStanding(standing, `the note ${name}`) : standing,
    relevant: relevant === "" ? [] : sent([{ role: "user", parts: [part] }]),
  };
}

/** The notes in front of the question: only in what is sent, never in what is kept. */
function withRelevant(
  history: readonly Message[],
  relevant: readonly Message[],
): readonly Message[] {
  const question = history.at(-1);
  if (question?.role !== "user") return history;
  const parts = [...relevant, question].flatMap((one) => one.role === "user" ? one.parts : []);
  return [...history.slice(0, -1), { role: "user", parts }];
}
