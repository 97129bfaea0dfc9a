import assert from "node:assert/strict";
import fc from "fast-check";
import type { ToolEvent, ToolRunner } from "../../../src/agent/ports.ts";
import {
  call,
  CLOCK,
  FINISH,
  play,
  QUESTION,
  scene,
  type Step,
  text,
  TOOLS,
  USAGE,
} from "./stage.ts";

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
    const origin = { kind: "pyra" };
    const told = 'not available: there is no tool "knife"';
    assert.deepEqual(results, [
      { type: "tool_result", call_id: "1", text: told, status: "error", origin },
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

Deno.test("calls whose ids repeat, or are empty, get ids of their own, in this turn and the next", async () => {
  const stage = scene(
    [call("1"), call("1"), call(""), FINISH],
    [call("1"), call("call00000"), FINISH],
    [text("done"), FINISH],
  );
  const { result, events } = await play(stage, { tools: TOOLS }, { toolRunner: CLOCK });
  const ids = events.flatMap((event) => event.type === "tool_call" ? [event.call.id] : []);
  assert.deepEqual(ids.slice(0, 3), ["1", "call00000", "call00001"]);
  assert.equal(new Set(ids).size, 5);
  const results = result.messages.flatMap((one) => one.role === "tool" ? [one.call_id] : []);
  assert.deepEqual(results, ids);
  const again = scene([call("1"), FINISH], [text("done"), FINISH]);
  const messages = [QUESTION, ...result.messages, QUESTION];
  const next = await play(again, { tools: TOOLS, messages }, { toolRunner: CLOCK });
  assert.ok(
    !ids.includes(
      next.result.messages.flatMap((one) => one.role === "tool" ? [one.call_id] : [])[0] ?? "1",
    ),
  );
});
