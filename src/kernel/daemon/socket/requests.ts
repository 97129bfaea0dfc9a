/**
 * What clients and the daemon's app room ask, read by a table. All of it is foreign.
 * @module
 */
import type {
  DaemonAsk,
  DaemonCalls,
  HostedRunParams,
  HostedTerminal,
  JobParams,
} from "../../../protocol/daemon_calls.ts";
import { isRecord } from "../../../rpc/frame.ts";
import { KernelError } from "../../error.ts";
import { fields } from "../../params.ts";

/** What is asked with parameters, and what these are. */
interface Requests {
  run: HostedRunParams;
  terminal: HostedTerminal;
  stop: Parameters<DaemonCalls["stop"]>[0];
  unlock: Parameters<DaemonCalls["vault.unlock"]>[0];
  job: JobParams;
  ask: DaemonAsk;
  "schedules.run": { readonly schedule: string };
}

/** The fields of each, all of which must be there. */
const FIELDS: Readonly<Record<keyof Requests, string>> = {
  run: "args folder shown programs secrets terminal",
  terminal: "stdin stdout stderr columns rows",
  stop: "limitMs",
  unlock: "passphrase forMs",
  job: "schedule occurrence limitMs",
  ask: "method",
  "schedules.run": "schedule",
};
const ASKS = "status reload drain schedules.changed schedules.run".split(" ");
const DAY_MS = 24 * 3_600_000;
/** Characters: of a name or a passphrase, and of all arguments. */
const TEXT_LIMIT = 8_192;
const TEXTS_LIMIT = 8 * 1024 * 1024;

type Check = (value: unknown) => boolean;
const isFlag: Check = (value) => typeof value === "boolean";
const text = (most: number): Check => (value) =>
  typeof value === "string" && value.length <= most && !value.includes("\0");
const texts = (most: number): Check => (value) =>
  Array.isArray(value) && value.length <= most && value.every(text(TEXTS_LIMIT)) &&
  value.join("").length <= TEXTS_LIMIT;
const isVariables: Check = (value) => isRecord(value) && texts(1_000)(Object.values(value));
const upTo = (most: number): Check => (value) =>
  Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= most;

/** What each field must be. */
const KINDS: Readonly<Record<string, Check>> = {
  args: texts(10_000),
  folder: (value) => text(TEXT_LIMIT)(value) && /^(\/|[A-Za-z]:[\\/])/.test(String(value)),
  shown: isVariables,
  programs: isVariables,
  secrets: text(TEXT_LIMIT),
  terminal: isRecord,
  stdin: isFlag,
  stdout: isFlag,
  stderr: isFlag,
  columns: upTo(10_000),
  rows: upTo(10_000),
  limitMs: upTo(DAY_MS),
  passphrase: (value) => value === null || text(TEXT_LIMIT)(value),
  forMs: (value) => value === null || typeof value === "number",
  schedule: text(TEXT_LIMIT),
  occurrence: upTo(Number.MAX_SAFE_INTEGER),
  method: (value) => ASKS.includes(String(value)),
};

/** The fields that belong to it, and no others. @throws {KernelError} `bad_call`, which names a field */
export function readRequest<Name extends keyof Requests>(
  name: Name,
  params: unknown,
): Requests[Name] {
  const given = fields(params);
  const read = FIELDS[name].split(" ").map((field) => {
    if (KINDS[field]?.(given[field])) return [field, given[field]];
    throw new KernelError("bad_call", `${field} is not as it must be`);
  });
  // The table says the same as the type.
  return Object.fromEntries(read);
}

/** What a client's run is made of. @throws {KernelError} `bad_call` */
export function readRunParams(params: unknown): HostedRunParams {
  const run = readRequest("run", params);
  return { ...run, terminal: readRequest("terminal", run.terminal) };
}

/** What is asked of the app room. @throws {KernelError} `bad_call` */
export function readAsk(params: unknown): DaemonAsk {
  const { method } = readRequest("ask", params);
  if (method === "schedules.run") return { method, ...readRequest(method, params) };
  return method === "drain" ? { method, ...readRequest("stop", params) } : { method };
}
