/**
 * What a plugin sees of programs: the kernel runs them, and here their output arrives.
 * @module
 */
import type {
  Json,
  PluginContext,
  PluginJob,
  PluginJobs,
  RunningProgram,
  RunOptions,
  RunPiece,
  RunResult,
} from "../../protocol/plugin.ts";
import type { RunItem } from "../../protocol/plugin_host_calls.ts";
import { PluginFault } from "./fault.ts";

/** Asks for a program; its output, and last of all how it ended. */
export type StartProgram = (params: Json, signal: AbortSignal) => AsyncIterable<unknown>;

/**
 * A program from its start to its end. Its output is taken as it comes, whether it is read or not: the
 * kernel gives 10 MB of it at most.
 */
class Program implements RunningProgram {
  readonly result: Promise<RunResult>;
  readonly #pieces: RunPiece[] = [];
  readonly #left = new AbortController();
  #isOver = false;
  #wake = () => {};

  constructor(start: (signal: AbortSignal) => AsyncIterable<unknown>) {
    this.result = this.#take(start(this.#left.signal)).finally(() => {
      this.#isOver = true;
      this.#wake();
    });
    // Whoever only reads the output hears of it there.
    this.result.catch(() => undefined);
  }

  async #take(items: AsyncIterable<unknown>): Promise<RunResult> {
    // The kernel's own shapes.
    for await (const item of items as AsyncIterable<RunItem>) {
      if ("result" in item) return Object.freeze(item.result);
      this.#pieces.push(item);
      this.#wake();
    }
    throw new PluginFault("plugin_failed", "the program's end was not told");
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunPiece> {
    try {
      while (true) {
        const piece = this.#pieces.shift();
        if (piece) yield piece;
        else if (this.#isOver) return void await this.result;
        else await new Promise<void>((resolve) => this.#wake = resolve);
      }
    } finally {
      this.#left.abort();
    }
  }
}

/** `run` of a context. @param signal the call's */
export function runner(start: StartProgram, signal: AbortSignal): PluginContext["run"] {
  return (argv, { signal: own, ...options }: RunOptions = {}) =>
    new Program((left) =>
      start(
        { argv: argv.map(String), ...options },
        AbortSignal.any([signal, left, ...(own ? [own] : [])]),
      )
    );
}

/** `jobs` of a context. @param ask asks the kernel */
export function jobsOf(ask: (method: JobRequest, params: Json) => Promise<unknown>): PluginJobs {
  const job = async (method: JobRequest, params: Json) => await ask(method, params) as PluginJob;
  const jobs: PluginJobs = {
    start: (argv, options = {}) => job("job.start", { argv: argv.map(String), ...options }),
    list: async () => await ask("job.list", {}) as readonly PluginJob[],
    tail: async (id, characters) =>
      await ask("job.tail", {
        id: String(id),
        ...(characters === undefined ? {} : { characters: Number(characters) }),
      }) as Awaited<ReturnType<PluginJobs["tail"]>>,
    stop: (id) => job("job.stop", { id: String(id) }),
  };
  return Object.freeze(jobs);
}

/** The requests about jobs. */
export type JobRequest = "job.start" | "job.list" | "job.tail" | "job.stop";
