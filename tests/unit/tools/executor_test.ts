import assert from "node:assert/strict";
import type { Effect } from "../../../src/protocol/tool.ts";
import { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { parseRule } from "../../../src/tools/rule.ts";
import {
  fakeSurface,
  fakeTool,
  openWorkshop,
  resultsOf,
  runCalls,
  toolCall,
} from "../../fakes/tools.ts";

const WRITES: Effect = { kind: "writes", where: "/home/me/notes" };
const never = new AbortController().signal;

Deno.test("a call goes through arguments, approval, run and log, and its result comes back", async () => {
  const seen: unknown[] = [];
  const workshop = openWorkshop({
    tools: [fakeTool({
      name: "write",
      effects: [WRITES],
      parameters: { type: "object", properties: { count: { type: "number" } } },
      run: (given) => {
        seen.push(given);
        return { status: "ok", text: "written" };
      },
    })],
    surface: fakeSurface({ "fake.write": "once" }),
  });
  const events = await runCalls(workshop, [toolCall("1", "fake__write", { count: "3" })]);
  for (const event of events) assert.deepEqual(TurnEvent.parse(event), event);
  assert.deepEqual(events.map(({ type }) => type), ["approval_request", "approval", "tool_result"]);
  assert.deepEqual(events.at(-1), {
    type: "tool_result",
    call_id: "1",
    text: "written",
    status: "ok",
    origin: { kind: "tool", tool: "fake.write", from: "the tool fake.write", trusted: false },
  });
  assert.deepEqual(seen, [{ count: 3 }], "what models often get wrong is mended");
  const [line] = workshop.log;
  assert.equal(line?.["tool"], "fake.write");
  assert.equal(line?.["who"], "model");
  assert.equal(line?.["owner"], "fake");
  assert.deepEqual([line?.["decision"], line?.["by"]], ["allow", "terminal"]);
  assert.equal(line?.["result"], "written");
  assert.equal(typeof line?.["duration_ms"], "number");
});

Deno.test("one question covers all calls of a round, and each has its own answer", async () => {
  const surface = fakeSurface({ "fake.one": "once", "fake.two": "no" });
  const ran: string[] = [];
  const tool = (name: string) =>
    fakeTool({
      name,
      effects: [WRITES],
      run: () => {
        ran.push(name);
        return { status: "ok", text: name };
      },
    });
  const workshop = openWorkshop({ tools: [tool("one"), tool("two")], surface });
  const events = await runCalls(workshop, [
    toolCall("1", "fake__one"),
    toolCall("2", "fake__two"),
    toolCall("3", "fake__one"),
  ]);
  assert.equal(surface.asked.length, 1);
  assert.deepEqual(events.map(({ type }) => type), [
    "approval_request",
    ...Array(3).fill("approval"),
    ...Array(3).fill("tool_result"),
  ]);
  assert.deepEqual(ran, ["one", "one"]);
  const results = resultsOf(events);
  assert.deepEqual([results["1"]?.status, results["2"]?.status], ["ok", "denied"]);
  assert.match(results["2"]?.text ?? "", /the person said no/);
});

Deno.test("where nobody can be asked, what needs a yes is denied and what only reads is run", async () => {
  const workshop = openWorkshop({
    tools: [
      fakeTool({ name: "write", effects: [WRITES] }),
      fakeTool({ name: "read", approval: "none", effects: [{ kind: "reads", where: "notes" }] }),
    ],
  });
  const events = await runCalls(workshop, [
    toolCall("1", "fake__write"),
    toolCall("2", "fake__read"),
  ]);
  assert.deepEqual(events.map(({ type }) => type), ["approval", "tool_result", "tool_result"]);
  const results = resultsOf(events);
  assert.deepEqual([results["1"]?.status, results["2"]?.status], ["denied", "ok"]);
  assert.match(results["1"]?.text ?? "", /nobody can be asked/);
  assert.deepEqual(workshop.log.map(({ decision }) => decision), ["deny", "allow"]);
});

Deno.test("always stores the rule that was offered, and the next call is not asked for", async () => {
  const surface = fakeSurface({ "fake.write": "always" });
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "write", owner: "fake", effects: [WRITES] })],
    surface,
    // Results of plugins are untrusted text, and then rules about writing do not hold.
    ports: { isTrusted: (name) => name === "fake.write" },
  });
  const first = await runCalls(workshop, [toolCall("1", "fake__write")]);
  assert.deepEqual(first[1], {
    type: "approval",
    call_id: "1",
    decision: "allow_always",
    reason: "allow fake.write in /home/me/notes",
  });
  assert.deepEqual(workshop.rules, [parseRule("allow fake.write in /home/me/notes")]);
  await runCalls(workshop, [toolCall("2", "fake__write")]);
  assert.equal(surface.asked.length, 1);
  assert.equal(workshop.log[1]?.["by"], "rule");
});

