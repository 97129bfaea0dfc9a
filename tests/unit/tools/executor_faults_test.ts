import assert from "node:assert/strict";
import type { ToolOutcome } from "../../../src/protocol/tool.ts";
import type { ExecutorPorts } from "../../../src/tools/executor_ports.ts";
import {
  fakeSurface,
  type FakeTool,
  fakeTool,
  openWorkshop,
  resultsOf,
  runCalls,
  toolCall,
  type Workshop,
} from "../../fakes/tools.ts";

const HOME = { kind: "writes", where: "/home/me" } as const;
const READY = { kind: "ready", does: "x", effects: [], approval: "none" } as const;
const done = () => Promise.resolve({ status: "ok", text: "done" } as const);

/** What the model gets of one call of one tool, in a world that says yes to everything. */
async function textOf(fake: Omit<FakeTool, "name">, more: Partial<Workshop> = {}) {
  const surface = fakeSurface({ "fake.tool": "once" });
  const workshop = openWorkshop({
    tools: [fakeTool({ ...fake, name: "tool" })],
    surface,
    limits: { runMs: 30, planMs: 30, portMs: 30 },
    ...more,
  });
  const events = await runCalls(workshop, [toolCall("1", "fake__tool")]);
  const result = resultsOf(events)["1"];
  assert.ok(result, "every call is answered");
  return { ...result, events, workshop, surface };
}

function thrower(thrown: unknown): () => never {
  return () => {
    throw thrown;
  };
}

const evil = new Error("x");
Object.defineProperty(evil, "message", { get: thrower(evil) });

