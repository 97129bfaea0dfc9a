/**
 * What a command wrote, gathered as it comes and shortened for the model: its head and its tail, and what
 * was left out between them.
 * @module
 */
import { isBinary, plainOutput } from "./plain_output.ts";

/** UTF-16 units that the model gets of an output. */
export const SHOWN_UNITS = 3_300;
/** Of these, for the beginning; what matters mostly stands at the end. */
const HEAD_UNITS = 1_100;
/** UTF-16 units that are gathered; the kernel gives no more bytes. */
const MOST_UNITS = 11_000_000;

/** All that a command wrote, without what it says to a terminal. */
export type Output =
  /** `long`: the model gets a part of it. */
  | { readonly kind: "short" | "long"; readonly text: string }
  /** It is no text. */
  | { readonly kind: "binary"; readonly units: number };

/** Both streams of a command, as they came. */
export class GatheredOutput {
  readonly #pieces: string[] = [];
  #units = 0;

  /** Takes a piece. @param dropped bytes that were lost before it */
  add(text: string, dropped = 0): void {
    if (dropped > 0) this.#take(`\n… ${count(dropped)} bytes were too much to keep …\n`);
    this.#take(text);
  }

  /** What came of it. */
  end(): Output {
    const all = this.#pieces.join("");
    if (isBinary(all)) return { kind: "binary", units: this.#units };
    const text = plainOutput(all);
    return { kind: text.length <= SHOWN_UNITS ? "short" : "long", text };
  }

  #take(text: string): void {
    const part = text.slice(0, Math.max(0, MOST_UNITS - this.#units));
    if (part === "") return;
    this.#pieces.push(part);
    this.#units += part.length;
  }
}

/** An output as the model gets it. @param rest how to get the rest, such as `read_output 3 shows it` */
export function shownOutput(output: Output, rest: string): string {
  switch (output.kind) {
    case "short":
      return output.text;
    case "long":
      return headAndTail(output.text, rest);
    case "binary":
      return `(${count(output.units)} characters that are no text, so they are not shown; ` +
        "write them into a file, or look at them with file or xxd)";
  }
}

/** The beginning and the end of a text, at the ends of lines where there are any near. */
function headAndTail(text: string, rest: string): string {
  const head = atLineEnd(text.slice(0, HEAD_UNITS));
  const tail = fromLineStart(text.slice(-(SHOWN_UNITS - HEAD_UNITS)));
  const left = text.slice(head.length, text.length - tail.length);
  const lines = left.split("\n").length - 1;
  const what = lines > 1 ? `${count(lines)} lines` : `${count(left.length)} characters`;
  const gap = `… [${what} left out; ${rest}] …`;
  return `${head.toWellFormed()}${head.endsWith("\n") ? "" : "\n"}${gap}\n${tail.toWellFormed()}`;
}

function atLineEnd(text: string): string {
  const end = text.lastIndexOf("\n") + 1;
  return end > text.length / 2 ? text.slice(0, end) : text;
}

function fromLineStart(text: string): string {
  const start = text.indexOf("\n") + 1;
  return start < text.length / 2 ? text.slice(start) : text;
}

/** `12,345` */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
