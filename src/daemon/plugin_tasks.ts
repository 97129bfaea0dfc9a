/**
 * Plugins' tasks as a supervisor takes them.
 * @module
 */
import { isCutOff, type RunnablePluginTask } from "../plugins/tasks.ts";
import { problemOf } from "../plugins/rooms.ts";
import { asPyraError } from "../protocol/error.ts";
import { OutsideFault, type TaskFactory } from "./task.ts";

/** What becomes of a plugin's failure, beside its status. Never rejects. */
export type ReportFault = (plugin: string, what: string) => Promise<void>;

/** A factory for each task, by its name. */
export function pluginTaskFactories(
  tasks: readonly RunnablePluginTask[],
  report: ReportFault,
): ReadonlyMap<string, TaskFactory> {
  const isAlone = new Set(tasks.map(({ plugin }) => plugin)).size < 2;
  return new Map(tasks.map((task) => [task.name, factoryOf(task, isAlone, report)]));
}

function factoryOf(
  { plugin, name, version, run }: RunnablePluginTask,
  isAlone: boolean,
  report: ReportFault,
): TaskFactory {
  return () => {
    let said = "";
    return {
      version,
      detail: () => said,
      async run(signal) {
        try {
          await run(signal, (text) => said = text);
        } catch (thrown) {
          if (signal.aborted) throw thrown;
          // All plugins share a process. Who is alone in it has nobody else to blame.
          if (!isAlone && isCutOff(thrown, plugin)) {
            throw new OutsideFault(asPyraError(thrown).message, thrown);
          }
          await report(
            plugin,
            `its task ${name.slice(plugin.length + 1)} failed: ${problemOf(thrown)}`,
          );
          throw thrown;
        }
      },
    };
  };
}
