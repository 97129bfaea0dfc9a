/**
 * Tells the daemon that runs of a change of plugins: what is disabled ends there too, at once.
 * @module
 */
import type { Kernel, KernelMethod } from "../../protocol/kernel_calls.ts";
import { oneLine } from "../errors.ts";
import type { CommandRunner } from "../runner.ts";

/** What changes what plugins are, or what they find. */
const CHANGES: readonly KernelMethod[] = [
  "installPlugin",
  "enablePlugin",
  "disablePlugin",
  "removePlugin",
  "changePluginHost",
  "storePluginSecret",
  "writeConfig",
];

/** The same command; when it has changed something, or tried to, a daemon reads the plugins anew. */
export function changing(command: CommandRunner): CommandRunner {
  return async (context, parsed) => {
    let hasChanged = false;
    const kernel = noting(context.kernel, () => hasChanged = true);
    try {
      return await command({ ...context, kernel }, parsed);
    } finally {
      // A run that is to end says nothing more to anybody.
      if (hasChanged && !context.signal.aborted) {
        await context.kernel.call("daemonAsk", { method: "reload" }).catch(async (thrown) => {
          const why = thrown instanceof Error ? thrown.message : String(thrown);
          await context.printError(
            `pyra: the daemon did not hear of it: ${oneLine(why)}; run pyra daemon reload\n`,
          );
          return null;
        });
      }
    }
  };
}

function noting(kernel: Kernel, change: () => void): Kernel {
  return {
    pluginCall: (params, signal) => kernel.pluginCall(params, signal),
    onPluginRequest: (serve) => kernel.onPluginRequest(serve),
    onDaemonAsk: (serve) => kernel.onDaemonAsk(serve),
    on: (event, listener) => kernel.on(event, listener),
    call(method, params, signal) {
      if (CHANGES.includes(method)) change();
      return kernel.call(method, params, signal);
    },
  };
}
