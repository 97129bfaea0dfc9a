import assert from "node:assert/strict";
import { fault, SomeHost } from "./some_host.ts";

/** A plugin that gives everything. */
const WHOLE = `
const note = (text) => async (_, context) => context.log(text);
export function getPlugin() {
  return {
    tools: [{ name: "write_it", description: "writes\\tit", parameters: { type: "object" }, timeLimit: 900_000,
      effects: [{ kind: "writes", where: "workspace" }],
      plan: ({ path }) => ({ does: "write " + path, effects: [{ kind: "writes", where: path, more: 1 }],
        detail: "+a\\n-b" }), run: () => "" },
      { name: "bare", description: "x", parameters: { type: "object" }, run: () => undefined }],
    commands: [{ name: "hello", usage: "[name]", description: "greets",
      run: (name) => name === "ask" ? { ask: "who am I?" } : "# hello " + name }],
    systemPrompt: async (context) => "I am " + context.name,
    hooks: { beforeTurn: ({ text }) => text === "veto" ? { veto: "not\\nnow" } : { replace: { text: text + "!" } },
      beforeTool: ({ input }) => ({ replace: { input: { ...input, more: true } } }), afterTurn: note("after"),
      beforeCompact: () => ({ keep: ["one", 2, "three"] }) },
    skills: ["skills/one"],
    mcpServers: [{ name: "docs", url: "https://mcp.example.com", credential: "token" }],
    tasks: [{ name: "poll", run: async ({ signal, log }) => { log("polling");
      await new Promise((done) => signal.addEventListener("abort", done)); log("polled"); } }],
    channel: { name: "mail", start: async (host) => { globalThis.answer = await host.receive({ from: "a", text: "b" }); },
      send: ({ to }) => to + globalThis.answer, stop: () => {} },
    runtime: { name: "podman", cli: "podman", priority: 5, platformMatches: ({ os }) => os === "linux",
      ensureRunning: () => {}, listRunning: (prefix) => [prefix + "1"],
      buildRunArgs: (mounts, name, image) => ["run", name, image, ...mounts.map(({ from }) => from)] },
    configFields: () => [{ key: "size", kind: "select", label: "Size", options: ["s", "m"], required: true }],
    setup: async (ui, secrets, context) => {
      await ui.note("hi");
      return { settings: { size: await ui.select("Size?", ["s", "m"]), ok: await ui.confirm("ok?"),
        name: await ui.text("Name?", "me"), had: await secrets.has("token"), asked: await secrets.ask("token") } };
    },
  };
}`;

async function whole(): Promise<SomeHost> {
  const host = new SomeHost();
  await host.start("whole", WHOLE);
  return host;
}

Deno.test("a description holds what a plugin gives, cleaned and bounded", async () => {
  await using host = await whole();
  assert.deepEqual(await host.call("whole", "describe"), {
    tools: [{
      name: "write_it",
      description: "writes  it",
      parameters: { type: "object" },
      effects: [{ kind: "writes", where: "workspace" }],
      timeLimit: 300_000,
      plans: true,
    }, {
      name: "bare",
      description: "x",
      parameters: { type: "object" },
      effects: [],
      timeLimit: 60_000,
      plans: false,
    }],
    commands: [{ name: "hello", usage: "[name]", description: "greets" }],
    systemPrompt: true,
    hooks: ["beforeTurn", "beforeTool", "afterTurn", "beforeCompact"],
    skills: ["skills/one"],
    mcpServers: [{ name: "docs", url: "https://mcp.example.com/", credential: "token" }],
    tasks: ["poll"],
    channel: "mail",
    runtime: { name: "podman", cli: "podman", priority: 5 },
    configFields: [{
      key: "size",
      kind: "select",
      label: "Size",
      description: "",
      default: null,
      options: ["s", "m"],
      required: true,
    }],
    hasSetup: true,
  });
});

