/**
 * The tasks of enabled plugins, each run in its plugin's room.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { Json } from "../protocol/plugin.ts";
import type { DescribedPlugin } from "./catalogue.ts";
import type { PluginRooms } from "./rooms.ts";

/** What tasks need. */
export interface PluginTaskPorts {
  readonly rooms: Pick<PluginRooms, "call">;
  /** Unloads a plugin and ends its room. */
  readonly stop: (plugin: string) => Promise<unknown>;
  /** As it stands in the settings. */
  readonly settings: (plugin: string) => Json;
}

/** A task of a plugin. */
export interface RunnablePluginTask {
  readonly plugin: string;
  /** `<plugin>.<task>` */
  readonly name: string;
  /** Changes with the plugin's files, with what it was granted, and with its settings. */
  readonly version: string;
  /**
   * Runs it until the signal aborts, and ends the plugin's room then.
   * @param tell what it says of how far it has come; one line, foreign
   * @throws {PyraError} as calls of plugins; the signal's reason
   */
  run(signal: AbortSignal, tell: (text: string) => void): Promise<void>;
}

/** The tasks of plugins, in the order of their names. */
export function pluginTasks(
  plugins: readonly DescribedPlugin[],
  { rooms, stop, settings }: PluginTaskPorts,
): readonly RunnablePluginTask[] {
  return plugins.flatMap(({ record: { name: plugin, hash, wishes }, description }) => {
    const version = `${hash} ${JSON.stringify([wishes, settings(plugin)])}`;
    return description.tasks.map((task) => ({
      plugin,
      name: `${plugin}.${task}`,
      version,
      async run(signal, tell) {
        try {
          await rooms.call({ plugin, method: "task", params: { task }, limitMs: null }, {
            signal,
            progress: tell,
          });
        } finally {
          // The next start is to be of the plugin as it is then, and not before this one has ended.
          if (signal.aborted) await stop(plugin);
        }
      },
    } satisfies RunnablePluginTask));
  });
}

/**
 * Whether a task ended because the process of all plugins did, for a reason that does not name its plugin.
 * The kernel's words for that are `endedError` in `kernel/plugins/room_call.ts` and the reasons in `process.ts`.
 */
export function isCutOff(thrown: unknown, plugin: string): boolean {
  if (!(thrown instanceof PyraError) || thrown.code !== "plugin_ended") return false;
  const [, reason] = thrown.message.split("the plugins' process ended, and their calls with it: ");
  return reason !== undefined && reason !== `a room did not end: ${plugin}`;
}