Deno.test("a rule that cannot be stored holds for this run, and the person is told", async () => {
  const surface = fakeSurface({ "fake.write": "always" });
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "write", effects: [WRITES] })],
    surface,
    ports: {
      remember: () => Promise.reject(new Deno.errors.PermissionDenied("read-only")),
      isTrusted: (name) => name === "fake.write",
    },
  });
  const events = await runCalls(workshop, [toolCall("1", "fake__write")]);
  assert.equal(resultsOf(events)["1"]?.status, "ok");
  assert.match(JSON.stringify(events), /could not be stored/);
  await runCalls(workshop, [toolCall("2", "fake__write")]);
  assert.equal(surface.asked.length, 1);
});

Deno.test("once a result is untrusted, rules about writing hold no more in the turn", async () => {
  const plans: unknown[] = [];
  const write = fakeTool({ name: "write", effects: [WRITES] });
  const workshop = openWorkshop({
    tools: [
      {
        ...write,
        plan: (given, context) => (plans.push(context.untrusted), write.plan(given, context)),
      },
      fakeTool({
        name: "page",
        approval: "none",
        run: () => ({ status: "ok", text: "hi", untrusted: { from: "evil.example\n\x1b[2J" } }),
      }),
    ],
    rules: [parseRule("allow fake.write in /home/me/notes")],
  });
  const turn = workshop.executor.turn({ who: "model" });
  const rewrite = async (id: string) =>
    resultsOf(await Array.fromAsync(turn.run([toolCall(id, "fake__write")], never)))[id]?.status;
  const page = [toolCall("p", "fake__page")];
  assert.equal(turn.marks.untrusted, undefined);
  assert.equal(await rewrite("1"), "ok");
  // A plugin's own result counts, whatever it says of it.
  assert.deepEqual(turn.marks.untrusted, { from: "the tool fake.write" });
  const other = workshop.executor.turn({ who: "model" });
  await Array.fromAsync(other.run(page, never));
  assert.deepEqual(other.marks.untrusted, { from: "evil.example [2J" });
  assert.equal(await rewrite("2"), "denied");
  assert.deepEqual(plans, [undefined, { from: "the tool fake.write" }]);
  const tainted = workshop.executor.turn({ who: "model", untrusted: { from: "before" } });
  const events = await Array.fromAsync(tainted.run([toolCall("3", "fake__write")], never));
  assert.equal(resultsOf(events)["3"]?.status, "denied");
});

Deno.test("built-in tools are believed what they say of their results", async () => {
  const workshop = openWorkshop({
    tools: [fakeTool({ name: "memory_list", owner: "pyra", approval: "none" })],
  });
  const turn = workshop.executor.turn({ who: "model" });
  await Array.fromAsync(turn.run([toolCall("1", "memory_list")], never));
  assert.equal(turn.marks.untrusted, undefined);
});

Deno.test("a person's own call asks nothing, and is scanned, cut and logged", async () => {
  const workshop = openWorkshop({
    tools: [fakeTool({
      name: "write",
      effects: [WRITES],
      approval: "person",
      run: () => ({ status: "ok", text: "x".repeat(9_000) }),
    })],
    rules: [parseRule("deny fake.write")],
  });
  for (const name of ["fake.write", "fake__write"]) {
    const result = await workshop.executor.call(name, "", { signal: never });
    assert.equal(result.status, "ok");
    assert.equal(result.text.length, 4_000);
    assert.equal(result.whole.length, 9_000);
  }
  assert.deepEqual([...workshop.kept.values()].map(({ length }) => length), [9_000, 9_000]);
  assert.deepEqual(
    workshop.log.map(({ who, by }) => [who, by]),
    Array(2).fill(["person", "person"]),
  );
  const wrong = await workshop.executor.call("fake.rite", "", { signal: never });
  assert.deepEqual([wrong.status, wrong.text], ["error", 'there is no tool "fake.rite"']);
  const near = await workshop.executor.call("Fake_Write", "", { signal: never });
  assert.match(near.text, /did you mean fake\.write\?/);
  const blocked = openWorkshop({
    tools: [fakeTool({ name: "write" })],
    scan: { arguments: () => ({ kind: "block", reason: "it holds a key" }) },
  });
  const refused = await blocked.executor.call("fake.write", "{}", { signal: never });
  assert.deepEqual([refused.status, refused.text], ["denied", "not done: it holds a key"]);
});

Deno.test("a trusted tool of a plugin is believed for its own words, and for nobody else's", async () => {
  const says = (from?: string) =>
    fakeTool({
      name: "now",
      approval: "none",
      run: () => ({
        status: "ok",
        text: "noon",
        ...(from === undefined ? {} : { untrusted: { from } }),
      }),
    });
  const believed = async (
    from: string | undefined,
    isTrusted: () => boolean | Promise<boolean>,
  ) => {
    const { executor } = openWorkshop({ tools: [says(from)], ports: { isTrusted } });
    const turn = executor.turn({ who: "model" });
    const calls = turn.run([toolCall("1", "fake__now")], new AbortController().signal);
    await Array.fromAsync(calls);
    return turn.marks.untrusted?.from;
  };
  assert.equal(await believed(undefined, () => true), undefined);
  assert.equal(await believed("plugin fake", () => Promise.resolve(true)), undefined);
  assert.equal(await believed("evil.example", () => true), "evil.example");
  assert.equal(await believed("plugin fake", () => false), "plugin fake");
  assert.equal(
    await believed(undefined, () => Promise.reject(new Error("no"))),
    "the tool fake.now",
  );
});
