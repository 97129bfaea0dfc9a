import assert from "node:assert/strict";
import fc from "fast-check";
import type { ToolEvent } from "../../../src/agent/ports.ts";
import { runTurn } from "../../../src/agent/turn_loop.ts";
import type { Effect } from "../../../src/protocol/tool.ts";
import {
  fakeSurface,
  fakeTool,
  openWorkshop,
  resultsOf,
  runCalls,
  toolCall,
} from "../../fakes/tools.ts";
import { FINISH, scene, text } from "../agent/stage.ts";

const WRITES: Effect = { kind: "writes", where: "notes" };

Deno.test("what only reads runs at the same time, what writes runs alone and in order", async () => {
  const steps: string[] = [];
  const open: (() => void)[] = [];
  const tool = (name: string, effects: readonly Effect[]) =>
    fakeTool({
      name,
      effects,
      run: async () => {
        steps.push(`+${name}`);
        await new Promise<void>((resolve) => open.push(resolve));
        steps.push(`-${name}`);
        return { status: "ok", text: name };
      },
    });
  const names = ["a", "b", "w", "c"];
  const workshop = openWorkshop({
    tools: names.map((name) => tool(name, name === "w" ? [WRITES] : [])),
    surface: fakeSurface(Object.fromEntries(names.map((name) => [`fake.${name}`, "once"]))),
  });
  const running = runCalls(workshop, names.map((name) => toolCall(name, `fake__${name}`)));
  const until = async (count: number) => {
    while (steps.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  await until(2);
  assert.deepEqual(steps, ["+a", "+b"]);
  open[1]?.();
  await until(3);
  open[0]?.();
  await until(5);
  assert.deepEqual(steps, ["+a", "+b", "-b", "-a", "+w"]);
  open[2]?.();
  await until(7);
  open[3]?.();
  const events = await running;
  assert.deepEqual(steps.slice(5), ["-w", "+c", "-c"]);
  const order = events.flatMap((event) => event.type === "tool_result" ? [event.call_id] : []);
  assert.deepEqual(order, names, "results come in the order of the calls");
});

Deno.test("wrong calls are answered so that a model can repair them, and touch no others", async () => {
  const parameters = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  };
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "weather", approval: "none", parameters })],
  });
  const events = await runCalls(workshop, [
    toolCall("1", "fake__weather", '{"city": "Bonn"'),
    toolCall("2", "fake__weather", {}),
    toolCall("3", "fake.weather", { city: "Bonn" }),
    toolCall("4", "knife"),
    toolCall("5", "fake__weather", { city: "Bonn" }),
    toolCall("6", "fake__weather", { city: "Bonn", ctiy: "Bonn" }),
  ]);
  const results = resultsOf(events);
  assert.match(results["1"]?.text ?? "", /ends too early at line 1, column 16: expected , or }/);
  assert.match(results["2"]?.text ?? "", /city is missing. Correct this and call again/);
  assert.equal(results["3"]?.text, 'there is no tool "fake.weather"; did you mean fake__weather?');
  assert.equal(results["4"]?.text, 'there is no tool "knife"');
  assert.equal(results["5"]?.status, "ok");
  assert.match(results["6"]?.text ?? "", /ctiy is not known; did you mean "city"\? Correct this/);
  assert.equal(workshop.log.length, 6, "each is logged");
});

Deno.test("a second call with the same id is not run", async () => {
  let runs = 0;
  const tool = fakeTool({
    name: "tool",
    approval: "none",
    run: (given) => (runs++, { status: "ok", text: JSON.stringify(given) }),
  });
  const workshop = openWorkshop({ tools: [tool] });
  const calls = [toolCall("1", "fake__tool"), toolCall("1", "fake__tool", { x: 1 })];
  const events = await runCalls(workshop, calls);
  assert.equal(runs, 1);
  assert.deepEqual(events.map(({ type }) => type), ["warning", "tool_result"]);
  assert.equal(resultsOf(events)["1"]?.text, "{}");
});

Deno.test("a round has a limit of calls", async () => {
  const workshop = openWorkshop({ tools: [fakeTool({ name: "tool", approval: "none" })] });
  const calls = Array.from({ length: 40 }, (_, at) => toolCall(String(at), "fake__tool"));
  const results = Object.values(resultsOf(await runCalls(workshop, calls)));
  assert.equal(results.length, 40);
  assert.equal(results.filter(({ status }) => status === "ok").length, 16);
  assert.match(results.at(-1)?.text ?? "", /16 calls at once are the limit/);
});

/** The places at which a turn may be ended. */
const STEPS = ["plan", "scan", "ask", "remember", "run", "result", "keep", "log"] as const;

