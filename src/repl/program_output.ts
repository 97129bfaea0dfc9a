/**
 * What programs of the model's calls write, above the editor while they run; of all of it the last lines
 * stay.
 * @module
 */
import type { Component } from "@earendil-works/pi-tui";
import { ProgramLines } from "../tools/program_lines.ts";
import { sanitizeLine } from "./sanitize.ts";
import { type Palette, styled } from "./style.ts";
import { shorten } from "./text_width.ts";
import type { Entry } from "./transcript.ts";

/** Lines of all programs that run. */
const LIVE_LINES = 6;
/** A short output stays whole in the transcript; of a longer one the last lines do. */
const WHOLE_LINES = 12;
const FOLDED_LINES = 3;
const BAR = "  │ ";

/** The output of what runs now. */
export class ProgramOutput implements Component {
  readonly #palette: Palette;
  readonly #programs = new Map<string, ProgramLines>();

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  invalidate(): void {
    // Nothing is cached.
  }

  /** Whether there is nothing to show. */
  get isEmpty(): boolean {
    return this.#programs.size === 0;
  }

  /** Takes whole lines of a call's program. */
  add(callId: string, text: string): void {
    const lines = this.#programs.get(callId) ?? new ProgramLines(WHOLE_LINES, "last");
    this.#programs.set(callId, lines);
    lines.add(text);
  }

  render(columns: number): string[] {
    const each = Math.max(1, Math.floor(LIVE_LINES / this.#programs.size));
    return [...this.#programs.values()].flatMap(({ lines }) =>
      lines.slice(-each).map((line) => this.#line(line, columns))
    );
  }

  /** Ends it; what stays of it in the transcript. */
  take(): Entry {
    const folded = [...this.#programs.values()].flatMap(({ lines, count }) =>
      foldedLines(lines, count)
    );
    this.#programs.clear();
    return (columns) => folded.map((line) => this.#line(line, columns));
  }

  #line(line: string, columns: number): string {
    return styled(this.#palette.dim, shorten(`${BAR}${sanitizeLine(line)}`, columns));
  }
}

/** All lines of a short output; else the last ones, below how many there were before them. */
export function foldedLines(lines: readonly string[], count: number): string[] {
  if (count <= WHOLE_LINES && lines.length === count) return [...lines];
  const last = lines.slice(-FOLDED_LINES);
  const left = count - last.length;
  return left > 0 ? [`… ${left} ${left === 1 ? "line" : "lines"}`, ...last] : [...last];
}
