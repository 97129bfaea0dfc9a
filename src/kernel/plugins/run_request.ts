/**
 * What a plugin asks to run, held against what was agreed to.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { AgreedRun, PluginCallParams, RunParams } from "../../protocol/plugin_host_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import { KernelError } from "../error.ts";
import { fields, optionalText } from "../params.ts";

const ARGUMENTS = 1_000;
/** Of all arguments, and of what a program reads. */
const CHARACTERS = 1024 * 1024;
const RUNS = 64;
const LIMIT_MS = 30_000;
const MOST_MS = 300_000;
/** Their calls are the person's own acts, or the daemon's: what the plugin was granted is what they may run. */
const OWN_ACTS = ["command", "task", "setup", "runtime"];

/** A request, read. */
export interface RunRequest extends Required<Omit<RunParams, "folder" | "input">> {
  readonly program: string;
  readonly folder: string | undefined;
  readonly input: string | undefined;
  /** As it was agreed to. */
  readonly readOnly?: boolean;
}

/** Reads a request. @throws {KernelError} `bad_call` */
export function readRun(params: unknown): RunRequest {
  const { argv, limitMs = LIMIT_MS, network = false } = fields(params);
  if (!isArgv(argv)) throw new KernelError("bad_call", "argv is a list of texts");
  if (typeof limitMs !== "number" || !(limitMs > 0 && limitMs <= MOST_MS)) {
    throw new KernelError("bad_call", `a program may run for ${MOST_MS / 1_000} s at most`);
  }
  const { input } = fields(params);
  if (input !== undefined && (typeof input !== "string" || input.length > CHARACTERS)) {
    throw new KernelError("bad_call", "a program's input is a text of at most 1 MB");
  }
  const folder = optionalText(params, "folder");
  return { program: argv[0], argv, folder, input, limitMs, network: network === true };
}

function isArgv(given: unknown): given is [string, ...string[]] {
  return Array.isArray(given) && given.length > 0 && given.length <= ARGUMENTS &&
    given.every((one) => typeof one === "string" && !one.includes("\0")) &&
    given.join(" ").length <= CHARACTERS;
}

/** Reads what a call may run. @throws {KernelError} `bad_call` */
export function readAgreed(given: unknown): readonly AgreedRun[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || given.length > RUNS) throw badRuns();
  return given.map((run) => {
    const { program, argv, network, readOnly } = isRecord(run) ? run : {};
    const isGood = typeof program === "string" && (argv === undefined || isArgv(argv));
    if (!isGood) throw badRuns();
    const folder = optionalText(run, "folder");
    const what = {
      program,
      ...(argv ? { argv } : {}),
      ...(folder === undefined ? {} : { folder }),
    };
    return { ...what, network: network === true, readOnly: readOnly === true };
  });
}

function badRuns(): KernelError {
  return new KernelError("bad_call", "what a call may run is a list of programs");
}

/** A call that is open. */
export class OpenCall {
  readonly #call: PluginCallParams;
  readonly #over = new AbortController();
  readonly #used = new Set<AgreedRun>();

  constructor(call: PluginCallParams) {
    this.#call = call;
  }

  /** Aborts with the call's end. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** It has ended, and what runs for it ends. */
  end(): void {
    this.#over.abort(new KernelError("cancelled", "the call that it ran for has ended"));
  }

  /** What it was agreed by that this call runs that; what names its arguments runs once, there, and reads nothing. */
  permits(
    { program, argv, folder, network, input }: RunRequest,
  ): Pick<AgreedRun, "readOnly"> | undefined {
    const { method, runs = [] } = this.#call;
    if (OWN_ACTS.includes(method)) return {};
    const agreed = runs.find((run) =>
      run.program === program && (!network || run.network === true) &&
      (run.argv === undefined ||
        (!this.#used.has(run) && input === undefined && run.folder === folder &&
          isSame(run.argv, argv)))
    );
    if (agreed?.argv !== undefined) this.#used.add(agreed);
    return method === "run" ? agreed : undefined;
  }
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}

/** Where a program is run by the plugin's grants. @throws {KernelError} `denied` if it has none for it */
export function grantOf(
  program: string,
  { run, outside = [] }: PluginGrants,
): "inside" | "outside" {
  if (run.includes(program)) return outside.includes(program) ? "outside" : "inside";
  throw new KernelError("denied", `its manifest does not ask to run ${program.slice(0, 100)}`);
}
