/**
 * The second words of `pyra daemon`.
 * @module
 */
import type { DaemonCommand, DaemonReply, DaemonStatus } from "../../protocol/daemon_calls.ts";
import { PyraError } from "../../protocol/error.ts";
import type { CommandContext } from "../context.ts";
import { linePart, oneLine } from "../errors.ts";
import { jsonText, localTime } from "../output.ts";
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
  return async (context) => {
    const { boot, kernel, print } = context;
    if (command === "restart") await refuseService(context);
    const reply = await kernel.call("daemonCommand", { command });
    const { json, quiet } = boot.options;
    if (json) await print(jsonText(reply));
    // A file that is only shown is shown whatever is said.
    else if ("text" in reply) await print(reply.text.split("\n").map(linePart).join("\n") + "\n");
    else if (!quiet) await print(`${linesOf(reply).map(oneLine).join("\n")}\n`);
    return 0;
  };
}

/** What the system keeps running is not ended and started beside it. */
async function refuseService({ kernel }: CommandContext): Promise<void> {
  const running = await kernel.call("daemonStatus", null).catch(() => null);
  if (running === null) return;
  const { pid, label, manager } = await kernel.call("serviceStatus", null);
  if (pid !== running.pid) return;
  const hint = manager === "systemd"
    ? `run systemctl --user restart ${label}`
    : "run pyra daemon stop, then pyra daemon install";
  throw new PyraError("system", "daemon", `${manager} keeps this daemon running`, { hint });
}

function linesOf(reply: Exclude<DaemonReply, { text: string }>): readonly string[] {
  if ("message" in reply) return [reply.message, ...reply.lines];
  if ("started" in reply) {
    const tasks = (["started", "stopped", "kept"] as const)
      .flatMap((what) => reply[what].length > 0 ? [`${what}: ${reply[what].join(", ")}`] : []);
    return ["settings and plugins were read anew", ...tasks];
  }
  const interrupted = (reply.interrupted ?? []).map((what) => `interrupted: ${what}`);
  if ("pid" in reply) {
    return [`the daemon runs (process ${reply.pid})`, ...interrupted, ...vaultLines(reply.vault)];
  }
  return reply.interrupted === null ? ["no daemon runs"] : ["the daemon has ended", ...interrupted];
}

function vaultLines({ state, until }: DaemonStatus["vault"]): string[] {
  if (state === "absent") return [];
  if (state === "locked") return ["the vault is locked; pyra vault unlock opens it"];
  return [`the vault is open until ${until === null ? "the daemon ends" : localTime(until)}`];
}
