import assert from "node:assert/strict";
import type { ToolEvent, ToolRunner, TurnProvider } from "../../../src/agent/ports.ts";
import {
  runTurn,
  type Turn,
  type TurnPorts,
  type TurnResult,
} from "../../../src/agent/turn_loop.ts";
import type { Message } from "../../../src/protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../../../src/protocol/model.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";

/** What a scripted provider does next. */
export type Step = ModelEvent | Error | "abort";

export const QUESTION: Message = { role: "user", parts: [{ type: "text", text: "hi" }] };
export const TOOLS = [{
  name: "clock",
  description: "tells the time",
  parameters: { type: "object" },
}];
export const FINISH: ModelEvent = { type: "finish", reason: "stop" };
export const USAGE: ModelEvent = {
  type: "usage",
  usage: { input_tokens: 10, output_tokens: 2, cached_tokens: 4 },
};

/** A piece of text. */
export function text(words: string): ModelEvent {
  return { type: "text", text: words };
}

/** A call of the clock, or of another tool. */
export function call(id: string, name = "clock"): ModelEvent {
  return { type: "tool_call", call: { id, name, arguments: "{}" } };
}

/** A provider, what it was asked, and the hand on the brake. */
export interface Scene {
  readonly provider: TurnProvider;
  readonly requests: ModelRequest[];
  readonly controller: AbortController;
}

/** A provider that gives one script for each request, the last one for all later ones. */
export function scene(...scripts: Step[][]): Scene {
  const requests: ModelRequest[] = [];
  const controller = new AbortController();
  const provider: TurnProvider = {
    id: "p",
    async *stream(request, signal) {
      const script = scripts[Math.min(requests.length, scripts.length - 1)] ?? [];
      requests.push(request);
      for (const step of script) {
        await Promise.resolve();
        if (step === "abort") controller.abort(new Error("enough"));
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        if (step !== "abort") yield step;
      }
    },
    listModels: () => Promise.resolve([]),
  };
  return { provider, requests, controller };
}

/** What a turn gave out. */
export interface Played {
  readonly events: TurnEvent[];
  readonly result: TurnResult;
}

/** Plays a turn to its end. */
export async function play(
  { provider, controller }: Scene,
  more: Partial<Turn> = {},
  ports: TurnPorts = {},
): Promise<Played> {
  const turn: Turn = {
    provider,
    choice: { provider: "p", model: "m" },
    messages: [QUESTION],
    ...more,
  };
  const running = runTurn(turn, ports, controller.signal);
  const events: TurnEvent[] = [];
  for (;;) {
    const { done, value } = await running.next();
    if (done) return checked(turn, { events, result: value });
    events.push(value);
  }
}

/** What holds of every turn. */
function checked(turn: Turn, played: Played): Played {
  const { events, result } = played;
  for (const event of events) assert.deepEqual(TurnEvent.parse(event), event);
  assert.deepEqual(events.filter(({ type }) => type === "done"), [
    { type: "done", reason: result.reason },
  ]);
  assert.equal(events.at(-1)?.type, "done");
  const called = events.flatMap((event) => event.type === "tool_call" ? [event.call.id] : []);
  const answered = events.flatMap((event) => event.type === "tool_result" ? [event.call_id] : []);
  assert.deepEqual([...answered].sort(), [...called].sort(), "each call is shown with one result");
  assertConsistent([...turn.messages, ...result.messages]);
  return played;
}

/** Each assistant message's calls are answered right after it, and nothing else is. */
function assertConsistent(messages: readonly Message[]): void {
  let open: string[] = [];
  for (const message of messages) {
    if (message.role === "tool") {
      assert.equal(message.call_id, open.shift());
      continue;
    }
    assert.deepEqual(open, []);
    if (message.role === "assistant") open = message.tool_calls.map(({ id }) => id);
  }
  assert.deepEqual(open, []);
}

/** Answers every call at once. */
export const CLOCK: ToolRunner = {
  async *run(calls) {
    for (const { id } of calls) {
      yield await Promise.resolve<ToolEvent>({
        type: "tool_result",
        call_id: id,
        text: "noon",
        status: "ok",
      });
    }
  },
};
