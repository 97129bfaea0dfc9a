import assert from "node:assert/strict";
import type { CallHooks, CallInput, HookAnswer } from "../../../src/tools/call_hooks.ts";
import {
  fakeSurface,
  fakeTool,
  openWorkshop,
  resultsOf,
  runCalls,
  toolCall,
} from "../../fakes/tools.ts";

const pass = <T>(value: T, by: readonly string[] = []): Promise<HookAnswer<T>> =>
  Promise.resolve({ kind: "pass", value, by });
const veto = (): Promise<HookAnswer<never>> =>
  Promise.resolve({ kind: "veto", plugin: "guard", reason: "not now" });

const SCHEMA = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] };

/** A workshop with the tool `count`, whose runs are told, and the person who allows it. */
function workshop(hooks: Partial<CallHooks>) {
  const runs: CallInput[] = [];
  const surface = fakeSurface({ "fake.count": "once" });
  const tool = fakeTool({
    name: "count",
    parameters: SCHEMA,
    effects: [{ kind: "writes", where: "notes" }],
    run: (given) => {
      runs.push(given);
      return { status: "ok", text: `hunter2 ${JSON.stringify(given)}` };
    },
  });
  const open = openWorkshop({
    tools: [tool],
    surface,
    ports: {
      hooks: {
        beforeTool: ({ input }) => pass(input),
        afterTool: (_tool, text) => pass(text),
        ...hooks,
      },
    },
  });
  return { ...open, runs, asked: surface.asked };
}

Deno.test("a hook that forbids a call ends it before the person is asked", async () => {
  const shop = workshop({ beforeTool: veto });
  const result = resultsOf(await runCalls(shop, [toolCall("1", "fake__count", { n: 1 })]))["1"];
  assert.deepEqual([result?.status, result?.text], [
    "denied",
    "not done: the plugin guard forbids it: not now",
  ]);
  assert.deepEqual([shop.runs, shop.asked, shop.log.length], [[], [], 1]);
});

Deno.test("the person is asked about the arguments that a hook made, and these are run and logged", async () => {
  const shop = workshop({ beforeTool: () => pass({ n: 7 }, ["p"]) });
  await runCalls(shop, [toolCall("1", "fake__count", { n: 1 })]);
  const request = shop.asked[0]?.[0];
  assert.deepEqual([request?.arguments, request?.call.arguments], [{ n: 7 }, '{"n":7}']);
  assert.deepEqual(request?.untrusted, { from: "plugin p" }, "a rule does not stand for them");
  assert.deepEqual(shop.runs, [{ n: 7 }]);
  assert.equal(shop.log[0]?.["arguments"], '{"n":7}');
});

Deno.test("arguments of a hook are held to the tool's schema", async () => {
  const shop = workshop({ beforeTool: () => pass({ n: "seven" }, ["p"]) });
  const result = resultsOf(await runCalls(shop, [toolCall("1", "fake__count", { n: 1 })]))["1"];
  assert.equal(result?.status, "error");
  assert.deepEqual([shop.runs, shop.asked], [[], []]);
});

Deno.test("hooks are not asked about arguments that are none", async () => {
  let asked = 0;
  const shop = workshop({
    beforeTool: ({ input }) => {
      asked++;
      return pass(input);
    },
  });
  await runCalls(shop, [toolCall("1", "fake__count", "{")]);
  assert.equal(asked, 0);
});

Deno.test("a hook sees a result without the secrets that are known, and what it makes of it is its own", async () => {
  let seen = "";
  const shop = workshop({
    afterTool: (tool, text) => {
      seen = `${tool} ${text}`;
      return pass("other hunter2", ["p"]);
    },
  });
  const turn = shop.executor.turn({ who: "model" });
  const { signal } = new AbortController();
  const events = await Array.fromAsync(
    turn.run([toolCall("1", "fake__count", { n: 1 })], signal),
  );
  assert.equal(seen, 'fake.count [redacted] {"n":1}');
  assert.equal(resultsOf(events)["1"]?.text, "other [redacted]");
});

