/**
 * One turn: asks the model, runs the tools it calls, asks again, until it has answered. Whatever fails
 * is an event; what the turn adds to the history is whole at every end, so that it can be sent again.
 * @module
 */
import { asPyraError, type ErrorReport } from "../protocol/error.ts";
import type { Message, ToolCall, ToolDescription, Usage } from "../protocol/message.ts";
import type { Origin } from "../protocol/origin.ts";
import type { ModelEvent, ModelRequest } from "../protocol/model.ts";
import type { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import { estimateRequest, ratioOf, requestBudget, trimHistory } from "./budget.ts";
import type { ToolRunner, TurnProvider } from "./ports.ts";

/** What a turn is about. */
export interface Turn {
  readonly provider: TurnProvider;
  /** Names the model; usage is counted for this pair. */
  readonly choice: { readonly provider: string; readonly model: string };
  /** The whole conversation: system prompt, history, and the question last. */
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDescription[];
  readonly limits?: TurnLimits;
  /** What the turn adds, as the model is sent it; as it is if absent. */
  readonly sent?: (added: readonly Message[]) => readonly Message[];
}

/** The limits of a turn; what is absent is not limited. */
export interface TurnLimits {
  /** How often the model may see results of tools; 10 if absent. */
  readonly toolRounds?: number | undefined;
  /** A call of one of these tools that succeeds ends the turn: its result needs no answer. */
  readonly lastTools?: ReadonlySet<string> | undefined;
  /** Tokens that the model takes, question and answer together. */
  readonly contextWindow?: number | undefined;
  /** Reported tokens per estimated one, as the last turn found it. */
  readonly tokenRatio?: number | undefined;
  readonly temperature?: number | undefined;
  /** Tokens of one answer. */
  readonly maxOutputTokens?: number | undefined;
  /** False asks for each answer in one piece. */
  readonly stream?: boolean | undefined;
  /** True: an error is told with what lay below it. */
  readonly causes?: boolean | undefined;
}

/** The ports of a turn. */
export interface TurnPorts {
  /** Absent: no call is run. */
  readonly toolRunner?: ToolRunner | undefined;
}

/** What a turn came to. */
export interface TurnResult {
  readonly reason: DoneReason;
  /** What it adds to the history; every tool call in it has its result. */
  readonly messages: readonly Message[];
  /** All requests together. */
  readonly usage: Usage;
  /** For `limits.tokenRatio` of the next turn. */
  readonly tokenRatio: number;
  readonly error?: ErrorReport;
}

const TOOL_ROUNDS = 10;
const OURS: Origin = { kind: "pyra" };

/**
 * Runs a turn. The last event is `done`; it never throws for what the provider, the tools or the
 * signal do.
 */
export async function* runTurn(
  turn: Turn,
  ports: TurnPorts,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, TurnResult> {
  const { limits = {} } = turn;
  const rounds = limits.toolRounds ?? TOOL_ROUNDS;
  const added: Message[] = [];
  const ids = new CallIds(turn.messages);
  let usage: Usage = { input_tokens: 0, output_tokens: 0, cached_tokens: 0 };
  let tokenRatio = limits.tokenRatio ?? 1;
  let reason: DoneReason;
  let error: ErrorReport | undefined;

  for (let round = 0;; round++) {
    const request = requestFor(turn, added, tokenRatio);
    const answer = yield* askModel(turn, request, ids, signal);
    if (answer.usage !== undefined) {
      usage = sum(usage, answer.usage);
      const estimated = estimateRequest(request.messages, request.tools);
      tokenRatio = ratioOf(estimated, answer.usage, tokenRatio);
    }
    const { text, calls, end } = answer;
    if (text !== "" || calls.length > 0) {
      added.push({ role: "assistant", text, tool_calls: calls });
    }
    error = answer.error;
    if (calls.length === 0) reason = end;
    else if (end !== "stop") {
      // What was cut may lack the call, or the word, that would have changed the others.
      yield* refuseCalls(calls, added, "not run, because the answer is not whole");
      reason = end;
    } else if (round >= rounds) {
      yield* refuseCalls(calls, added, `the limit of ${rounds} tool rounds is reached`);
      reason = "tool_rounds";
    } else {
      const succeeded = yield* runCalls(calls, turn, ports, added, signal);
      const isLast = calls.some(({ id, name }) => limits.lastTools?.has(name) && succeeded.has(id));
      if (!signal.aborted && !isLast) continue;
      reason = signal.aborted ? "cancelled" : "stop";
    }
    break;
  }
  if (error !== undefined) yield { type: "error", error };
  yield { type: "done", reason };
  return { reason, messages: added, usage, tokenRatio, ...(error === undefined ? {} : { error }) };
}

function requestFor(turn: Turn, added: readonly Message[], tokenRatio: number): ModelRequest {
  const { choice, tools = [], limits = {} } = turn;
  const { contextWindow, maxOutputTokens, temperature, stream } = limits;
  let messages: readonly Message[] = [...turn.messages, ...turn.sent?.(added) ?? added];
  if (contextWindow !== undefined) {
    const budget = requestBudget({ contextWindow, maxOutputTokens, tokenRatio });
    messages = trimHistory(messages, budget - estimateRequest([], tools));
  }
  return {
    model: choice.model,
    messages,
    ...(tools.length === 0 ? {} : { tools }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
    ...(stream === undefined ? {} : { stream }),
  };
}

interface ModelAnswer {
  readonly text: string;
  readonly calls: ToolCall[];
  readonly usage: Usage | undefined;
  readonly end: Exclude<DoneReason, "tool_rounds">;
  readonly error?: ErrorReport;
}

async function* askModel(
  turn: Turn,
  request: ModelRequest,
  ids: CallIds,
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ModelAnswer> {
  const { provider, choice } = turn;
  let text = "";
  const calls: ToolCall[] = [];
  let usage: Usage | undefined;
  let end: ModelAnswer["end"] | undefined;
  let error: ErrorReport | undefined;
  try {
    signal.throwIfAborted();
    for await (const given of provider.stream(request, signal)) {
      const event = given.type === "tool_call"
        ? { ...given, call: { ...given.call, id: ids.ownOf(given.call.id) } }
        : given;
      if (event.type === "text") text += event.text;
      else if (event.type === "tool_call") calls.push(event.call);
      else if (event.type === "usage") usage = event.usage;
      else if (event.type === "finish") end = event.reason === "tool_calls" ? "stop" : event.reason;
      const shown = turnEvent(event, provider.answering ?? choice);
      if (shown !== undefined) yield shown;
      if (signal.aborted) break;
    }
  } catch (thrown) {
    if (!signal.aborted) error = asPyraError(thrown).report(turn.limits);
  }
  if (signal.aborted) end = "cancelled";
  else if (error !== undefined) end = "error";
  return { text, calls, usage, end: end ?? "stop", ...(error === undefined ? {} : { error }) };
}

function turnEvent(
  event: ModelEvent,
  { provider, model }: Turn["choice"],
): TurnEvent | undefined {
  if (event.type === "finish") return undefined;
  return event.type === "usage" ? { ...event, provider, model } : event;
}

/**
 * Runs the calls of a round. Afterwards each has a result in `added`, in the order of the calls.
 * @returns the ids of those that succeeded
 */
async function* runCalls(
  calls: readonly ToolCall[],
  turn: Turn,
  { toolRunner }: TurnPorts,
  added: Message[],
  signal: AbortSignal,
): AsyncGenerator<TurnEvent, ReadonlySet<string>> {
  const succeeded = new Set<string>();
  const offered = new Set(turn.tools?.map(({ name }) => name));
  const known = toolRunner === undefined ? [] : calls.filter(({ name }) => offered.has(name));
  const results = new Map<
    string,
    { readonly text: string; readonly origin?: Origin | undefined }
  >();
  let missing = "the tool gave no result";
  try {
    if (known.length > 0 && toolRunner !== undefined) {
      for await (const event of toolRunner.run(known, signal)) {
        if (event.type === "tool_result") {
          // Only the first result of a call of this round counts.
          if (results.has(event.call_id)) continue;
          if (!known.some(({ id }) => id === event.call_id)) continue;
          results.set(event.call_id, event);
          if (event.status === "ok") succeeded.add(event.call_id);
        }
        yield event;
        if (signal.aborted) break;
      }
    }
  } catch (thrown) {
    missing = `the tool failed: ${asPyraError(thrown).message}`;
  }
  if (signal.aborted) missing = "the person ended the turn before this was done";
  for (const { id, name } of calls) {
    const result = results.get(id);
    if (result !== undefined) {
      const { text, origin } = result;
      added.push({ role: "tool", call_id: id, text, ...(origin && { origin }) });
      continue;
    }
    const text = known.some((call) => call.id === id)
      ? missing
      : `not available: there is no tool "${name}"`;
    yield* refuseCalls([{ id }], added, text);
  }
  return succeeded;
}

function* refuseCalls(
  calls: readonly Pick<ToolCall, "id">[],
  added: Message[],
  text: string,
): Generator<TurnEvent> {
  for (const { id } of calls) {
    added.push({ role: "tool", call_id: id, text, origin: OURS });
    yield { type: "tool_result", call_id: id, text, status: "error", origin: OURS };
  }
}

/** Gives each call an id of its own: what a provider repeats would take another call's result. */
class CallIds {
  readonly #taken: Set<string>;
  #next = 0;

  constructor(messages: readonly Message[]) {
    this.#taken = new Set(
      messages.flatMap((message) => message.role === "assistant" ? message.tool_calls : [])
        .map(({ id }) => id),
    );
  }

  /** That id if no call had it yet, else a new one. */
  ownOf(given: string): string {
    let id = given;
    // Nine letters and digits: what the strictest provider takes.
    while (id === "" || this.#taken.has(id)) id = `call${String(this.#next++).padStart(5, "0")}`;
    this.#taken.add(id);
    return id;
  }
}

function sum(one: Usage, other: Usage): Usage {
  return {
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    cached_tokens: one.cached_tokens + other.cached_tokens,
  };
}
