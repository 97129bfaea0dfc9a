/**
 * A room of this plugin for its tests, with programs from a script.
 * @module
 */
import type { Json, PlannedUse, PluginContext, RunOptions, RunPiece, RunResult } from "pyra/sdk";
import plugin from "./plugin.ts";

/** As the kernel says that there is no such program. */
class NotRun extends Error {
  readonly code = "program";
}

/** A program that was run. */
export type Run = { readonly argv: readonly string[]; readonly options: RunOptions };
/** What a program does; by its name, `simulate` for a rehearsal of apt. */
export interface Answer {
  readonly out?: string;
  readonly err?: string;
  readonly result?: Partial<RunResult>;
  readonly fails?: string;
}

/** The room; its data folder says whose Pyra it is. */
export class Stage {
  readonly runs: Run[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #settings: Readonly<Record<string, Json>>;
  readonly #folder: string;

  constructor(
    answers: Readonly<Record<string, Answer>> = {},
    settings: Readonly<Record<string, Json>> = {},
    folder = Deno.makeTempDirSync(),
  ) {
    this.#answers = answers;
    this.#settings = settings;
    this.#folder = folder;
  }

  /** What tools get. */
  get context(): PluginContext {
    const run: PluginContext["run"] = (argv, options = {}) => {
      this.runs.push({ argv, options });
      const name = argv[0] === "pkexec"
        ? "pkexec"
        : argv.includes("--simulate")
        ? "simulate"
        : argv[0];
      const { out = "", err = "", result, fails } = this.#answers[name ?? ""] ?? {};
      const usual = { code: 0, signal: null, timedOut: false, truncated: false, sandbox: "none" };
      const ended = fails === undefined
        ? Promise.resolve({ ...usual, ...result })
        : Promise.reject(new NotRun(fails));
      ended.catch(() => undefined);
      const pieces: RunPiece[] = [{ stream: "stdout", text: out }, { stream: "stderr", text: err }];
      return {
        result: ended,
        async *[Symbol.asyncIterator]() {
          yield* pieces;
          await ended;
        },
      };
    };
    const { signal } = new AbortController();
    const parts = { run, signal, settings: this.#settings, dataFolder: this.#folder };
    return { ...parts, progress() {} } as unknown as PluginContext;
  }

  /** A tool's plan. */
  async plan(name: string, input: Record<string, Json>): Promise<PlannedUse | undefined> {
    return await tool(name)?.plan?.(input, this.context);
  }

  /** A tool's run. */
  async run(name: string, input: Record<string, Json>): Promise<string> {
    return String(await tool(name)?.run(input, this.context));
  }

  /** Removes its folder. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder, { recursive: true });
  }
}

const tool = (name: string) => plugin.tools?.find((one) => one.name === name);

/** Whether an error has a code. */
export const coded = (code: string): (thrown: unknown) => boolean => (thrown) =>
  thrown instanceof Error && (thrown as { code?: string }).code === code;