Deno.test("a turn that is ended at any step ends at once, and runs nothing more", async () => {
  for (const [at, step] of STEPS.entries()) {
    const controller = new AbortController();
    const reached: string[] = [];
    const reach = (name: (typeof STEPS)[number]) => {
      reached.push(name);
      if (name !== step) return;
      controller.abort(new Error("enough"));
      return new Promise<never>(() => undefined);
    };
    const tool = fakeTool({
      name: "tool",
      effects: [WRITES],
      run: async () => (await reach("run"), { status: "ok", text: "z".repeat(5_000) }),
    });
    const workshop = openWorkshop({
      tools: [{ ...tool, plan: async (...given) => (await reach("plan"), tool.plan(...given)) }],
      surface: {
        name: "terminal",
        ask: async () => (await reach("ask"), new Map([["1", { kind: "always" }]])),
      },
      scan: {
        arguments: async () => (await reach("scan"), { kind: "pass" }),
        result: async () => (await reach("result"), { kind: "pass" }),
      },
      ports: {
        remember: () => reach("remember"),
        keep: () => reach("keep"),
        log: (line) => {
          assert.ok(line.length > 0);
          // Only the first line: what hangs in the log would be waited for each time.
          return step === "log" ? reach("log") : undefined;
        },
      },
      limits: { portMs: 50 },
    });
    const events = await runCalls(workshop, [toolCall("1", "fake__tool")], controller.signal);
    assert.deepEqual(reached, STEPS.slice(0, at + 1), step);
    assert.deepEqual(Object.keys(resultsOf(events)), [], step);
  }
});

Deno.test("a turn that was ended before its round runs nothing", async () => {
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "tool", approval: "none", run: () => assert.fail("it was run") })],
  });
  const events = await runCalls(workshop, [toolCall("1", "fake__tool")], AbortSignal.abort());
  assert.deepEqual(events, []);
});

Deno.test("whoever leaves a round early stops its tools", async () => {
  let isStopped = false;
  const workshop = openWorkshop({
    tools: [
      fakeTool({ name: "quick", approval: "none" }),
      fakeTool({
        name: "slow",
        approval: "none",
        run: (_given, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              isStopped = true;
              reject(signal.reason);
            });
          }),
      }),
    ],
  });
  const turn = workshop.executor.turn({ who: "model" });
  const calls = [toolCall("1", "fake__quick"), toolCall("2", "fake__slow")];
  for await (const event of turn.run(calls, new AbortController().signal)) {
    assert.equal(event.type, "tool_result");
    break;
  }
  assert.ok(isStopped);
  assert.deepEqual(workshop.log.map(({ status }) => status), ["ok", "cancelled"]);
});

Deno.test("whatever the model calls, each id has one result, in order, after all approvals", async () => {
  const names = fc.constantFrom("fake__read", "fake__write", "fake__bad", "nothing");
  const arguments_ = fc.constantFrom("", "{}", "{", '{"x":1}', "[]", '"{}"');
  const call = fc.record({
    id: fc.constantFrom("a", "b", "c", ""),
    name: names,
    arguments: arguments_,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 6 }), async (calls) => {
      const workshop = openWorkshop({
        tools: [
          fakeTool({ name: "read", approval: "none" }),
          fakeTool({ name: "write", effects: [WRITES] }),
          fakeTool({ name: "bad", run: () => Promise.reject(new Error("bad")) }),
        ],
        surface: fakeSurface({ "fake.write": "once", "fake.bad": "always" }),
      });
      const events = await runCalls(workshop, calls);
      const ids = (type: ToolEvent["type"]) =>
        events.flatMap((event) => event.type === type && "call_id" in event ? [event.call_id] : []);
      assert.deepEqual(ids("tool_result"), [...new Set(calls.map(({ id }) => id))]);
      const last = events.findLastIndex(({ type }) => type === "approval");
      assert.ok(
        events.findIndex(({ type }) => type === "tool_result") > last || calls.length === 0,
      );
      assert.equal(workshop.log.length, new Set(calls.map(({ id }) => id)).size);
    }),
    { numRuns: 60 },
  );
});

Deno.test("the turn loop runs tools through the executor", async () => {
  const workshop = openWorkshop({ tools: [fakeTool({ name: "now", approval: "none" })] });
  const stage = scene(
    [{ type: "tool_call", call: toolCall("1", "fake__now") }, FINISH],
    [text("It is noon."), FINISH],
  );
  const turn = {
    provider: stage.provider,
    choice: { provider: "p", model: "m" },
    messages: [{ role: "user" as const, parts: [{ type: "text" as const, text: "time?" }] }],
    tools: workshop.registry.descriptions(),
  };
  const toolRunner = workshop.executor.turn({ who: "model" });
  const events = await Array.fromAsync(runTurn(turn, { toolRunner }, stage.controller.signal));
  assert.deepEqual(events.map(({ type }) => type), ["tool_call", "tool_result", "text", "done"]);
  assert.match(JSON.stringify(stage.requests[1]?.messages), /now is done/);
});
