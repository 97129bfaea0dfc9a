/**
 * What programs of the model's calls write, on standard error while they run: the first lines of each, or
 * with `--verbose` all of them.
 * @module
 */
import { cutUnits } from "../protocol/foreign_text.ts";
import { ProgramLines } from "../tools/program_lines.ts";
import type { CommandContext } from "./context.ts";
import { linePart } from "./errors.ts";

/** Lines of one program that are shown without `--verbose`. */
const FIRST_LINES = 12;
const BAR = "  │ ";
/** UTF-16 units that wait for a slow terminal; of more, the end is shown. */
const WAITING_UNITS = 64_000;

type Context = Pick<CommandContext, "boot" | "printError">;

/** The output of programs, in the order in which it came. */
export class ProgramOutput {
  readonly #context: Context;
  readonly #firsts = new Map<string, ProgramLines>();
  #waiting = "";
  #printing: Promise<void> | undefined;

  private constructor(context: Context) {
    this.#context = context;
  }

  /** What shows it; `undefined` where nobody reads it. @param detail `quiet`: only with `--verbose` */
  static for(context: Context, detail: "short" | "quiet" = "short"): ProgramOutput | undefined {
    const { options: { json, quiet, verbose }, terminal } = context.boot;
    if (json || quiet) return undefined;
    return verbose || (detail === "short" && terminal.stderr)
      ? new ProgramOutput(context)
      : undefined;
  }

  /** Takes whole lines of a call's program. */
  add(callId: string, text: string): void {
    if (this.#context.boot.options.verbose) {
      this.#print(text.replace(/\n$/, "").split("\n"));
      return;
    }
    const first = this.#firsts.get(callId) ?? new ProgramLines(FIRST_LINES, "first");
    this.#firsts.set(callId, first);
    const lines = first.add(text);
    if (lines.length > 0) this.#print(lines);
  }

  /** A call is over: says how much of its output was not shown, and waits until all else is. */
  async end(callId: string): Promise<void> {
    const { left = 0 } = this.#firsts.get(callId) ?? {};
    this.#firsts.delete(callId);
    if (left > 0) {
      this.#print([`… ${left} more ${left === 1 ? "line" : "lines"}; --verbose shows them`]);
    }
    while (this.#printing !== undefined) await this.#printing;
  }

  #print(lines: readonly string[]): void {
    const text = this.#waiting + lines.map((line) => `${BAR}${linePart(line)}\n`).join("");
    this.#waiting = text.length <= WAITING_UNITS ? text : lastLines(text);
    this.#printing ??= this.#drain().finally(() => this.#printing = undefined);
  }

  async #drain(): Promise<void> {
    while (this.#waiting !== "") {
      const text = this.#waiting;
      this.#waiting = "";
      await this.#context.printError(text);
    }
  }
}

function lastLines(text: string): string {
  const start = text.indexOf("\n", text.length - WAITING_UNITS / 2) + 1;
  return `${BAR}… lines were faster than this terminal\n${
    cutUnits(text.slice(start), WAITING_UNITS)
  }`;
}
