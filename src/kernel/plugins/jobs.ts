/**
 * Programs that go on after the call that started them.
 * @module
 */
import type { PluginJob, RunResult } from "../../protocol/plugin.ts";
import { KernelError } from "../error.ts";
import type { HeldProgram, TakeOutput } from "../held_program.ts";
import { OutputTail } from "./program_output.ts";

const RUNNING = 8;
/** Those that ended are forgotten when there are more. */
const KEPT = 32;
const TAIL_BYTES = 256 * 1024;
const SHOWN = 16_384;

interface Job {
  readonly id: string;
  readonly argv: readonly string[];
  readonly started: number;
  readonly tail: OutputTail;
  readonly program: HeldProgram;
  result: RunResult | null;
}

/** The jobs of one plugin. */
export class JobShelf {
  readonly #jobs = new Map<string, Job>();
  #next = 1;

  /** @throws {KernelError} `denied` */
  refuseFull(): void {
    const running = [...this.#jobs.values()].filter(({ result }) => result === null);
    if (running.length < RUNNING) return;
    throw new KernelError("denied", `${RUNNING} jobs run already`, "stop one of them first");
  }

  /** Starts one. */
  async add(
    argv: readonly string[],
    sandbox: string,
    start: (take: TakeOutput) => Promise<HeldProgram>,
  ): Promise<PluginJob> {
    const tail = new OutputTail(TAIL_BYTES);
    const program = await start((stream, bytes) => tail.add(stream, bytes));
    const id = String(this.#next++);
    const started = performance.now();
    const job: Job = { id, argv, started, tail, program, result: null };
    this.#jobs.set(id, job);
    const ended = (code: number | null, signal: string | null) => {
      const truncated = tail.dropped > 0;
      job.result = { code, signal, timedOut: false, truncated, sandbox };
    };
    program.ended.then(({ code, signal }) => ended(code, signal), () => ended(null, null));
    const over = [...this.#jobs.values()].filter(({ result }) => result !== null);
    for (const old of over.slice(0, Math.max(0, over.length - KEPT))) this.#jobs.delete(old.id);
    return shown(job);
  }

  /** All of them, the oldest first. */
  list(): PluginJob[] {
    return [...this.#jobs.values()].map(shown);
  }

  /** The end of a job's output. @throws {KernelError} `bad_call` */
  tail(id: string, characters: unknown = SHOWN): unknown {
    const job = this.#find(id);
    const text = job.tail.text();
    const most = typeof characters === "number" && characters >= 0 ? Math.floor(characters) : SHOWN;
    const cut = Math.max(0, text.length - most);
    return { ...shown(job), text: text.slice(cut), dropped: job.tail.dropped + cut };
  }

  /** Ends one and waits for that. @throws {KernelError} `bad_call` */
  async stop(id: string): Promise<PluginJob> {
    const job = this.#find(id);
    if (job.result === null) {
      job.program.stop();
      await job.program.ended.catch(() => undefined);
    }
    return shown(job);
  }

  #find(id: string): Job {
    const job = this.#jobs.get(id);
    if (job) return job;
    throw new KernelError("bad_call", `there is no job ${id.slice(0, 20)}`);
  }
}

function shown({ id, argv, started, result }: Job): PluginJob {
  return { id, argv, ageMs: Math.round(performance.now() - started), result };
}
