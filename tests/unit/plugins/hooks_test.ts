import assert from "node:assert/strict";
import { EnabledPlugins } from "../../../src/plugins/enabled_plugins.ts";
import { Hooks } from "../../../src/plugins/hooks.ts";
import type { Json } from "../../../src/protocol/plugin.ts";
import type { PluginGrants } from "../../../src/protocol/plugin_calls.ts";
import { HOOKS } from "../../../src/plugins/bounds.ts";
import { FakeRooms, pluginOf } from "../../fakes/plugin_rooms.ts";

const NEVER = new AbortController().signal;

/** Plugins that have every hook, in this order, and answer so. */
function hooksOf(
  answers: Record<string, (value: never, hook: string) => unknown>,
  wishes: Partial<PluginGrants> = {},
) {
  const rooms = new FakeRooms(({ plugin, params }) => {
    const { hook, value } = params as { hook: string; value: never };
    return (answers[plugin]?.(value, hook) ?? null) as Json;
  });
  const plugins = Object.keys(answers).map((name) =>
    pluginOf(name, { hooks: HOOKS }, { conversation: true, ...wishes })
  );
  return { rooms, hooks: new Hooks(plugins, rooms) };
}

Deno.test("hooks are asked in their order, each with what those before made of the text", async () => {
  const { hooks, rooms } = hooksOf({
    a: ({ text }: { text: string }) => ({ replace: { text: `${text} a` } }),
    b: () => undefined,
    c: ({ text }: { text: string }) => ({ replace: { text: `${text} c` } }),
  });
  assert.deepEqual(await hooks.beforeTurn("hi", NEVER), {
    kind: "pass",
    value: "hi a c",
    by: ["a", "c"],
  });
  assert.deepEqual(rooms.asked("hook"), ["a", "b", "c"]);
  assert.deepEqual(rooms.calls.map(({ limitMs }) => limitMs), [2_000, 2_000, 2_000]);
});

Deno.test("a veto ends the asking, with its reason in one line", async () => {
  const { hooks, rooms } = hooksOf({
    a: () => ({ veto: "not\u001b[2J now\nplease" }),
    b: () => ({ replace: { text: "other" } }),
  });
  assert.deepEqual(await hooks.beforeTurn("hi", NEVER), {
    kind: "veto",
    plugin: "a",
    reason: "not [2J now please",
  });
  assert.deepEqual(rooms.asked("hook"), ["a"]);
  const silent = hooksOf({ a: () => ({ veto: 5 }) });
  const verdict = await silent.hooks.afterTool("t", "x", NEVER);
  assert.ok(verdict.kind === "veto" && verdict.reason === "it gave no reason");
});

Deno.test("a hook that fails or answers with something else is logged and passed over", async () => {
  const { hooks, rooms } = hooksOf({
    a: () => {
      throw new Error("broken");
    },
    b: () => ({ replace: { text: 5 } }),
    c: () => ({ replace: "text" }),
    d: () => ({ replace: null, veto: null }),
    e: ({ text }: { text: string }) => ({ replace: { text: `${text}!` } }),
  });
  const verdict = await hooks.beforeTurn("hi", NEVER);
  assert.deepEqual(verdict, { kind: "pass", value: "hi!", by: ["e"] });
  assert.deepEqual(rooms.reports, [
    "a: beforeTurn: broken",
    "b: beforeTurn: what it wants in place is not of the right kind",
    "c: beforeTurn: what it wants in place is not of the right kind",
  ]);
});

Deno.test("arguments may be replaced by others that JSON can say", async () => {
  const { hooks } = hooksOf({
    a: ({ input }: { input: { n: number } }) => ({ replace: { input: { n: input.n + 1 } } }),
    b: () => ({ replace: { input: [1] } }),
  });
  assert.deepEqual(await hooks.beforeTool({ tool: "t", input: { n: 1 } }, NEVER), {
    kind: "pass",
    value: { n: 2 },
    by: ["a"],
  });
});

