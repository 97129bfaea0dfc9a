/**
 * Programs as this plugin runs them: each is named in the plan with all its arguments.
 * @module
 */
import type { PluginContext, PluginEffect, RunResult } from "pyra/sdk";

/** A program with its arguments. */
export interface Command {
  readonly argv: readonly string[];
  readonly network?: boolean;
}

/** What came of one. */
export interface Outcome {
  /** Why it could not be run; empty if it was. */
  readonly missing: string;
  readonly out: string;
  readonly err: string;
  readonly result: RunResult | undefined;
}

/** UTF-16 units of each stream that are kept. */
const KEPT_UNITS = 512 * 1024;

/** What the person agrees to. */
export function effectsOf(commands: readonly Command[]): PluginEffect[] {
  return commands.map(({ argv, network }) => ({
    kind: "runs",
    program: argv[0] ?? "",
    argv,
    ...(network === true && { network }),
  }));
}

/** What a tool may run at most, before it is known with what. */
export function programsOf(commands: readonly Command[]): PluginEffect[] {
  const programs = new Set(commands.map(({ argv }) => argv[0] ?? ""));
  return [...programs].map((program) => ({ kind: "runs", program }));
}

/** Runs it to its end. Rejects only when the call is over. */
export async function outcomeOf(
  { run, signal }: Pick<PluginContext, "run" | "signal">,
  { argv, network = false }: Command,
  limitMs: number,
): Promise<Outcome> {
  const texts = { stdout: "", stderr: "" };
  try {
    const program = run(argv, { limitMs, ...(network && { network }) });
    for await (const { stream, text } of program) {
      texts[stream] = (texts[stream] + text).slice(0, KEPT_UNITS);
    }
    return { missing: "", out: texts.stdout, err: texts.stderr, result: await program.result };
  } catch (thrown) {
    signal.throwIfAborted();
    const missing = thrown instanceof Error ? thrown.message : "it could not be run";
    return { missing: missing || "it could not be run", out: "", err: "", result: undefined };
  }
}
