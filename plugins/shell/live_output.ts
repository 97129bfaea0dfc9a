/**
 * What a command writes, shown to the person while it runs: whole lines, a few times a second, and no more
 * than a terminal takes without slowing down.
 * @module
 */
import { count } from "./gathered_output.ts";
import { plainOutput } from "./plain_output.ts";

/** How often lines are shown, ms. */
const GAP_MS = 100;
/** UTF-16 units that are shown at a time; of more, the end. */
const SHOWN_UNITS = 12_000;
const TAIL_UNITS = 4_000;
/** Units of a line that has no end yet. */
const LINE_UNITS = 4_000;

/** Lines on their way to the person. */
export class LiveOutput {
  readonly #show: (text: string) => void;
  /** Whole lines that wait, `TAIL_UNITS` and a piece at most after a cut. */
  #waiting = "";
  /** The beginning of a line. */
  #open = "";
  #left = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param show takes whole lines */
  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  /** Takes a piece, cut anywhere. */
  add(text: string): void {
    const all = this.#open + text;
    const end = all.lastIndexOf("\n") + 1;
    this.#open = all.slice(end);
    this.#wait(all.slice(0, end));
    if (this.#open.length > LINE_UNITS) {
      this.#wait(`${this.#open}\n`);
      this.#open = "";
    }
    if (this.#waiting === "" || this.#timer !== undefined) return;
    this.#flush();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.add("");
    }, GAP_MS);
  }

  /** Shows what is left. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#open !== "") this.#wait(`${this.#open}\n`);
    this.#open = "";
    this.#flush();
  }

  #wait(lines: string): void {
    const all = this.#waiting + lines;
    if (all.length <= SHOWN_UNITS) {
      this.#waiting = all;
      return;
    }
    const start = all.indexOf("\n", all.length - TAIL_UNITS) + 1;
    this.#left += lineCount(all, start);
    this.#waiting = all.slice(start);
  }

  #flush(): void {
    if (this.#waiting === "") return;
    const left = this.#left === 0 ? "" : `… ${count(this.#left)} lines were faster than this\n`;
    const lines = this.#waiting;
    this.#waiting = "";
    this.#left = 0;
    this.#show(left + plainOutput(lines));
  }
}

function lineCount(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < end; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}