Deno.test("a plan says what would be done, with known effects only", async () => {
  await using host = await whole();
  assert.deepEqual(await host.call("whole", "plan", { tool: "write_it", input: { path: "/a" } }), {
    does: "write /a",
    effects: [{ kind: "writes", where: "/a" }],
    detail: "+a\n-b",
  });
  const bare = host.call("whole", "plan", { tool: "bare", input: {} });
  await assert.rejects(bare, fault("plugin_failed", /does not say what/));
  assert.deepEqual(await host.call("whole", "run", { tool: "bare", input: {} }), { text: "" });
  const none = host.call("whole", "run", { tool: "none", input: {} });
  await assert.rejects(none, fault("plugin_failed", /no tool "none"/));
});

Deno.test("commands answer with Markdown or a question, the prompt with a text", async () => {
  await using host = await whole();
  const command = (argument: string) =>
    host.call("whole", "command", { command: "hello", argument });
  assert.deepEqual(await command("you"), { show: "# hello you" });
  assert.deepEqual(await command("ask"), { ask: "who am I?" });
  assert.deepEqual(await host.call("whole", "prompt"), { text: "I am whole" });
});

Deno.test("hooks change, veto with a reason, or let be", async () => {
  await using host = await whole();
  const hook = (name: string, value: Record<string, string | number>) =>
    host.call("whole", "hook", { hook: name, value });
  assert.deepEqual(await hook("beforeTurn", { text: "a" }), { replace: { text: "a!" } });
  assert.deepEqual(await hook("beforeTurn", { text: "veto" }), { veto: "not now" });
  assert.deepEqual(
    await host.call("whole", "hook", { hook: "beforeTool", value: { tool: "t", input: { a: 1 } } }),
    { replace: { input: { a: 1, more: true } } },
  );
  assert.equal(await hook("afterTurn", { question: "a", answer: "b" }), null);
  assert.deepEqual(await hook("beforeCompact", { count: 3 }), { keep: ["one", "three"] });
  await assert.rejects(hook("onSessionEnd", { id: "x" }), fault("plugin_failed", /no hook/));
});

Deno.test("a set-up asks the person through Pyra and tells what came of it", async () => {
  await using host = await whole();
  const answers: Record<string, unknown> = {
    "ui.select": "m",
    "ui.confirm": true,
    "ui.text": "Ada",
    "secret.has": false,
    "secret.ask": true,
  };
  host.answer = ({ method }) => answers[method];
  assert.deepEqual(await host.call("whole", "setup", {}, { limitMs: null }), {
    settings: { size: "m", ok: true, name: "Ada", had: false, asked: true },
  });
  const questions = host.asked.filter(({ method }) => method.startsWith("ui."));
  assert.deepEqual(questions[0], { name: "whole", method: "ui.note", params: { text: "hi" } });
});

Deno.test("a task runs until it is cancelled", async () => {
  await using host = await whole();
  const stop = new AbortController();
  const task = host.call("whole", "task", { task: "poll" }, { limitMs: null, signal: stop.signal });
  while (host.log.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await assert.rejects(task);
  await host.stop("whole");
  assert.deepEqual(host.log, ["whole: polling", "whole: polled"]);
});

Deno.test("a container runtime and a channel are called by the names of their methods", async () => {
  await using host = await whole();
  host.answer = ({ method }) => method === "channel.receive" ? "heard" : null;
  const runtime = (method: string, params: string[] | object[]) =>
    host.call("whole", "runtime", { method, params: params as string[] });
  assert.equal(await runtime("platformMatches", [{ os: "linux", arch: "x" }]), true);
  assert.deepEqual(await runtime("listRunning", ["p"]), ["p1"]);
  assert.deepEqual(
    await host.call("whole", "runtime", {
      method: "buildRunArgs",
      params: [[{ from: "/a" }], "n", "i"],
    }),
    ["run", "n", "i", "/a"],
  );
  await assert.rejects(runtime("constructor", []), fault("plugin_failed", /no container runtime/));
  assert.equal(await host.call("whole", "channel", { method: "start", params: [] }), null);
  const sent = { method: "send", params: [{ to: "b", text: "c" }] };
  assert.equal(await host.call("whole", "channel", sent), "bheard");
});
