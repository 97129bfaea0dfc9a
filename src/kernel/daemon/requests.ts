/**
 * What clients and the daemon's app room ask, read. All of it is foreign.
 * @module
 */
import type {
  DaemonAsk,
  DaemonCalls,
  HostedRunParams,
  JobParams,
} from "../../protocol/daemon_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import { fields, textField } from "../params.ts";

const ARGUMENTS = 10_000;
const VARIABLES = 1_000;
const CHARACTERS = 8 * 1024 * 1024;
const STOP_LIMIT_MS = 3_600_000;
const JOB_LIMIT_MS = 24 * 3_600_000;
const ASKS = "status reload drain schedules.changed schedules.run".split(" ");

function refused(what: string): KernelError {
  return new KernelError("bad_call", `${what} is not as it must be`);
}

function isTexts(value: unknown, limit: number): value is readonly string[] {
  return Array.isArray(value) && value.length <= limit &&
    value.every((one) => typeof one === "string" && !one.includes("\0"));
}

function isVariables(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && isTexts(Object.values(value), VARIABLES);
}

function isCount(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;
}

/** @throws {KernelError} `bad_call` */
export function readRunParams(params: unknown): HostedRunParams {
  const { args, folder, shown, programs, secrets, terminal } = fields(params);
  if (!isTexts(args, ARGUMENTS) || args.join("").length > CHARACTERS) throw refused("args");
  if (typeof folder !== "string" || !/^(\/|[A-Za-z]:[\\/])/.test(folder) || folder.includes("\0")) {
    throw refused("folder");
  }
  if (!isVariables(shown) || !isVariables(programs)) throw refused("the environment");
  const { stdin, stdout, stderr, columns, rows } = fields(terminal);
  const flags = [stdin, stdout, stderr].every((flag) => typeof flag === "boolean");
  if (!flags || !isCount(columns, 10_000) || !isCount(rows, 10_000)) throw refused("terminal");
  return {
    args,
    folder,
    shown,
    programs,
    secrets: typeof secrets === "string" ? secrets : "",
    terminal: {
      stdin: stdin === true,
      stdout: stdout === true,
      stderr: stderr === true,
      columns,
      rows,
    },
  };
}

/** @throws {KernelError} `bad_call` */
export function readStop(params: unknown): Parameters<DaemonCalls["stop"]>[0] {
  const { limitMs } = fields(params);
  if (!isCount(limitMs, STOP_LIMIT_MS)) throw refused("limitMs");
  return { limitMs };
}

/** @throws {KernelError} `bad_call` */
export function readUnlock(params: unknown): Parameters<DaemonCalls["vault.unlock"]>[0] {
  const { passphrase, forMs } = fields(params);
  if (passphrase !== null && (typeof passphrase !== "string" || passphrase.length > 4_096)) {
    throw refused("passphrase");
  }
  if (forMs !== null && typeof forMs !== "number") throw refused("forMs");
  return { passphrase, forMs };
}

/** @throws {KernelError} `bad_call` */
export function readAsk(params: unknown): DaemonAsk {
  const { method, limitMs } = fields(params);
  if (!ASKS.includes(String(method))) throw refused("method");
  if (method === "schedules.run") return { method, schedule: textField(params, "schedule") };
  if (method === "drain") {
    if (!isCount(limitMs, STOP_LIMIT_MS)) throw refused("limitMs");
    return { method, limitMs };
  }
  return { method } as DaemonAsk;
}

/** @throws {KernelError} `bad_call` */
export function readJob(params: unknown): JobParams {
  const { occurrence, limitMs } = fields(params);
  if (!isCount(occurrence, Number.MAX_SAFE_INTEGER)) throw refused("occurrence");
  if (!isCount(limitMs, JOB_LIMIT_MS)) throw refused("limitMs");
  return { schedule: textField(params, "schedule"), occurrence, limitMs };
}