Deno.test("a plan that throws, hangs or is none is an error for the model, and nothing is run", async () => {
  const hang = () => new Promise<never>(() => undefined);
  const plans: readonly (readonly [unknown, RegExp])[] = [
    [thrower(new Error("no \x1b[31mluck")), /the tool failed: no \[31mluck$/],
    [thrower(evil), /the tool failed: it gave no reason$/],
    [thrower(undefined), /it gave no reason/],
    [thrower({ toString: thrower(evil) }), /it gave no reason/],
    [hang, /took too long to plan/],
    [() => 5, /its plan is none/],
    [() => ({ ...READY, run: "x" }), /its plan is none/],
    [() => ({ ...READY, does: 5, run: done }), /its plan is none/],
    [() => ({ ...READY, approval: "never", run: done }), /its plan is none/],
    [() => ({ ...READY, effects: [{ kind: "writes" }], run: done }), /its plan is none/],
    [() => ({ ...READY, effects: Array(65).fill(HOME), run: done }), /its plan is none/],
    [() => ({ kind: "refused", message: "there is no such city" }), /^there is no such city$/],
    [
      () => Object.defineProperty({ ...READY, run: done }, "does", { get: thrower(evil) }),
      /failed/,
    ],
  ];
  for (const [plan, expected] of plans) {
    const { text, status } = await textOf({ plan: plan as () => unknown });
    assert.equal(status, "error");
    assert.match(text, expected);
  }
});

Deno.test("a plan that does what the tool never declared is refused", async () => {
  const effects = [
    { kind: "writes", where: "/home/me2" },
    { kind: "writes", where: "/home/me/../you" },
    { kind: "writes", where: "/home" },
    { kind: "reads", where: "/home/me" },
    { kind: "network", host: "sub.example.com" },
    { kind: "network", host: "*" },
    { kind: "runs", program: "sh" },
  ] as const;
  for (const effect of effects) {
    const { text, status, surface } = await textOf({
      effects: [HOME, { kind: "network", host: "example.com" }, { kind: "runs", program: "git" }],
      plan: () => ({ ...READY, effects: [effect], run: done }),
    });
    assert.equal(status, "denied");
    assert.match(text, /never said that it/);
    assert.equal(surface.asked.length, 0);
  }
});

Deno.test("a plan that says it needs no approval is asked for all the same if it does more than read", async () => {
  const { surface, status } = await textOf({ approval: "none", effects: [HOME] });
  assert.deepEqual([surface.asked.length, status], [1, "ok"]);
  const { surface: other } = await textOf({ approval: "none", effects: [] });
  assert.equal(other.asked.length, 0);
});

Deno.test("what was agreed to is what is run, though the plan changes under the person's eyes", async () => {
  const plan = { ...READY, approval: "person", does: "be kind", effects: [HOME], run: done };
  const effects: unknown[] = [{ ...HOME }];
  let ran = "";
  const answer = (text: string) => () => {
    ran = text;
    return done();
  };
  const changing = { ...plan, effects, run: answer("first") };
  const surface = {
    ...fakeSurface({}),
    ask: () => {
      Object.assign(changing, { does: "be cruel", run: answer("second") });
      effects.push({ kind: "runs", program: "sh" });
      return Promise.resolve(new Map([["1", { kind: "once" }] as const]));
    },
  };
  const { status } = await textOf({ effects: [HOME], plan: () => changing }, { surface });
  assert.deepEqual([status, ran], ["ok", "first"]);
});

Deno.test("a tool that throws, hangs or answers nonsense is an error for the model", async () => {
  const runs: readonly (readonly [unknown, RegExp])[] = [
    [thrower(new Error("the disk\nis full")), /^the tool failed: the disk is full$/],
    [thrower(evil), /it gave no reason/],
    [() => new Promise<never>(() => undefined), /stopped after 0\.03 s/],
    [() => undefined, /its result is none/],
    [() => ({ status: "denied", text: "x" }), /its result is none/],
    [() => ({ status: "ok", text: 5 }), /its result is none/],
    [() => ({ then: thrower(evil) }), /it gave no reason/],
    [
      () => ({ status: "ok", text: "x", untrusted: { from: { toString: thrower(evil) } } }),
      /failed/,
    ],
  ];
  for (const [run, expected] of runs) {
    const { text, status, workshop } = await textOf({ run: run as () => unknown });
    assert.equal(status, "error");
    assert.match(text, expected);
    assert.equal(workshop.log[0]?.["status"], "error");
  }
});

Deno.test("a tool that ignores its signal is left behind, and its late result is dropped", async () => {
  const late = Promise.withResolvers<ToolOutcome>();
  let isToldToStop = false;
  const { text, events, workshop } = await textOf({
    run: (_given, { signal, progress }) => {
      progress("half\nway");
      signal.addEventListener("abort", () => {
        isToldToStop = true;
        progress("still here");
      });
      return late.promise;
    },
  });
  assert.match(text, /stopped after/);
  assert.ok(isToldToStop);
  late.resolve({ status: "ok", text: "late" });
  await late.promise;
  assert.equal(events.filter(({ type }) => type === "tool_result").length, 1);
  assert.deepEqual(workshop.progress, ["half way"]);
  assert.equal(workshop.log.length, 1);
});

Deno.test("progress is one line, not faster than one can read, and ends with the call", async () => {
  let time = 0;
  let tell: (text: string) => void = () => undefined;
  const { workshop } = await textOf({
    run: (_given, { progress }) => {
      tell = progress;
      for (const text of ["one\n\x1b[2J", "too soon"]) tell(text);
      time += 50;
      tell("two");
      tell(5 as unknown as string);
      return { status: "ok", text: "done" };
    },
  }, { ports: { now: () => time } });
  time += 50;
  tell("late");
  assert.deepEqual(workshop.progress, ["one [2J", "two"]);
});

Deno.test("what a program writes is shown as it comes, bounded, and ends with the call", async () => {
  const written: string[] = [];
  let tell: ((text: string) => void) | undefined;
  const workshop = openWorkshop({
    tools: [fakeTool({
      name: "tool",
      approval: "none",
      run(_given, { output }) {
        tell = output;
        for (const text of ["one\ntwo\n", "x".repeat(50_000), 5 as unknown as string]) {
          output?.(text);
        }
        return { status: "ok", text: "done" };
      },
    })],
    ports: { output: (id, text) => void written.push(`${id}: ${text}`) },
  });
  await runCalls(workshop, [toolCall("1", "fake__tool")]);
  tell?.("late");
  assert.deepEqual(written.map((text) => text.slice(0, 20)), [
    "1: one\ntwo\n",
    `1: ${"x".repeat(17)}`,
  ]);
  assert.equal(written[1]?.length, 20_003);
});

Deno.test("a tool with too many runs left behind is not started again until they end", async () => {
  const stuck = Promise.withResolvers<ToolOutcome>();
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "tool", run: () => stuck.promise })],
    surface: fakeSurface({ "fake.tool": "once" }),
    limits: { runMs: 20, openRuns: 2 },
  });
  const calls = ["1", "2", "3"].map((id) => toolCall(id, "fake__tool"));
  const results = resultsOf(await runCalls(workshop, calls));
  assert.match(results["3"]?.text ?? "", /still busy with 2 earlier calls/);
  stuck.resolve({ status: "ok", text: "at last" });
  await stuck.promise;
  assert.equal(
    resultsOf(await runCalls(workshop, [toolCall("4", "fake__tool")]))["4"]?.status,
    "ok",
  );
});

