import assert from "node:assert/strict";
import fc from "fast-check";
import type { ToolEvent, ToolRunner, TurnProvider } from "../../../src/agent/ports.ts";
import {
  runTurn,
  type Turn,
  type TurnPorts,
  type TurnResult,
} from "../../../src/agent/turn_loop.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Message } from "../../../src/protocol/message.ts";
import type { ModelEvent, ModelRequest } from "../../../src/protocol/model.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";

type Step = ModelEvent | Error | "abort";

const QUESTION: Message = { role: "user", parts: [{ type: "text", text: "hi" }] };
const TOOLS = [{ name: "clock", description: "tells the time", parameters: { type: "object" } }];
const FINISH: ModelEvent = { type: "finish", reason: "stop" };
const USAGE: ModelEvent = {
  type: "usage",
  usage: { input_tokens: 10, output_tokens: 2, cached_tokens: 4 },
};

function text(words: string): ModelEvent {
  return { type: "text", text: words };
}

function call(id: string, name = "clock"): ModelEvent {
  return { type: "tool_call", call: { id, name, arguments: "{}" } };
}

interface Scene {
  readonly provider: TurnProvider;
  readonly requests: ModelRequest[];
  readonly controller: AbortController;
}

/** A provider that gives one script for each request, the last one for all later ones. */
function scene(...scripts: Step[][]): Scene {
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

interface Played {
  readonly events: TurnEvent[];
  readonly result: TurnResult;
}

async function play(
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
const CLOCK: ToolRunner = {
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

Deno.test("an answer is text, usage and done, and one message for the history", async () => {
  const { events, result } = await play(scene([text("Hel"), text("lo"), USAGE, FINISH]));
  assert.deepEqual(events.map(({ type }) => type), ["text", "text", "usage", "done"]);
  assert.deepEqual(events[2], {
    ...USAGE,
    provider: "p",
    model: "m",
  });
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Hello", tool_calls: [] }]);
  assert.equal(result.reason, "stop");
});

Deno.test("usage is counted for the one who answered", async () => {
  const stage = scene([text("x"), USAGE, FINISH]);
  const answering = { provider: "q", model: "n" };
  const { events } = await play({ ...stage, provider: { ...stage.provider, answering } });
  assert.deepEqual(events[1], { ...USAGE, ...answering });
});

Deno.test("tools are run and their results go back to the model", async () => {
  const stage = scene(
    [text("Let me see."), call("1"), USAGE, { type: "finish", reason: "tool_calls" }],
    [text("It is noon."), USAGE, FINISH],
  );
  const { events, result } = await play(stage, { tools: TOOLS }, { toolRunner: CLOCK });
  assert.deepEqual(events.map(({ type }) => type), [
    "text",
    "tool_call",
    "usage",
    "tool_result",
    "text",
    "usage",
    "done",
  ]);
  assert.deepEqual(stage.requests[1]?.messages.slice(1), result.messages.slice(0, 2));
  assert.deepEqual(result.messages.at(-1), {
    role: "assistant",
    text: "It is noon.",
    tool_calls: [],
  });
  assert.deepEqual(result.usage, { input_tokens: 20, output_tokens: 4, cached_tokens: 8 });
});

Deno.test("a tool that is not on offer does not exist", async () => {
  for (const ports of [{}, { toolRunner: CLOCK }]) {
    const stage = scene([call("1", "knife"), FINISH], [text("Oh."), FINISH]);
    const { events } = await play(stage, { tools: TOOLS }, ports);
    const results = events.filter(({ type }) => type === "tool_result");
    assert.deepEqual(results, [
      { type: "tool_result", call_id: "1", text: 'there is no tool "knife"', status: "error" },
    ]);
  }
});

Deno.test("a model that never stops calling tools is stopped after ten rounds", async () => {
  const stage = scene([call("1"), FINISH]);
  let runs = 0;
  const counting: ToolRunner = {
    run(calls, signal) {
      runs++;
      return CLOCK.run(calls, signal);
    },
  };
  const { result } = await play(stage, { tools: TOOLS }, { toolRunner: counting });
  assert.equal(runs, 10);
  assert.equal(result.reason, "tool_rounds");
  assert.match(JSON.stringify(result.messages.at(-1)), /limit of 10 tool rounds/);
});

Deno.test("a failure is an event, and what had arrived is kept", async () => {
  const failure = new PyraError("network", "stream_broken", "it broke", { hint: "ask again" });
  const { events, result } = await play(scene([text("Once upon"), failure]));
  assert.deepEqual(events.slice(1), [
    { type: "error", error: failure.report() },
    { type: "done", reason: "error" },
  ]);
  assert.deepEqual(result.error, failure.report());
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Once upon", tool_calls: [] }]);
});

Deno.test("a provider that throws nonsense is an error too", async () => {
  const { events, result } = await play(scene([new TypeError("x is not a function")]));
  assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
  assert.equal(result.error?.code, "unexpected");
  assert.deepEqual(result.messages, []);
});

Deno.test("a cancelled turn keeps its text, and is no error", async () => {
  const { events, result } = await play(scene([text("Once upon"), "abort", text(" a time")]));
  assert.deepEqual(events.map(({ type }) => type), ["text", "done"]);
  assert.equal(result.reason, "cancelled");
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Once upon", tool_calls: [] }]);
});

Deno.test("a turn that was cancelled before it began asks nothing", async () => {
  const stage = scene([text("x"), FINISH]);
  stage.controller.abort();
  const { result } = await play(stage);
  assert.deepEqual([result.reason, stage.requests.length], ["cancelled", 0]);
});

Deno.test("calls of an answer that is not whole are not run", async () => {
  const notRun: ToolRunner = {
    run() {
      throw new Error("it was run");
    },
  };
  for (
    const end of [{ type: "finish", reason: "length" } as const, "abort", new Error("x")] as const
  ) {
    const { result } = await play(scene([call("1"), end]), { tools: TOOLS }, {
      toolRunner: notRun,
    });
    assert.match(JSON.stringify(result.messages.at(-1)), /not run/);
    assert.notEqual(result.reason, "stop");
  }
});

Deno.test("cancelling while tools run answers what is left open", async () => {
  const stage = scene([call("1"), call("2"), FINISH]);
  const slow: ToolRunner = {
    async *run(calls, signal) {
      yield* CLOCK.run(calls.slice(0, 1), signal);
      stage.controller.abort();
      yield* CLOCK.run(calls.slice(1), signal);
    },
  };
  const { result } = await play(stage, { tools: TOOLS }, { toolRunner: slow });
  assert.equal(result.reason, "cancelled");
  assert.equal(stage.requests.length, 1);
});

Deno.test("a runner that throws, forgets, repeats or invents results breaks nothing", async () => {
  const result = (call_id: string): ToolEvent => ({
    type: "tool_result",
    call_id,
    text: "noon",
    status: "ok",
  });
  const runners: ToolRunner[] = [
    { run: () => ReadableStream.from<ToolEvent>([]) },
    { run: () => ReadableStream.from([result("2"), result("2"), result("invented")]) },
    {
      async *run() {
        yield await Promise.resolve(result("2"));
        throw new Error("the sky fell");
      },
    },
  ];
  for (const toolRunner of runners) {
    const stage = scene([call("1"), call("2"), FINISH], [text("Well."), FINISH]);
    const played = await play(stage, { tools: TOOLS }, { toolRunner });
    assert.equal(played.result.reason, "stop");
  }
});

Deno.test("approval events pass through", async () => {
  const asking: ToolRunner = {
    async *run(calls, signal) {
      yield { type: "approval_request", calls: [...calls] };
      yield { type: "approval", call_id: "1", decision: "allow", reason: "" };
      yield* CLOCK.run(calls, signal);
    },
  };
  const stage = scene([call("1"), FINISH], [FINISH]);
  const { events } = await play(stage, { tools: TOOLS }, { toolRunner: asking });
  assert.deepEqual(events.map(({ type }) => type), [
    "tool_call",
    "approval_request",
    "approval",
    "tool_result",
    "done",
  ]);
});

Deno.test("old exchanges are left out when the window is small", async () => {
  const old: Message[] = Array.from({ length: 20 }, (_, index): Message[] => [
    { role: "user", parts: [{ type: "text", text: `question ${index} ${"x ".repeat(200)}` }] },
    { role: "assistant", text: "y ".repeat(200), tool_calls: [] },
  ]).flat();
  const messages: Message[] = [{ role: "system", text: "be kind" }, ...old, QUESTION];
  const sent = async (contextWindow?: number, tokenRatio = 1) => {
    const stage = scene([text("ok"), FINISH]);
    await play(stage, { messages, limits: { contextWindow, tokenRatio } });
    return stage.requests[0]?.messages ?? [];
  };
  assert.equal((await sent()).length, messages.length);
  const some = await sent(2_000);
  assert.ok(some.length > 2 && some.length < messages.length);
  assert.deepEqual([some[0], some.at(-1)], [messages[0], QUESTION]);
  assert.ok((await sent(2_000, 2)).length < some.length, "a known error of the estimate counts");
});

Deno.test("limits and tools reach the model, and nothing that was not set", async () => {
  const stage = scene([FINISH]);
  await play(stage);
  assert.deepEqual(Object.keys(stage.requests[0] ?? {}).sort(), ["messages", "model"]);
  const full = scene([FINISH]);
  const limits = { temperature: 0, maxOutputTokens: 9, stream: false };
  await play(full, { tools: TOOLS, limits });
  const { messages: _, ...rest } = full.requests[0] ?? {};
  assert.deepEqual(rest, {
    model: "m",
    tools: TOOLS,
    temperature: 0,
    max_output_tokens: 9,
    stream: false,
  });
});

Deno.test("leaving a turn early ends the provider's stream", async () => {
  let isClosed = false;
  const provider: TurnProvider = {
    id: "p",
    async *stream() {
      try {
        for (;;) yield await Promise.resolve(text("x"));
      } finally {
        isClosed = true;
      }
    },
    listModels: () => Promise.resolve([]),
  };
  const choice = { provider: "p", model: "m" };
  const turn = { provider, choice, messages: [QUESTION] };
  for await (const _ of runTurn(turn, {}, new AbortController().signal)) break;
  assert.ok(isClosed);
});

Deno.test("whatever a model and a runner do, the history stays whole", async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.constant(text("word ")),
    fc.constant(USAGE),
    fc.constant<Step>("abort"),
    fc.constant<Step>(new Error("x")),
    fc.constantFrom(FINISH, { type: "finish", reason: "length" } as const),
  );
  const script = fc.tuple(
    fc.array(step, { maxLength: 4 }),
    fc.uniqueArray(fc.constantFrom("1", "2", "3"), { maxLength: 3 }),
    fc.array(step, { maxLength: 3 }),
  ).map(([before, ids, after]) => [
    ...before,
    ...ids.map((id) => call(id, id === "3" ? "knife" : "clock")),
    ...after,
  ]);
  await fc.assert(
    fc.asyncProperty(fc.array(script, { minLength: 1, maxLength: 4 }), async (scripts) => {
      // A tool's id is unique within its answer only: `checked` counts them for one.
      const stage = scene(
        ...scripts.map((one, round) =>
          one.map((part) =>
            typeof part === "object" && "type" in part && part.type === "tool_call"
              ? { ...part, call: { ...part.call, id: `${round}.${part.call.id}` } }
              : part
          )
        ),
        [FINISH],
      );
      await play(stage, { tools: TOOLS }, { toolRunner: CLOCK });
    }),
  );
});
