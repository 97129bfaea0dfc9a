/**
 * `pyra daemon status`: whether the daemon runs, and what it does.
 * @module
 */
import type { DaemonStatus, RunStatus, TaskStatus } from "../../protocol/daemon_calls.ts";
import { EXIT } from "../../protocol/error.ts";
import { factRows } from "../plugin/fact_rows.ts";
import type { CommandContext } from "../context.ts";
import { byteText, jsonText, localTime } from "../output.ts";
import type { Parsed } from "../program.ts";

const MINUTE_MS = 60_000;

/** As tasks of the daemon write times, whose zone is another process's. */
const INSTANT = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** `pyra daemon status` @returns 0 if it runs, 3 if none does */
export async function showStatus(context: CommandContext, _parsed: Parsed): Promise<number> {
  const { boot, kernel, print, columns, now } = context;
  const status = await kernel.call("daemonStatus", null);
  if (boot.options.json) await print(jsonText(status));
  else if (status === null) await print("no daemon runs; pyra daemon start starts it\n");
  else await print(factRows(rowsOf(status, { now: now(), version: boot.version }), columns()));
  return status === null ? EXIT.notSetUp : EXIT.done;
}

interface Here {
  readonly now: number;
  readonly version: string;
}

function rowsOf(status: DaemonStatus, { now, version }: Here): string[][] {
  const { pid, started, memory, clients, malformed, runs, tasks } = status;
  const other = status.version === version ? "" : `, Pyra ${status.version}: pyra daemon restart`;
  return [
    ["daemon", `process ${pid}${other}`],
    ["since", `${localTime(started)} (${timeText(now - Date.parse(started))})`],
    ["memory", byteText(memory)],
    ["vault", vaultText(status.vault)],
    // Whoever asks is one of them.
    ["clients", String(Math.max(0, clients - 1))],
    ...(malformed > 0 ? [["frames", `${malformed} that were none`]] : []),
    ...listed("runs", runs.map(runText)),
    ...listed("tasks", tasks.map(taskText)),
  ];
}

function listed(title: string, lines: readonly string[]): string[][] {
  return lines.length === 0
    ? [[title, "none"]]
    : lines.map((line, index) => [index === 0 ? title : "", line]);
}

function vaultText({ state, until }: DaemonStatus["vault"]): string {
  if (state === "absent") return "there is none yet";
  if (state === "locked") return "locked; pyra vault unlock opens it";
  return `open until ${until === null ? "the daemon ends" : localTime(until)}`;
}

function runText({ kind, what, since }: RunStatus): string {
  return `${kind === "job" ? `job ${what}` : `pyra ${what}`}, since ${localTime(since)}`;
}

function taskText({ name, state, crashes, lastError, nextStart, detail }: TaskStatus): string {
  const again = nextStart === null ? "" : ` until ${localTime(nextStart)}`;
  const times = crashes > 0 ? ` (ended ${crashes} ${crashes === 1 ? "time" : "times"})` : "";
  const told = detail.replace(INSTANT, (instant) => localTime(instant));
  return [`${name}: ${state}${again}${times}`, told, state === "running" ? "" : lastError]
    .filter((part) => part !== "").join("; ");
}

/** `3 d 4 h`, `2 h 5 min`, `12 min`, or `less than a minute`. */
function timeText(ms: number): string {
  const minutes = Math.floor(Math.max(0, ms) / MINUTE_MS);
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes % 60} min`;
  return minutes > 0 ? `${minutes} min` : "less than a minute";
}