Deno.test("a scan can stop a call, withhold a result, or warn; one that fails stops both", async () => {
  const pass = () => ({ kind: "pass" }) as const;
  const block = () => ({ kind: "block", reason: "it holds a key" }) as const;
  const broken = thrower(new Error("x"));
  const hanging = () => new Promise<never>(() => undefined);
  const scans = [
    [{ arguments: block, result: pass }, "denied", /^not done: it holds a key$/],
    [{ arguments: broken, result: pass }, "denied", /could not be scanned/],
    [{ arguments: hanging, result: pass }, "denied", /could not be scanned/],
    [{ arguments: pass, result: block }, "error", /was run, but its result is withheld: it holds/],
    [{ arguments: pass, result: broken }, "error", /withheld: it could not be scanned/],
    [{ arguments: pass, result: hanging }, "error", /withheld: it could not be scanned/],
  ] as const;
  for (const [scan, status, text] of scans) {
    const result = await textOf({}, { scan });
    assert.equal(result.status, status);
    assert.match(result.text, text);
    assert.doesNotMatch(JSON.stringify(result.workshop.log), /is done/);
  }
  const warn = (message: string) => () => ({ kind: "warn", message }) as const;
  const { status, events } = await textOf({}, {
    scan: { arguments: warn("odd question"), result: warn("odd\nanswer") },
  });
  assert.equal(status, "ok");
  assert.deepEqual(
    events.flatMap((event) => event.type === "warning" ? [event.message] : []),
    ["odd question", "odd answer"],
  );
});

Deno.test("what is scanned and logged is what the tool gets, and not how the model spelt it", async () => {
  const seen: string[] = [];
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "tool", approval: "none" })],
    scan: { arguments: ({ text }) => (seen.push(text), { kind: "pass" }) },
  });
  const spelt = JSON.stringify('{"key": "h\\u0075nter2"}');
  const results = resultsOf(await runCalls(workshop, [toolCall("1", "fake__tool", spelt)]));
  assert.equal(results["1"]?.status, "ok");
  assert.deepEqual(seen, ['{"key":"hunter2"}']);
  assert.equal(workshop.log[0]?.["arguments"], '{"key":"[redacted]"}');
});

Deno.test("secrets go into neither the log nor the model", async () => {
  const { text, workshop } = await textOf({
    run: () => ({ status: "ok", text: "the password is hunter2" }),
  });
  assert.equal(text, "the password is [redacted]");
  assert.doesNotMatch(JSON.stringify(workshop.log), /hunter2/);
  const broken = await textOf({}, { ports: { redact: thrower(new Error("x")) } });
  assert.match(broken.text, /withheld: it could not be searched for secrets/);
});

Deno.test("a log or store that fails or hangs is a warning, not a failure", async () => {
  const hang = () => new Promise<never>(() => undefined);
  const long = () => ({ status: "ok", text: "y".repeat(5_000) });
  const worlds: readonly (readonly [Partial<ExecutorPorts>, RegExp])[] = [
    [{ log: hang }, /could not be logged/],
    [{ log: thrower(new Error("full")) }, /could not be logged/],
    [{ keep: hang }, /could not be kept/],
  ];
  for (const [ports, warning] of worlds) {
    const { status, events, text } = await textOf({ run: long }, { ports });
    assert.equal(status, "ok");
    assert.equal(text.length, 4_000);
    assert.match(JSON.stringify(events), warning);
  }
});
