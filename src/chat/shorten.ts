/**
 * Shortens a conversation that is too long for its model: the oldest turns are summarised by that model,
 * in a question of its own without tools. The session file keeps them as they were.
 * @module
 */
import { requestBudget } from "../agent/budget.ts";
import {
  type Fence,
  keptSentences,
  originsOf,
  type PastTurn,
  standingRules,
  type Summary,
  summaryBlock,
  summaryCost,
  summaryRequest,
  summaryTokens,
  transcripts,
  turnsToSummarise,
} from "../agent/compaction.ts";
import type { TurnProvider } from "../agent/ports.ts";
import { asPyraError, PyraError } from "../protocol/error.ts";
import type { Message } from "../protocol/message.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";
import type { SessionTurn } from "../sessions/state.ts";
import { isHopeless } from "./history.ts";
import type { ModelChoice } from "./ports.ts";
import { personWords } from "./recollect.ts";

/** A conversation before it is sent. */
export interface LongTalk {
  readonly provider: TurnProvider;
  readonly choice: ModelChoice;
  /** All turns that are over. */
  readonly before: readonly SessionTurn[];
  /** The question that is to be asked. */
  readonly asked: SessionTurn;
  /** What stands for the first turns already. */
  readonly summary: Summary | undefined;
  /** Tokens of question and answer together; `undefined`: nothing is shortened. */
  readonly contextWindow: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** Reported tokens per estimated one. */
  readonly tokenRatio: number | undefined;
  /** Estimated tokens of what is sent beside the turns and the summary. */
  readonly beside: number;
  /** Writes the new summary into the session file. */
  readonly keep: (summary: Summary) => Promise<void>;
  /** Fences by the marker of a turn. */
  readonly fence: (turn: SessionTurn | undefined) => Fence;
  /** What plugins want to survive; never rejects but for the signal. */
  readonly plugins:
    | ((count: number, signal: AbortSignal) => Promise<readonly string[]>)
    | undefined;
}

/** A conversation as it is sent. */
export interface ShortTalk {
  /** The turns that are sent as they are, the question not among them. */
  readonly turns: readonly SessionTurn[];
  /** For the system prompt; empty if all turns are sent. */
  readonly summary: string;
}

/** A summary takes no longer, ms. */
const SUMMARY_LIMIT_MS = 90_000;
/** After a failure so many turns are asked before it is tried again. */
const PAUSE_TURNS = 4;

/** Shortens the conversations of one session. */
export class Shortener {
  #failedAt = -Infinity;

  /** Summarises if that is needed. Never throws; when the signal aborts, all stays as it is. */
  async *shorten(talk: LongTalk, signal: AbortSignal): AsyncGenerator<TurnEvent, ShortTalk> {
    const { before, asked, contextWindow, maxOutputTokens, tokenRatio, beside, summary } = talk;
    const covered = Math.min(summary?.turns ?? 0, before.length);
    const sent = before.slice(covered);
    const block = (one: Summary) => summaryBlock(one, talk.fence(before[one.turns - 1]));
    const unchanged = { turns: sent, summary: summary === undefined ? "" : block(summary) };
    if (contextWindow === undefined) return unchanged;
    const budget = requestBudget({ contextWindow, maxOutputTokens, tokenRatio });
    const count = turnsToSummarise(
      [...sent, asked].map(messagesOf),
      budget,
      beside + summaryCost(summary),
    );
    if (count === 0 || before.length < this.#failedAt + PAUSE_TURNS) return unchanged;
    try {
      const ending = AbortSignal.any([signal, AbortSignal.timeout(SUMMARY_LIMIT_MS)]);
      const next = yield* summarised(talk, { covered, count, budget }, ending);
      await talk.keep(next);
      yield { type: "warning", message: `${said(count)} summarised to make room for more` };
      return { turns: sent.slice(count), summary: block(next) };
    } catch (thrown) {
      if (signal.aborted) return unchanged;
      this.#failedAt = before.length;
      const why = asPyraError(thrown).message;
      const message = `the conversation is too long, and could not be summarised (${why}); ` +
        "its oldest turns are left out";
      yield { type: "warning", message };
      return unchanged;
    }
  }
}

async function* summarised(
  talk: LongTalk,
  { covered, count, budget }: {
    readonly covered: number;
    readonly count: number;
    readonly budget: number;
  },
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, Summary> {
  const { before, summary } = talk;
  const past = before.slice(covered, covered + count).map(pastTurn);
  const kept = await talk.plugins?.(count, signal) ?? [];
  let text = summary?.text ?? "";
  for (const transcript of transcripts(past, budget)) {
    text = yield* askForSummary(talk, { transcript, before: text, budget }, signal);
  }
  return {
    turns: covered + count,
    text,
    rules: standingRules(past, summary?.rules ?? []),
    origins: originsOf(past, summary?.origins ?? []),
    kept: keptSentences(kept, summary?.kept ?? []),
  };
}

async function* askForSummary(
  { provider, choice, asked, fence }: LongTalk,
  { transcript, before, budget }: {
    readonly transcript: string;
    readonly before: string;
    readonly budget: number;
  },
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, string> {
  const tokens = summaryTokens(budget);
  const request = {
    model: choice.model,
    messages: summaryRequest({ transcript, before, tokens, fence: fence(asked) }),
    max_output_tokens: tokens,
  };
  let text = "";
  for await (const event of provider.stream(request, signal)) {
    signal.throwIfAborted();
    if (event.type === "text") text += event.text;
    else if (event.type === "usage") {
      const { provider: id, model } = provider.answering ?? choice;
      yield { type: "usage", usage: event.usage, provider: id, model };
    }
  }
  signal.throwIfAborted();
  if (text.trim() !== "") return text.trim();
  throw new PyraError("api", "empty_summary", "the model gave no summary");
}

function pastTurn(turn: SessionTurn): PastTurn {
  const words = personWords(turn);
  const messages = messagesOf(turn);
  return { messages, words: messages.length === 0 ? "" : words };
}

/** What is sent of a turn, about. */
function messagesOf(turn: SessionTurn): Message[] {
  const { question, answer } = turn;
  if (answer.length === 0 && isHopeless(turn)) return [];
  return [{ role: "user", parts: [...question] }, ...answer];
}

function said(count: number): string {
  return count === 1 ? "the oldest turn was" : `the ${count} oldest turns were`;
}
