/**
 * The calls into a plugin.
 * @module
 */
import type { Json, Plugin, PluginContext, SetupSecrets, SetupUi } from "../../protocol/plugin.ts";
import type { PluginMethod } from "../../protocol/plugin_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { Ask } from "./context.ts";
import { PluginFault } from "./fault.ts";
import { describe, named } from "./given.ts";
import type { McpServers } from "./mcp.ts";

/** What a call is served with. */
export interface Served {
  readonly plugin: Plugin;
  readonly params: Readonly<Record<string, unknown>>;
  readonly context: PluginContext;
  readonly ask: Ask;
  readonly mcp: McpServers;
}

type Method = (served: Served) => unknown;
type Callable = (...given: unknown[]) => unknown;

/** Each method of `PluginMethod`. */
export const METHODS: Readonly<Record<PluginMethod, Method>> = {
  describe: ({ plugin }) => describe(plugin),
  async plan({ plugin, params, context }) {
    const tool = named("tool", plugin.tools, params["tool"]);
    const planned = await tool.plan?.(inputOf(params), context);
    return { ...planned, effects: planned?.effects ?? tool.effects ?? [] };
  },
  async run({ plugin, params, context }) {
    const tool = named("tool", plugin.tools, params["tool"]);
    const answer = await tool.run(inputOf(params), context);
    return { text: typeof answer === "string" ? answer : JSON.stringify(answer) ?? "" };
  },
  async command({ plugin, params, context }) {
    const command = named("command", plugin.commands, params["command"]);
    const answer = await command.run(String(params["argument"] ?? ""), context);
    return typeof answer === "string" ? { show: answer } : answer;
  },
  async prompt({ plugin, context }) {
    const { systemPrompt } = plugin;
    return {
      text: typeof systemPrompt === "function" ? await systemPrompt(context) : systemPrompt,
    };
  },
  async hook({ plugin, params, context }) {
    const name = String(params["hook"]);
    const { hooks = {} } = plugin;
    const hook = (hooks as Record<string, unknown>)[name];
    if (typeof hook !== "function") {
      throw new PluginFault("plugin_failed", `it has no hook ${name}`);
    }
    return await Reflect.apply(hook as Callable, hooks, [params["value"], context]) ?? null;
  },
  async setup({ plugin, context, ask }) {
    const { signal } = context;
    return await plugin.setup?.(setupUi(ask, signal), setupSecrets(ask, signal), context) ?? null;
  },
  async task({ plugin, params, context }) {
    await named("task", plugin.tasks, params["task"]).run(context);
    return null;
  },
  runtime: async ({ plugin, params, context }) =>
    await member("container runtime", plugin.runtime, params, context, RUNTIME_METHODS),
  channel: async ({ plugin, params, context, ask }) =>
    await member("channel", plugin.channel, params, context, CHANNEL_METHODS, ask),
  async mcp({ plugin, params, context, mcp }) {
    const server = named("MCP server", plugin.mcpServers, params["server"]);
    const { tool } = params;
    if (tool === undefined) return await mcp.tools(server, context);
    return await mcp.call(server, { name: String(tool), input: inputOf(params) }, context);
  },
};

/** Methods of a container runtime, and whether the context comes last. */
const RUNTIME_METHODS: Readonly<Record<string, boolean>> = {
  platformMatches: false,
  ensureRunning: true,
  listRunning: true,
  buildRunArgs: false,
};
/** Methods of a channel. */
const CHANNEL_METHODS: Readonly<Record<string, boolean>> = { start: true, send: true, stop: false };

/** Calls a method of what the plugin gives; `params.params` is the list of its parameters. */
async function member(
  kind: string,
  owner: object | undefined,
  params: Readonly<Record<string, unknown>>,
  context: PluginContext,
  methods: Readonly<Record<string, boolean>>,
  ask?: Ask,
): Promise<unknown> {
  const name = String(params["method"]);
  const withContext = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const method: unknown = (owner as Record<string, unknown> | undefined)?.[name];
  if (!owner || withContext === undefined || typeof method !== "function") {
    throw new PluginFault("plugin_failed", `it has no ${kind} with ${name}`);
  }
  const given = Array.isArray(params["params"]) ? params["params"] : [];
  const host = name === "start" && ask ? [receiver(ask, context.signal)] : [];
  const values = [...host, ...given, ...(withContext ? [context] : [])];
  return await Reflect.apply(method as Callable, owner, values) ?? null;
}

function inputOf(params: Readonly<Record<string, unknown>>): Readonly<Record<string, Json>> {
  const { input } = params;
  return isRecord(input) ? input as Record<string, Json> : {};
}

function setupUi(ask: Ask, signal: AbortSignal): SetupUi {
  return Object.freeze({
    async note(text: string) {
      await ask("ui.note", { text: String(text) }, signal);
    },
    text: async (question: string, initial = "") =>
      String(
        await ask("ui.text", { question: String(question), initial: String(initial) }, signal),
      ),
    confirm: async (question: string, initial = false) =>
      await ask("ui.confirm", { question: String(question), initial: Boolean(initial) }, signal) ===
        true,
    select: async (question: string, options: readonly string[]) =>
      String(
        await ask(
          "ui.select",
          { question: String(question), options: options.map(String) },
          signal,
        ),
      ),
  });
}

function setupSecrets(ask: Ask, signal: AbortSignal): SetupSecrets {
  const about = (method: "secret.ask" | "secret.has") => async (key: string) =>
    await ask(method, { key: String(key) }, signal) === true;
  return Object.freeze({ ask: about("secret.ask"), has: about("secret.has") });
}

/** What a channel hands its messages to. */
function receiver(ask: Ask, signal: AbortSignal): object {
  return Object.freeze({
    async receive(message: unknown) {
      return String(await ask("channel.receive", message as Json, signal));
    },
  });
}
