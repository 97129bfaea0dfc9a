import assert from "node:assert/strict";
import { RunPlugins } from "../../src/app_plugins.ts";
import type { CommandContext } from "../../src/commands/context.ts";
import type { HeldMemory } from "../../src/commands/held_memory.ts";
import type { Json } from "../../src/protocol/plugin.ts";
import type { PluginFile, PluginRecord } from "../../src/protocol/plugin_calls.ts";
import { FakeKernel, type KernelAnswers, kernelError } from "../fakes/kernel.ts";
import { describedTool, NO_WISHES, NOTHING_GIVEN, recordOf } from "../fakes/plugin_rooms.ts";

const NEVER = new AbortController().signal;
const GIVEN = {
  ...NOTHING_GIVEN,
  tools: [describedTool("now")],
  commands: [{ name: "time", usage: "", description: "tells it" }],
  systemPrompt: "Be brief.",
  hooks: ["beforeTurn"],
  skills: ["tea"],
};
const SKILL: PluginFile = {
  path: "tea/SKILL.md",
  text: "---\nname: tea\ndescription: tea\n---\nBoil.",
};

interface Started {
  readonly plugins: RunPlugins;
  readonly kernel: FakeKernel;
  readonly searches: string[];
}

async function inRun(
  records: readonly PluginRecord[],
  check: (started: Started) => Promise<void>,
  answers: KernelAnswers = {},
): Promise<void> {
  const home = await Deno.makeTempDir();
  const kernel = new FakeKernel({
    plugins: () => records,
    pluginFiles: () => [SKILL],
    log: () => null,
    ...answers,
  });
  kernel.plugin = async function* ({ method }) {
    yield await Promise.resolve({ result: (method === "describe" ? GIVEN : null) as Json });
  };
  const searches: string[] = [];
  const config = {
    plugins: { enabled: [], require_approval: true },
    plugin_settings: { clock: { loud: true }, other: { key: "x" } },
  };
  const context = {
    kernel,
    signal: NEVER,
    boot: { workspace: "/work", profile: { cache: home } },
    loadConfig: () => Promise.resolve({ config }),
  } as unknown as CommandContext;
  const memory = {
    open: () =>
      Promise.resolve({
        search: (query: string) => {
          searches.push(query);
          const snippet = { text: "found", marks: [] };
          return Promise.resolve([{ file: "a.md", line: 2, summary: "s", snippet, score: 1 }]);
        },
      }),
  } as unknown as HeldMemory;
  try {
    await check({ plugins: new RunPlugins(context, memory), kernel, searches });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("where no plugin is enabled the kernel is asked once, and nothing else happens", async () => {
  await inRun([recordOf("off", { state: "disabled" })], async ({ plugins, kernel }) => {
    assert.equal(await plugins.enabled(), undefined);
    assert.deepEqual(await plugins.tools(), []);
    assert.deepEqual(await plugins.prompt(NEVER), { text: "" });
    assert.deepEqual(await plugins.beforeTurn("x", NEVER), { kind: "pass", value: "x", by: [] });
    assert.deepEqual(await plugins.notices(), []);
    assert.deepEqual(kernel.calls.map(({ method }) => method), ["plugins"]);
    assert.equal(kernel.servePlugin, undefined);
  });
});

Deno.test("plugins that cannot be listed are told of, and the run goes on without", async () => {
  await inRun([], async ({ plugins }) => {
    assert.deepEqual(await plugins.tools(), []);
    assert.deepEqual(await plugins.notices(), [
      "plugins are left out: grants.json was changed by something else than Pyra",
    ]);
  }, {
    plugins: () => {
      throw kernelError("boundary", "grants.json was changed by something else than Pyra");
    },
  });
});

Deno.test("an enabled plugin's tools, commands, skills and words are part of the run", async () => {
  const clock = recordOf("clock", { wishes: { ...NO_WISHES, conversation: true } });
  await inRun([clock, recordOf("old", { state: "changed" })], async ({ plugins }) => {
    const tools = await plugins.tools();
    assert.deepEqual(tools.map(({ owner, description }) => `${owner}.${description.name}`), [
      "pyra.read_skill",
      "clock.now",
    ]);
    const commands = await plugins.commands(new Set(["help"]));
    assert.deepEqual(commands.map(({ name }) => name), ["time"]);
    const { text } = await plugins.prompt(NEVER);
    assert.match(text, /plugin clock:\n```\nBe brief\.\n```/);
    assert.match(text, /- tea: tea/);
    assert.equal((await plugins.notices()).length, 1);
  });
});

Deno.test("a plugin gets its own settings, and the person's notes only if it asked for them", async () => {
  const mayAll = recordOf("clock", { wishes: { ...NO_WISHES, memory: true } });
  await inRun([mayAll, recordOf("other")], async ({ plugins, kernel, searches }) => {
    await plugins.enabled();
    const ask = async (name: string, method: "settings" | "memory.search", params: Json = null) =>
      await kernel.servePlugin?.({ name, method, params }, NEVER);
    assert.deepEqual(await ask("clock", "settings"), { loud: true });
    assert.deepEqual(await ask("none", "settings"), {});
    assert.deepEqual(await ask("__proto__", "settings"), {});
    assert.deepEqual(await ask("clock", "memory.search", { query: "tea" }), [
      { file: "a.md", line: 2, summary: "s", snippet: "found" },
    ]);
    await assert.rejects(ask("other", "memory.search", { query: "tea" }), { code: "denied" });
    assert.deepEqual(searches, ["tea"]);
  });
});
