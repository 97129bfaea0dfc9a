/**
 * What a plugin's module gives, and its description as JSON. The host checks the description; here it is
 * only collected.
 * @module
 */
import type { Plugin } from "../../protocol/plugin.ts";
import { PluginFault } from "./fault.ts";
import type { Exports } from "./modules.ts";

/** How long a tool may take if it does not say, ms. */
const TOOL_LIMIT_MS = 60_000;

/** The plugin that a module exports. @throws {PluginFault} if it exports none */
export async function pluginOf(exports: Exports): Promise<Plugin> {
  const { getPlugin } = exports;
  const given = typeof getPlugin === "function" ? await getPlugin() : exports["default"];
  if (typeof given === "object" && given !== null) return given as Plugin;
  throw new PluginFault(
    "plugin_failed",
    "it gives no plugin: write `export default { tools: […] }`, or export `getPlugin()`",
  );
}

/** The description, not yet checked. */
export function describe(plugin: Plugin): Record<string, unknown> {
  const { systemPrompt, runtime, channel, hooks } = plugin;
  return {
    tools: list(plugin.tools).map((tool) => ({
      name: withRun("tool", tool).name,
      description: tool.description,
      parameters: tool.parameters,
      effects: tool.effects ?? [],
      timeLimit: tool.timeLimit ?? TOOL_LIMIT_MS,
      plans: typeof tool.plan === "function",
    })),
    commands: list(plugin.commands).map((command) => ({
      name: withRun("command", command).name,
      usage: command.usage,
      description: command.description,
    })),
    systemPrompt: typeof systemPrompt === "string" ? systemPrompt : systemPrompt !== undefined,
    hooks: Object.keys(hooks ?? {}).filter((name) => hooks?.[name as keyof typeof hooks]),
    skills: list(plugin.skills),
    mcpServers: list(plugin.mcpServers).map(({ name, url, credential }) => ({
      name,
      url,
      ...(credential === undefined ? {} : { credential }),
    })),
    tasks: list(plugin.tasks).map(({ name }) => name),
    channel: channel ? channel.name : null,
    runtime: runtime ? { name: runtime.name, cli: runtime.cli, priority: runtime.priority } : null,
    configFields: list(plugin.configFields?.()).map((field) => ({
      key: field.key,
      kind: field.kind,
      label: field.label,
      description: field.description ?? "",
      default: field.default ?? null,
      options: field.options ?? [],
      required: field.required ?? false,
    })),
    hasSetup: typeof plugin.setup === "function",
  };
}

function list<T>(given: readonly T[] | undefined): readonly T[] {
  if (given === undefined) return [];
  if (Array.isArray(given)) return given;
  throw new PluginFault("plugin_failed", "what a plugin gives several of is an array");
}

/** Better said now than at the first call. @throws {PluginFault} if it cannot be run */
function withRun<T extends { readonly name: string; readonly run?: unknown }>(
  kind: string,
  given: T,
): T {
  if (typeof given?.run === "function") return given;
  throw new PluginFault("plugin_failed", `the ${kind} ${String(given?.name)} has no function run`);
}

/** One of what a plugin gives by its name. @throws {PluginFault} if there is none */
export function named<T extends { readonly name: string }>(
  kind: string,
  given: readonly T[] | undefined,
  name: unknown,
): T {
  const found = list(given).find((one) => one.name === name);
  if (found) return found;
  throw new PluginFault("plugin_failed", `it has no ${kind} ${JSON.stringify(name)?.slice(0, 60)}`);
}
