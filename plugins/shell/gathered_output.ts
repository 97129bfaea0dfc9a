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

/** An output as the model gets it. */
export interface ShownOutput {
  readonly text: string;
  /** Whether something of it is not in the text. */
  readonly extent: "whole" | "cut" | "binary";
}

/** Both streams of a command, as they came. */
export class GatheredOutput {
  readonly #pieces: string[] = [];
  #units = 0;

  /** Takes a piece. @param dropped bytes that were lost before it */
  add(text: string, dropped = 0): void {
    if (dropped > 0) this.#take(`\n… ${count(dropped)} bytes were too much to keep …\n`);
    this.#take(text);
  }

  /** All of it, without what it says to a terminal. */
  whole(): string {
    return plainOutput(this.#pieces.join(""));
  }

  /** The part for the model. @param rest how to get the rest, such as `read_output 3 shows them` */
  shown(rest: string): ShownOutput {
    if (isBinary(this.#pieces.join("").slice(0, 10_000))) {
      return {
        extent: "binary",
        text: `(${count(this.#units)} characters that are no text, so they are not shown; ` +
          "write them into a file, or look at them with file or xxd)",
      };
    }
    const whole = this.whole();
    return whole.length <= SHOWN_UNITS
      ? { extent: "whole", text: whole }
      : { extent: "cut", text: headAndTail(whole, rest) };
  }

  #take(text: string): void {
    const room = MOST_UNITS - this.#units;
    if (room <= 0 || text === "") return;
    const part = text.length > room ? text.slice(0, room) : text;
    this.#pieces.push(part);
    this.#units += part.length;
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
