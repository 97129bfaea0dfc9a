/**
 * Programs that plugins ask to run.
 * @module
 */
import type { PluginJob, RunResult } from "../../protocol/plugin.ts";
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { PluginCallParams, RunItem } from "../../protocol/plugin_host_calls.ts";
import { KernelError } from "../error.ts";
import {
  type HeldCommand,
  HeldProgram,
  type ProgramEnd,
  type TakeOutput,
} from "../held_program.ts";
import { textField } from "../params.ts";
import type { Run } from "../run.ts";
import { NO_SANDBOX, type Sandbox } from "../sandbox/choice.ts";
import { putAside, runningSomething } from "../sandbox/held_place.ts";
import { JobShelf } from "./jobs.ts";
import { ProgramOutput } from "./program_output.ts";
import { grantOf, OpenCall, readRun, type RunRequest } from "./run_request.ts";

/** So many of one plugin run at a time. */
const PROGRAMS = 8;
/** What it made that others obey is looked for so often while it runs, ms. */
const LOOK_MS = 1_000;

/** What one run of Pyra knows of programs. */
export interface ProgramGround {
  readonly run: Pick<Run, "security">;
  /** The sandbox in force. @throws {KernelError} */
  readonly sandbox: () => Sandbox;
  /** The command of a request, with the sandbox in front. @throws {KernelError} */
  readonly command: (
    request: RunRequest,
    sandbox: Sandbox,
    where: "inside" | "outside",
  ) => Promise<HeldCommand>;
  /** Looks at what a program left. */
  readonly after: (sandbox: Sandbox["kind"]) => void;
}

/** How a program is held. */
interface Held {
  readonly where: "inside" | "outside";
  readonly sandbox: Sandbox;
}

/** What one plugin runs. It outlives the plugin's room. */
export class PluginPrograms {
  readonly #name: string;
  readonly #ground: ProgramGround;
  readonly #calls = new Set<OpenCall>();
  readonly #running = new Set<HeldProgram>();
  readonly #jobs = new JobShelf();

  constructor(name: string, ground: ProgramGround) {
    this.#name = name;
    this.#ground = ground;
  }

  /** A call into the plugin begins; what is run in it ends with it. */
  open(call: PluginCallParams): OpenCall {
    const open = new OpenCall(call);
    this.#calls.add(open);
    open.signal.addEventListener("abort", () => this.#calls.delete(open));
    return open;
  }

  /** Runs a program. @throws {KernelError} */
  async *run(params: unknown, wishes: PluginGrants, left: AbortSignal): AsyncGenerator<RunItem> {
    const { request, call: { signal } } = this.#permitted(readRun(params), wishes);
    const output = new ProgramOutput();
    const held = this.#holding(request, wishes);
    const { program, aside } = await this.#start(request, held, output.take);
    // Whether anyone still listens or not.
    const ended = program.ended.then((end) => ({ end, aside }));
    ended.finally(() => output.end()).catch(() => undefined);
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      program.stop();
    }, request.limitMs);
    const stop = () => program.stop();
    const over = AbortSignal.any([left, signal]);
    over.addEventListener("abort", stop, { once: true });
    if (over.aborted) stop();
    try {
      yield* output.read();
      const { end, aside } = await ended;
      if (aside.length > 0) yield { stream: "stderr", text: asideText(aside) };
      yield {
        result: resultOf(end, {
          timedOut,
          truncated: output.dropped > 0,
          sandbox: held.sandbox.kind,
        }),
      };
    } finally {
      clearTimeout(limit);
      over.removeEventListener("abort", stop);
      output.end();
      program.stop();
    }
  }

  /** Serves a request about jobs. @throws {KernelError} */
  async job(method: string, params: unknown, wishes: PluginGrants): Promise<unknown> {
    switch (method) {
      case "job.start":
        return await this.#startJob(readRun(params), wishes);
      case "job.tail":
        return this.#jobs.tail(textField(params, "id"), Object(params)["characters"]);
      case "job.stop":
        return await this.#jobs.stop(textField(params, "id"));
      default:
        return this.#jobs.list();
    }
  }

  async #startJob(asked: RunRequest, wishes: PluginGrants): Promise<PluginJob> {
    const { request } = this.#permitted(asked, wishes);
    this.#jobs.refuseFull();
    const held = this.#holding(request, wishes);
    const start = async (take: TakeOutput) => (await this.#start(request, held, take)).program;
    return await this.#jobs.add(request.argv, held.sandbox.kind, start);
  }

  async #start(
    request: RunRequest,
    { sandbox, where }: Held,
    take: TakeOutput,
  ): Promise<{ readonly program: HeldProgram; readonly aside: readonly string[] }> {
    const { run, command, after } = this.#ground;
    if (this.#running.size >= PROGRAMS) {
      throw new KernelError("denied", `it runs ${PROGRAMS} programs already`);
    }
    const held = await command(request, sandbox, where);
    const { program: name, network } = request;
    run.security("plugin.run", {
      plugin: this.#name,
      program: name,
      sandbox: sandbox.kind,
      network,
    });
    const program = new HeldProgram(held, take, request.input);
    this.#running.add(program);
    const aside: string[] = [];
    const look = (paths = held.absent) => void aside.push(...putAside(paths));
    // A job may go on for hours.
    const looking = setInterval(() => look(), LOOK_MS);
    const ended = () => {
      clearInterval(looking);
      this.#running.delete(program);
      look();
      look(runningSomething(held.unborn));
      after(sandbox.kind);
    };
    program.ended.then(ended, ended);
    return { program, aside };
  }

  #permitted(
    request: RunRequest,
    wishes: PluginGrants,
  ): { readonly request: RunRequest; readonly call: OpenCall } {
    grantOf(request.program, wishes);
    for (const call of this.#calls) {
      const agreed = call.permits(request);
      if (agreed) return { request: { ...request, readOnly: agreed.readOnly === true }, call };
    }
    const message = `no call that is open may run ${request.program} so: nobody agreed to that`;
    throw new KernelError("denied", message);
  }

  #holding({ program }: RunRequest, wishes: PluginGrants): Held {
    const where = grantOf(program, wishes);
    return { where, sandbox: where === "inside" ? this.#ground.sandbox() : NO_SANDBOX };
  }

  /** Ends all of it at once. */
  end(): void {
    for (const program of this.#running) program.kill();
  }

  /** Ends all of it, and waits for that. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const program of running) program.stop();
    await Promise.allSettled(running.map((program) => program.ended));
  }
}

function resultOf(
  { code, signal }: ProgramEnd,
  rest: Pick<RunResult, "timedOut" | "truncated" | "sandbox">,
): RunResult {
  return { code, signal, ...rest };
}

function asideText(paths: readonly string[]): string {
  const names = paths.map((path) => path.slice(path.lastIndexOf("/") + 1)).join(", ");
  return `pyra: put aside as ${names}: what other programs obey is not for commands to write\n`;
}