Deno.test("a result of Pyra's own tools that a hook made is untrusted", async () => {
  const tool = fakeTool({ name: "count", owner: "pyra", approval: "none" });
  const hooks: CallHooks = {
    beforeTool: ({ input }) => pass(input),
    afterTool: () => pass("other", ["p"]),
  };
  for (const used of [true, false]) {
    const { executor } = openWorkshop({ tools: [tool], ports: used ? { hooks } : {} });
    const turn = executor.turn({ who: "model" });
    const { signal } = new AbortController();
    await Array.fromAsync(turn.run([toolCall("1", "count")], signal));
    assert.deepEqual(turn.marks.untrusted, used ? { from: "plugin p" } : undefined);
  }
});

Deno.test("a hook may withhold a result, after the call was run", async () => {
  const shop = workshop({ afterTool: veto });
  const result = resultsOf(await runCalls(shop, [toolCall("1", "fake__count", { n: 1 })]))["1"];
  assert.equal(result?.status, "error");
  assert.match(result?.text ?? "", /its result is withheld: the plugin guard forbids it/);
  assert.equal(shop.runs.length, 1);
});

Deno.test("hooks that cannot be asked change nothing, and the person is told", async () => {
  const shop = workshop({ beforeTool: () => Promise.reject(new Error("no")) });
  const events = await runCalls(shop, [toolCall("1", "fake__count", { n: 1 })]);
  assert.equal(resultsOf(events)["1"]?.status, "ok");
  assert.deepEqual(
    events.flatMap((event) => event.type === "warning" ? [event.message] : []),
    ["the plugins' hooks could not be asked"],
  );
});

Deno.test("a tool may take as long as it says, and the call ends then", async () => {
  const slow = fakeTool({ name: "slow", approval: "none", run: () => new Promise(() => {}) });
  const { executor } = openWorkshop({
    tools: [{ ...slow, owner: "pyra", timeLimit: 20 }],
    limits: { runMs: 60_000 },
  });
  const { signal } = new AbortController();
  const events = await Array.fromAsync(
    executor.turn({ who: "model" }).run([toolCall("1", "slow")], signal),
  );
  assert.match(resultsOf(events)["1"]?.text ?? "", /stopped after 0\.02 s/);
});

Deno.test("the reason of a plugin that forbids is text that nobody vouches for", async () => {
  for (const hooks of [{ beforeTool: veto }, { afterTool: veto }]) {
    const tool = fakeTool({ name: "count", owner: "pyra", approval: "none" });
    const { executor } = openWorkshop({
      tools: [tool],
      ports: {
        hooks: {
          beforeTool: ({ input }) => pass(input),
          afterTool: (_tool, text) => pass(text),
          ...hooks,
        },
      },
    });
    const turn = executor.turn({ who: "model" });
    await Array.fromAsync(turn.run([toolCall("1", "count")], new AbortController().signal));
    assert.deepEqual(turn.marks.untrusted, { from: "plugin guard" }, Object.keys(hooks)[0]);
  }
});

Deno.test("what comes of arguments that a hook changed is that plugin's, also from Pyra's own tools", async () => {
  const tool = fakeTool({
    name: "count",
    owner: "pyra",
    approval: "none",
    parameters: { type: "object", properties: { n: { type: "integer" } } },
  });
  const { executor } = openWorkshop({
    tools: [tool],
    ports: {
      hooks: {
        beforeTool: () => pass({ n: 2 }, ["p"]),
        afterTool: (_tool, text) => pass(text),
      },
    },
  });
  const turn = executor.turn({ who: "model" });
  const { signal } = new AbortController();
  const events = await Array.fromAsync(turn.run([toolCall("1", "count", { n: 1 })], signal));
  assert.deepEqual(turn.marks.untrusted, { from: "plugin p" });
  assert.deepEqual(resultsOf(events)["1"]?.origin, {
    kind: "tool",
    tool: "count",
    from: "plugin p",
    trusted: false,
  });
});
