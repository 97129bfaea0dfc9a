/**
 * An answer while it arrives: its finished lines go above the living region for good, the open ones
 * are shown at its top.
 * @module
 */
import type { Component } from "@earendil-works/pi-tui";
import { MarkdownPrinter } from "./markdown/markdown.ts";
import type { Palette } from "./style.ts";
import { answerEntry, type Entry } from "./transcript.ts";

/** How an answer is printed. */
export interface AnswerLayout {
  readonly palette: Palette;
  /** Rows of the terminal that an open block may take. */
  readonly rows: () => number;
}

/** One answer, or the part of it between two notes. */
export class AnswerView implements Component {
  readonly #layout: AnswerLayout;
  #markdown = "";
  #columns: number;
  #printer: MarkdownPrinter;
  /** The line that is not finished. */
  #line = "";
  #finished: string[] = [];
  #preview: readonly string[] | undefined;
  #ended = false;

  constructor(columns: number, layout: AnswerLayout) {
    this.#layout = layout;
    this.#columns = columns;
    this.#printer = this.#newPrinter(columns);
  }

  /** True until text came. */
  get empty(): boolean {
    return this.#markdown === "";
  }

  /** Adds text; returns the lines that are finished by it. */
  push(text: string, columns: number): string[] {
    // A new width: what was printed stays, the screen prints the transcript's end anew.
    if (columns !== this.#columns) this.#relayout(columns);
    this.#markdown += text;
    this.#printer.push(text);
    return this.#taken();
  }

  /** The answer is complete; returns its last lines. */
  end(): string[] {
    this.#printer.end();
    this.#ended = true;
    return this.#taken();
  }

  /** The lines that were handed out, for any width. */
  get entry(): Entry {
    return (columns) => {
      if (this.#ended) {
        return answerEntry(this.#markdown, this.#layout.palette)(columns);
      }
      const copy = new AnswerView(columns, this.#layout);
      return copy.push(this.#markdown, columns);
    };
  }

  invalidate(): void {
    this.#preview = undefined;
  }

  render(width: number): string[] {
    if (this.#ended) return [];
    if (width !== this.#columns) {
      this.#relayout(width);
      this.#taken();
    }
    this.#preview ??= openLines(this.#line + this.#printer.peek());
    return this.#preview.slice(-Math.max(1, this.#layout.rows()));
  }

  #newPrinter(columns: number): MarkdownPrinter {
    const write = (text: string): void => {
      const lines = (this.#line + text).split("\n");
      this.#line = lines.pop() ?? "";
      this.#finished.push(...lines);
    };
    return new MarkdownPrinter(write, { columns, palette: this.#layout.palette });
  }

  #relayout(columns: number): void {
    this.#columns = columns;
    this.#line = "";
    this.#printer = this.#newPrinter(columns);
    this.#printer.push(this.#markdown);
    this.#finished = [];
    this.#preview = undefined;
  }

  #taken(): string[] {
    const lines = this.#finished;
    this.#finished = [];
    this.#preview = undefined;
    return lines;
  }
}

function openLines(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
