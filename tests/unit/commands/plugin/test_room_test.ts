import assert from "node:assert/strict";
import { testRoom } from "../../../../src/commands/plugin/test_room.ts";
import type { Json, Plugin, PluginContext } from "../../../../src/protocol/plugin.ts";
import type { PluginTests } from "../../../../src/protocol/plugin_testing.ts";

const ROOM = {
  name: "x",
  dataFolder: "/data",
  signal: new AbortController().signal,
} as PluginContext;

/** Runs one test on a plugin, as the text that is sent to the room. */
async function runOne(plugin: object, tests: PluginTests, name: string): Promise<Json> {
  const text = testRoom.toString();
  assert.doesNotMatch(text, /PyraError|import\(/, "it uses nothing from outside");
  const { tools = [] }: Plugin = testRoom(plugin as Record<string, unknown>, { tests });
  return await tools.find((tool) => tool.name === "run_test")?.run({ name }, ROOM) ?? null;
}

const PLUGIN: Plugin = {
  tools: [{
    name: "look",
    description: "",
    parameters: {},
    effects: [{ kind: "network", host: "api.example" }],
    async run({ at }, context) {
      context.progress("looking");
      const key = await context.secrets.get("key");
      const answer = await context.fetch(`https://api.example/${at}`, { credential: "key" });
      const notes = await context.memory.search("x");
      return { text: await answer.text(), key: key ?? null, notes: notes.length };
    },
  }],
  commands: [{ name: "hi", usage: "", description: "", run: (argument) => `hi ${argument}` }],
  hooks: { beforeTurn: ({ text }) => text === "no" ? { veto: "no" } : undefined },
  systemPrompt: ({ settings }) => `be ${settings["mood"]}`,
  configFields: () => [{ key: "mood", kind: "text", label: "", default: "kind" }],
};

Deno.test("a test gives the plugin answers, secrets and notes, and sees what it did", async () => {
  const tests: PluginTests = {
    async all({ given, seen, run, plan, command, hook, prompt }) {
      given.secrets["key"] = "s";
      given.notes = [{ file: "a.md", line: 1, summary: "", snippet: "" }];
      given.fetch = (request, credential) => new Response(`${request.url} ${credential}`);
      assert.deepEqual(JSON.parse(await run("look", { at: "x" })), {
        text: "https://api.example/x key",
        key: "s",
        notes: 1,
      });
      assert.deepEqual(seen.progress, ["looking"]);
      assert.deepEqual(seen.requests, [
        { method: "GET", url: "https://api.example/x", credential: "key" },
      ]);
      assert.equal((await plan("look")).effects.length, 1);
      assert.deepEqual(await command("hi", "there"), { show: "hi there" });
      assert.deepEqual(await hook("beforeTurn", { text: "no" }), { veto: "no" });
      assert.equal(await hook("beforeTurn", { text: "yes" }), undefined);
      assert.equal(await prompt(), "be kind");
      given.settings["mood"] = "brief";
      assert.equal(await prompt(), "be brief");
    },
  };
  assert.deepEqual(await runOne({ default: PLUGIN }, tests, "all"), { ok: true });
  assert.deepEqual(await runOne({ getPlugin: () => PLUGIN }, tests, "all"), { ok: true });
});

Deno.test("what a test leaves out fails, and says so", async () => {
  const failing = async (test: PluginTests[string]) => {
    const result = await runOne({ default: PLUGIN }, { test }, "test") as { message?: string };
    return result.message ?? "it did not fail";
  };
  assert.match(await failing(({ run }) => run("look", {}).then(() => {})), /key is not given/);
  assert.match(
    await failing(async ({ run, given }) => {
      given.secrets["key"] = "s";
      await run("look", { at: "1" });
    }),
    /nothing in this test answers GET https:\/\/api\.example\/1/,
  );
  assert.match(await failing(({ run }) => run("loook").then(() => {})), /no tool loook/);
  assert.match(await failing(({ hook }) => hook("afterTurn", {}).then(() => {})), /no hook/);
  assert.match(await failing(() => assert.equal(1, 2)), /1 !== 2/);
  const message = (await runOne({ default: PLUGIN }, {}, "none") as { message: string }).message;
  assert.match(message, /tests are functions/);
});

Deno.test("the plugin is loaded and unloaded for each test, also for one that fails", async () => {
  const did: string[] = [];
  const plugin: Plugin = {
    onLoad: () => void did.push("load"),
    onUnload: () => void did.push("unload"),
  };
  const tests: PluginTests = {
    good: () => void did.push("good"),
    bad() {
      throw new TypeError("bad");
    },
  };
  for (const name of ["good", "bad"]) await runOne({ default: plugin }, tests, name);
  assert.deepEqual(did, ["load", "good", "unload", "load", "unload"]);
});
