/**
 * The second words of `pyra daemon`.
 * @module
 */
import type { DaemonCommand } from "../../protocol/daemon_calls.ts";
import { linePart, oneLine } from "../errors.ts";
import { jsonText } from "../output.ts";
import type { CommandRunner } from "../runner.ts";

/** By name. What the kernel does itself reads its options from the command line. */
export const DAEMON_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  run: async (context) => await (await import("./run.ts")).runDaemon(context),
  start: send("start"),
  stop: send("stop"),
  restart: send("restart"),
  reload: send("reload"),
  install: send("install"),
  uninstall: send("uninstall"),
  status: async (context, parsed) => (await import("./status.ts")).showStatus(context, parsed),
  logs: async (context, parsed) => (await import("./logs.ts")).showLogs(context, parsed),
};

function send(command: DaemonCommand): CommandRunner {
  return async ({ boot, kernel, print }) => {
    const reply = await kernel.call("daemonCommand", { command });
    const { json, quiet } = boot.options;
    if (json) await print(jsonText(reply));
    else {
      // A file that is only shown has no sentence, and is shown whatever is said.
      const said = reply.message === "" ? [] : [oneLine(reply.message)];
      if (said.length === 0 || !quiet) {
        await print([...said, ...reply.lines.map(linePart)].map((line) => `${line}\n`).join(""));
      }
    }
    return 0;
  };
}
