/**
 * What the program of a call writes, kept to what a person is shown of it: the first lines, or the last.
 * Foreign text; whoever shows it takes out what controls a terminal.
 * @module
 */
import { cutUnits } from "../protocol/foreign_text.ts";

/** UTF-16 units of a line that are kept; nobody reads more of one. */
const LINE_UNITS = 500;

/** Which lines are kept. */
export type KeptEnd = "first" | "last";

/** Lines of one program. */
export class ProgramLines {
  /** All that came. */
  count = 0;
  readonly #most: number;
  readonly #end: KeptEnd;
  #lines: string[] = [];

  /** @param most lines that are kept */
  constructor(most: number, end: KeptEnd) {
    this.#most = most;
    this.#end = end;
  }

  /** What is kept, in order. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Takes whole lines. @returns those of them that are kept now */
  add(text: string): readonly string[] {
    const all = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
    this.count += all.length;
    const isFirst = this.#end === "first";
    const kept = isFirst
      ? all.slice(0, Math.max(0, this.#most - this.#lines.length))
      : all.slice(-this.#most);
    const lines = kept.map((line) =>
      line.length > LINE_UNITS ? `${cutUnits(line, LINE_UNITS)}…` : line
    );
    this.#lines = isFirst
      ? [...this.#lines, ...lines]
      : [...this.#lines, ...lines].slice(-this.#most);
    return lines;
  }

  /** Lines that came and are not kept. */
  get left(): number {
    return this.count - this.#lines.length;
  }
}
