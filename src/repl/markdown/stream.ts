/**
 * Markdown on a terminal's standard output, without cursor movement: for `pyra ask`.
 * @module
 */
import { MarkdownPrinter } from "./markdown.ts";
import { palette } from "../style.ts";
import { isSimple, loadMeasure } from "../text_width.ts";

/** A stream of Markdown. */
export interface MarkdownStream {
  /** Adds text, cut anywhere. Waits once, for the measure of scripts that need one. */
  push(text: string): Promise<void>;
  /** Prints what was held back and ends the last line. */
  end(): Promise<void>;
}

/** The eye sees no more; text that comes faster is laid out together. */
const FRAME_MS = 16;

/**
 * Prints Markdown as it arrives.
 * @param write receives the pieces to print, in order
 * @param options.columns the terminal's width
 * @param options.color false: no escape sequence is written at all
 */
export function createMarkdownStream(
  write: (text: string) => void,
  options: { readonly columns: number; readonly color: boolean },
): MarkdownStream {
  let out = "";
  let waiting = "";
  /** The first half of a surrogate pair that was cut. */
  let half = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const printer = new MarkdownPrinter((text) => out += text, {
    columns: options.columns,
    palette: palette(options),
  });
  const print = (): void => {
    const text = waiting;
    waiting = "";
    if (text !== "") printer.push(text);
    if (out === "") return;
    const printed = out;
    out = "";
    write(printed);
  };
  const tick = (): void => {
    timer = undefined;
    if (waiting === "") return;
    print();
    timer = setTimeout(tick, FRAME_MS);
  };
  return {
    async push(text): Promise<void> {
      const seen = half + text;
      half = /[\ud800-\udbff]$/.test(seen) ? seen.slice(-1) : "";
      if (!isSimple(seen.slice(0, seen.length - half.length))) await loadMeasure();
      waiting += text;
      if (timer !== undefined) return;
      print();
      timer = setTimeout(tick, FRAME_MS);
    },
    // deno-lint-ignore require-await -- the caller awaits both ends alike
    async end(): Promise<void> {
      clearTimeout(timer);
      print();
      printer.end();
      print();
    },
  };
}