Deno.test("a plugin that may not search the notes hears nothing of the memory's tools", async () => {
  const changed = { a: () => ({ replace: { text: "other", input: {} } }) };
  for (const memory of [true, false]) {
    const { hooks, rooms } = hooksOf(changed, { memory });
    await hooks.afterTool("memory_read", "a note", NEVER);
    await hooks.beforeTool({ tool: "memory_write", input: {} }, NEVER);
    assert.equal(rooms.calls.length, memory ? 2 : 0);
    await hooks.afterTool("clock.now", "noon", NEVER);
    assert.equal(rooms.calls.length, memory ? 3 : 1);
  }
});

Deno.test("what must be kept is bounded, one line each, and names its plugin", async () => {
  const { hooks } = hooksOf({
    a: () => ({ keep: ["the order\nis 7", 5, "", "x".repeat(1_000)] }),
    b: () => ({ keep: "all" }),
    c: () => {
      throw new Error("no");
    },
    d: () => ({ keep: Array.from({ length: 100 }, (_, at) => `${at}`) }),
  });
  const kept = await hooks.beforeCompact(3, NEVER);
  assert.deepEqual(kept[0], { plugin: "a", text: "the order is 7" });
  assert.equal(kept[1]?.text.length, 300);
  assert.equal(kept.length, 2 + 20);
});

Deno.test("telling hooks never fails, and ends with its signal", async () => {
  const controller = new AbortController();
  const { hooks, rooms } = hooksOf({
    a: () => {
      throw new Error("no");
    },
    b: () => {
      controller.abort();
      throw new Error("cancelled");
    },
    c: () => null,
  });
  await hooks.session("start", "s1", NEVER);
  assert.deepEqual(rooms.asked("hook"), ["a", "b", "c"]);
  rooms.calls.length = 0;
  await hooks.afterTurn("q", "a", controller.signal);
  assert.deepEqual(rooms.calls, []);
});

Deno.test("an aborted turn asks no further hook", async () => {
  const controller = new AbortController();
  const { hooks, rooms } = hooksOf({
    a: () => {
      controller.abort(new Error("enough"));
      throw new Error("cancelled");
    },
    b: () => null,
  });
  await assert.rejects(hooks.beforeTurn("x", controller.signal), /enough/);
  assert.deepEqual([rooms.asked("hook"), rooms.reports], [["a"], []]);
});

Deno.test("without the wish for what is said a plugin is told of sessions only", async () => {
  const answers = { a: () => ({ veto: "no" }) };
  const { hooks, rooms } = hooksOf(answers, { conversation: false });
  assert.equal(hooks.has("beforeTurn"), false);
  assert.equal(hooks.has("onSessionStart"), true);
  assert.equal((await hooks.beforeTurn("secret", NEVER)).kind, "pass");
  assert.equal((await hooks.beforeTool({ tool: "t", input: {} }, NEVER)).kind, "pass");
  assert.equal((await hooks.afterTool("t", "secret", NEVER)).kind, "pass");
  await hooks.afterTurn("secret", "secret", NEVER);
  assert.deepEqual(await hooks.beforeCompact(3, NEVER), []);
  await hooks.session("start", "id", NEVER);
  await hooks.session("end", "id", NEVER);
  assert.deepEqual(rooms.calls.map(({ params }) => params), [
    { hook: "onSessionStart", value: { id: "id" } },
    { hook: "onSessionEnd", value: { id: "id" } },
  ]);
});

Deno.test("hooks that a manifest does not ask for are told of, those of sessions are not", () => {
  const notices = (hooks: (typeof HOOKS)[number][], conversation: boolean) => {
    const plugins = [pluginOf("a", { hooks }, { conversation })];
    return new EnabledPlugins({ plugins, notices: [] }, new FakeRooms()).notices;
  };
  assert.deepEqual(notices(["onSessionStart"], false), []);
  assert.deepEqual(notices(["beforeTurn"], true), []);
  assert.deepEqual(notices(["beforeTurn", "afterTool", "onSessionEnd"], false), [
    "the plugin a: beforeTurn, afterTool not called, since its manifest does not ask for conversation",
  ]);
});
