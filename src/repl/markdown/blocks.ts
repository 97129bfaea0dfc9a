/**
 * Puts blocks of Markdown on the terminal, one below the other, with the distance they want.
 * @module
 */
import type { LineHighlighter } from "./highlight.ts";
import { LineWriter } from "../line_writer.ts";
import { Containers } from "./containers.ts";
import { InlineStream } from "./inline.ts";
import { isDelimiterRow, tableLines } from "./table.ts";
import type { Palette, Style } from "../style.ts";

/** How to print. */
export interface MarkdownLayout {
  /** Columns of the terminal; at least 8 are assumed. */
  readonly columns: number;
  readonly palette: Palette;
}

/** What is on the terminal, and what comes below it. */
export class BlockPrinter {
  readonly containers: Containers;
  readonly writer: LineWriter;
  readonly #write: (text: string) => void;
  readonly #layout: MarkdownLayout;
  readonly #columns: number;
  #started = false;
  /** An empty line came in the source. */
  #blank = false;
  /** A block that wants distance was the last one. */
  #spaced = false;

  constructor(write: (text: string) => void, layout: MarkdownLayout, from?: BlockPrinter) {
    this.#write = write;
    this.#layout = layout;
    this.#columns = Math.max(8, layout.columns);
    this.containers = from?.containers.fork() ?? new Containers(layout.palette, this.#columns);
    const prefix = () => this.containers.prefix();
    this.writer = from?.writer.fork(write, prefix) ??
      new LineWriter(write, this.#columns, prefix);
    if (from === undefined) return;
    this.#started = from.#started;
    this.#blank = from.#blank;
    this.#spaced = from.#spaced;
  }

  /** A copy in the same state that writes elsewhere. */
  fork(write: (text: string) => void): BlockPrinter {
    return new BlockPrinter(write, this.#layout, this);
  }

  get palette(): Palette {
    return this.#layout.palette;
  }

  /** The source had an empty line here. */
  blank(): void {
    this.#blank = true;
  }

  /** The next block wants distance. */
  space(): void {
    this.#spaced = true;
  }

  /** @param signs `#` to `######` */
  heading(signs: string, text: string): void {
    const { palette } = this.#layout;
    this.gap({ wide: true });
    const style = signs.length === 1 ? palette.title : palette.heading;
    if (!palette.color) this.writer.text(`${signs} `, "");
    this.inline(text, style);
    this.writer.finish();
    this.#spaced = true;
  }

  /** Inline Markdown that is complete. */
  inline(text: string, style: Style): void {
    const inline = new InlineStream(this.#layout.palette, style);
    inline.feed(text, (part, partStyle) => this.writer.text(part, partStyle));
    inline.finish((part, partStyle) => this.writer.text(part, partStyle));
  }

  /** A thematic break. */
  rule(): void {
    this.gap({ wide: false });
    const room = this.#columns - this.containers.width;
    this.writer.verbatim("─".repeat(room), this.#layout.palette.rule);
    this.writer.finish();
    this.#spaced = true;
  }

  /** A line of code; tabs become four spaces. */
  codeLine(line: string, highlighter: LineHighlighter | undefined): void {
    const text = line.replaceAll("\t", "    ");
    if (text !== "") this.writer.verbatim("  ", "");
    const { palette } = this.#layout;
    if (highlighter === undefined) {
      this.writer.verbatim(text, "");
    } else {
      for (const part of highlighter.line(text)) {
        this.writer.verbatim(part.text, palette.syntax[part.scope] ?? "");
      }
    }
    this.writer.newline();
  }

  /** Lines that begin with `|`: a table, if the second one says so. */
  table(rows: readonly string[]): void {
    if (rows.length < 2 || !isDelimiterRow(rows[1] ?? "")) {
      this.gap({ wide: false });
      this.inline(rows.map((row) => row.trim()).join("\n"), "");
      this.writer.finish();
      return;
    }
    this.gap({ wide: true });
    const room = this.#columns - this.containers.width;
    for (const line of tableLines(rows, room, this.#layout.palette)) {
      this.#write(this.containers.prefix().text + line + "\n");
    }
    this.#spaced = true;
  }

  /** Closes all containers but the first `kept`. */
  close(kept: number): void {
    this.flushMarkers();
    this.containers.close(kept);
  }

  /** An item without text still shows its marker. */
  flushMarkers(): void {
    if (this.containers.pending) this.writer.newline();
  }

  /** The distance to the block before. */
  gap(options: { readonly wide: boolean }): void {
    const wanted = this.#blank || this.#spaced || options.wide;
    if (this.#started && wanted && !this.containers.pending) {
      this.#write(`${this.containers.gap}\n`);
    }
    this.#started = true;
    this.#blank = false;
    this.#spaced = false;
  }
}
