/**
 * The part of the composition root for the daemon's own room.
 * @module
 */
import { RunPlugins } from "./app_plugins.ts";
import type { CommandContext } from "./commands/context.ts";
import { HeldMemory } from "./commands/held_memory.ts";
import { pluginTaskFactories } from "./daemon/plugin_tasks.ts";
import { Schedules } from "./daemon/schedules.ts";
import { DaemonTasks } from "./daemon/serve.ts";
import type { TaskEvent, TaskFactory } from "./daemon/task.ts";
import { kernelRooms } from "./plugins/rooms.ts";
import { pluginTasks } from "./plugins/tasks.ts";
import { PyraError } from "./protocol/error.ts";
import type { Json } from "./protocol/plugin.ts";
import { until } from "./protocol/waiting.ts";

/** Keeps the daemon's tasks running until the run ends. @throws the signal's reason */
export async function runDaemon(context: CommandContext): Promise<number> {
  const { kernel, boot: { profile }, signal } = context;
  const log = (fields: TaskEvent | { readonly event: string; readonly reason: string }) => {
    // A log that cannot be written ends nothing.
    kernel.call("log", { line: JSON.stringify(fields), to: "daemon" }).catch(() => null);
  };
  await using memory = new HeldMemory(context);
  const tasks = new DaemonTasks({
    kernel,
    log,
    schedules: new Schedules({
      database: `${profile.db}/state.db`,
      runJob: (job, signal) => kernel.call("runJob", job, signal),
      log: (reason) => log({ event: "schedules", reason }),
    }),
    pluginTasks: async (signal) => {
      const { factories, notices } = await readPluginTasks(context, memory);
      signal.throwIfAborted();
      for (const reason of notices) log({ event: "plugins", reason });
      return factories;
    },
  });
  await tasks.start();
  return await until(new Promise<never>(() => {}), signal);
}

/** The tasks of the plugins that are enabled now. */
async function readPluginTasks(
  context: CommandContext,
  memory: HeldMemory,
): Promise<{
  readonly factories: ReadonlyMap<string, TaskFactory>;
  readonly notices: readonly string[];
}> {
  const { kernel } = context;
  const { config } = await context.loadConfig();
  const plugins = new RunPlugins(context, memory);
  const enabled = await plugins.enabled();
  const notices = await plugins.notices();
  if (enabled === undefined) {
    const [problem] = notices;
    if (problem === undefined) return { factories: new Map(), notices };
    throw new PyraError("system", "plugins_unread", problem);
  }
  const rooms = kernelRooms(kernel);
  const { plugin_settings: settings } = config;
  const tasks = pluginTasks(enabled.plugins, {
    rooms,
    stop: (name) => kernel.call("stopPlugin", { name }),
    settings: (name) => (Object.hasOwn(settings, name) ? settings[name] ?? null : null) as Json,
  });
  return { factories: pluginTaskFactories(tasks, rooms.report), notices };
}
