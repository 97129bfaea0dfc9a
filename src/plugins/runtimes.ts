/**
 * The container runtimes that plugins bring, each asked in its room.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import type { ContainerRuntime, Json } from "../protocol/plugin.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import type { PluginRooms } from "./rooms.ts";

/** A runtime of a plugin. Every call rejects with what calls of plugins throw. */
export interface PluginRuntime {
  readonly plugin: string;
  readonly name: string;
  /** The program. Whoever runs it asks the kernel, which knows whether the person agreed to it. */
  readonly cli: string;
  readonly priority: number;
  platformMatches(platform: { readonly os: string; readonly arch: string }): Promise<boolean>;
  ensureRunning(signal: AbortSignal): Promise<void>;
  listRunning(prefix: string, signal: AbortSignal): Promise<readonly string[]>;
  buildRunArgs(
    mounts: Parameters<ContainerRuntime["buildRunArgs"]>[0],
    name: string,
    image: string,
  ): Promise<readonly string[]>;
}

/** Answering takes no longer, ms; starting a machine for containers does. */
const QUICK_MS = 5_000;
const START_MS = 180_000;
const LIST = 1_000;
const ITEM_UNITS = 4_000;

/** The runtimes of plugins that asked for the program they run. */
export function pluginRuntimes(
  plugins: readonly DescribedPlugin[],
  rooms: PluginRooms,
): readonly PluginRuntime[] {
  return plugins.flatMap(({ record, description: { runtime } }) =>
    runtime !== null && record.wishes.run.includes(runtime.cli)
      ? [runtimeOf(record.name, runtime, rooms)]
      : []
  );
}

function runtimeOf(
  plugin: string,
  { name, cli, priority }: { name: string; cli: string; priority: number },
  rooms: PluginRooms,
): PluginRuntime {
  const call = (method: string, params: Json, limitMs: number, signal?: AbortSignal) =>
    rooms.call({ plugin, method: "runtime", params: { method, params }, limitMs }, {
      signal: signal ?? AbortSignal.timeout(limitMs + START_MS),
    });
  return {
    plugin,
    name,
    cli,
    priority,
    platformMatches: async (platform) =>
      await call("platformMatches", [{ ...platform }], QUICK_MS) === true,
    ensureRunning: async (signal) => void await call("ensureRunning", [], START_MS, signal),
    listRunning: async (prefix, signal) =>
      texts(await call("listRunning", [prefix], QUICK_MS, signal), plugin),
    buildRunArgs: async (mounts, container, image) =>
      texts(
        await call(
          "buildRunArgs",
          [mounts.map((mount) => ({ ...mount })), container, image],
          QUICK_MS,
        ),
        plugin,
      ),
  };
}

function texts(given: Json, plugin: string): readonly string[] {
  const isList = Array.isArray(given) && given.length <= LIST &&
    given.every((item) => typeof item === "string" && item.length <= ITEM_UNITS);
  if (isList) return given;
  throw new PyraError(
    "system",
    "bad_answer",
    `the runtime of the plugin ${oneLine(plugin, 60)} gave no list of texts`,
    { hint: `see pyra plugin logs ${plugin}` },
  );
}
