/**
 * Whole outputs of the last commands whose output was cut, as files in the plugin's own folder.
 * @module
 */
import { count } from "./gathered_output.ts";
import { ShellError } from "./shell_error.ts";

/** Outputs that are kept; each has 11 MB at most. */
const KEPT = 6;
const LINES = { usual: 60, most: 500 };
/** UTF-16 units of what the model gets at a time, and of one line in it. */
const SHOWN_UNITS = 3_300;
const LINE_UNITS = 1_000;

/** Which part is wanted. */
export interface OutputPart {
  /** The first line, from 1. */
  readonly from: number;
  readonly lines: number;
  /** Only lines that have this in them. */
  readonly text: string | undefined;
}

/** The outputs that are kept. */
export class KeptOutputs {
  readonly #folder: string;
  /** Numbers of what is kept, the oldest first. */
  readonly #kept: number[] = [];
  #next = 1;

  /** @param folder is made and emptied when something is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps an output. @returns its number; undefined if it could not be written */
  async keep(text: string): Promise<number | undefined> {
    try {
      // What an earlier run left is nobody's any more.
      if (this.#next === 1) await Deno.remove(this.#folder, { recursive: true }).catch(missing);
      await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const number = this.#next++;
      await Deno.writeTextFile(this.#file(number), text, { mode: 0o600 });
      this.#kept.push(number);
      const oldest = this.#kept.length > KEPT ? this.#kept.shift() : undefined;
      if (oldest !== undefined) await Deno.remove(this.#file(oldest)).catch(missing);
      return number;
    } catch {
      // A full disk must not hide what the command came to.
      return undefined;
    }
  }

  /** A part of an output, with the numbers of its lines. @throws {ShellError} */
  async part(number: number, { from, lines, text }: OutputPart): Promise<string> {
    if (!this.#kept.includes(number)) {
      const which = this.#kept.length === 0 ? "none is" : `${this.#kept.join(", ")} are`;
      throw new ShellError("no_output", `there is no output ${number}; ${which} kept`);
    }
    const all = (await Deno.readTextFile(this.#file(number))).split("\n");
    if (all.at(-1) === "") all.pop();
    const found = all.map((line, at) => ({ line, number: at + 1 })).filter(({ line, number }) =>
      number >= from && (text === undefined || line.includes(text))
    );
    const shown: string[] = [];
    let units = 0;
    for (const { line, number } of found.slice(0, Math.min(lines, LINES.most))) {
      const cut = line.length > LINE_UNITS ? `${line.slice(0, LINE_UNITS).toWellFormed()}…` : line;
      const row = `${number}: ${cut}`;
      if (units + row.length > SHOWN_UNITS) break;
      units += row.length + 1;
      shown.push(row);
    }
    const left = found.length - shown.length;
    const head = `output ${number} has ${count(all.length)} lines`;
    if (shown.length === 0) {
      return `${head}; none from ${from} on ${text === undefined ? "is there" : "has that"}`;
    }
    const next = found[shown.length]?.number;
    return `${head}\n${shown.join("\n")}${
      left === 0 ? "" : `\n… [${count(left)} more; from ${next}]`
    }`;
  }

  #file(number: number): string {
    return `${this.#folder}/${number}.txt`;
  }
}

/** What is wanted, from a tool's input. */
export function partOf(input: Readonly<Record<string, unknown>>): OutputPart {
  const { from, lines, text } = input;
  return {
    from: typeof from === "number" ? from : 1,
    lines: typeof lines === "number" ? lines : LINES.usual,
    text: typeof text === "string" && text !== "" ? text : undefined,
  };
}

function missing(thrown: unknown): void {
  if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
}
