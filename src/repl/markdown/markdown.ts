/**
 * Markdown for a terminal, printed as it arrives and append-only: what was written never changes, so
 * no cursor has to move and the pieces of a text give exactly what the whole gives.
 *
 * The block grammar is CommonMark's with GFM tables, made decidable from the left. Four differences,
 * all for text that models write: a line feed inside a paragraph is kept; a line of `---` or `===` is a
 * rule, also below a paragraph; a table begins with `|`; two columns of indentation are enough to be
 * inside a list item.
 * @module
 */
import { highlighterFor, type LineHighlighter } from "./highlight.ts";
import { BlockPrinter, type MarkdownLayout } from "./blocks.ts";
import { InlineStream } from "./inline.ts";
import { dedent, fenceOf, HEADING, indentOf, ITEM, RULE, startsBlock, undecided } from "./lines.ts";
import { Sanitizer } from "../sanitize.ts";

interface Fence {
  readonly kind: "fence";
  readonly sign: string;
  readonly length: number;
  readonly indent: number;
  readonly quotes: number;
  readonly highlighter: LineHighlighter | undefined;
}
type Leaf =
  | { readonly kind: "none" }
  | { readonly kind: "paragraph"; readonly inline: InlineStream }
  | Fence
  | { readonly kind: "indented" }
  | { readonly kind: "table"; readonly rows: readonly string[] };

const NONE: Leaf = { kind: "none" };
const MAX_TABLE_ROWS = 500;
/** UTF-16 units of one line that are held back until it ends. */
const MAX_LINE = 20_000;

/** Prints Markdown. */
export class MarkdownPrinter {
  readonly #blocks: BlockPrinter;
  /** The line that has not ended, as far as it was not used yet. */
  #line = "";
  /** The beginning of the current line was used: the rest goes to the open paragraph. */
  #inLine = false;
  #leaf: Leaf = NONE;
  #sanitizer = new Sanitizer();

  /** @param write receives the pieces to print, in order */
  constructor(write: (text: string) => void, layout: MarkdownLayout | BlockPrinter) {
    this.#blocks = layout instanceof BlockPrinter
      ? layout.fork(write)
      : new BlockPrinter(write, layout);
  }

  /** Adds text, cut anywhere. Control characters in it are made visible (`sanitize`). */
  push(text: string): void {
    const lines = this.#sanitizer.push(text).split("\n");
    for (const [index, part] of lines.entries()) {
      this.#line += part;
      if (index < lines.length - 1) this.#endLine();
      else if (this.#line !== "") this.#partial();
    }
  }

  /** The text is complete: prints the rest and ends the line. */
  end(): void {
    this.#line += this.#sanitizer.end();
    if (this.#line !== "") this.#endLine();
    this.#closeLeaf();
    this.#blocks.flushMarkers();
    this.#blocks.writer.finish();
  }

  /** What `end` would print now; changes nothing. For a screen that shows the open block. */
  peek(): string {
    let rest = "";
    const copy = new MarkdownPrinter((text) => rest += text, this.#blocks);
    copy.#line = this.#line;
    copy.#inLine = this.#inLine;
    copy.#leaf = this.#leaf.kind === "paragraph"
      ? { kind: "paragraph", inline: this.#leaf.inline.fork() }
      : this.#leaf.kind === "fence"
      ? { ...this.#leaf, highlighter: this.#leaf.highlighter?.fork() }
      : this.#leaf;
    copy.#sanitizer = this.#sanitizer.fork();
    copy.end();
    return rest;
  }

  /** Uses a line's beginning as soon as it can only be a paragraph. */
  #partial(): void {
    if (!this.#inLine) {
      if (this.#leaf.kind === "fence" || this.#leaf.kind === "indented") return;
      const { kept, rest } = this.#blocks.containers.strip(this.#line);
      const code = !this.#blocks.containers.inItem(kept);
      if (this.#line.length < MAX_LINE && undecided(rest, { code })) return;
      this.#startLine(this.#line, { complete: false });
      this.#line = "";
      this.#inLine = true;
      return;
    }
    this.#feed(this.#line);
    this.#line = "";
  }

  #endLine(): void {
    const line = this.#line;
    this.#line = "";
    if (this.#inLine) {
      this.#feed(`${line}\n`);
      this.#inLine = false;
    } else {
      this.#startLine(line, { complete: true });
    }
  }

  #feed(text: string): void {
    if (this.#leaf.kind !== "paragraph") return;
    this.#leaf.inline.feed(text, (part, style) => this.#blocks.writer.text(part, style));
  }

  #startLine(line: string, options: { readonly complete: boolean }): void {
    if (this.#leaf.kind === "fence" && this.#fenceLine(this.#leaf, line)) return;
    const { kept, rest } = this.#blocks.containers.strip(line);
    if (rest.trim() === "") {
      // A quote ends where its sign is missing; an item goes on after a blank line.
      const quotes = this.#blocks.containers.quoteFrom(kept);
      this.#closeLeaf();
      if (quotes >= 0) this.#blocks.close(quotes);
      this.#blocks.blank();
      return;
    }
    if (this.#leaf.kind === "table") {
      if (kept === this.#blocks.containers.depth && rest.trimStart().startsWith("|")) {
        if (this.#leaf.rows.length >= MAX_TABLE_ROWS) this.#closeLeaf();
        else {
          this.#leaf = { kind: "table", rows: [...this.#leaf.rows, rest] };
          return;
        }
      } else this.#closeLeaf();
    }
    const inItem = this.#blocks.containers.inItem();
    const lazy = this.#leaf.kind === "paragraph" && !startsBlock(rest, { inItem });
    if (lazy) {
      this.#feed(rest.trimStart() + (options.complete ? "\n" : ""));
      return;
    }
    if (kept < this.#blocks.containers.depth) {
      this.#closeLeaf();
      this.#blocks.close(kept);
    }
    this.#block(rest, options);
  }

  /** A line that begins a block, or goes on with indented code; `column` is where `text` stands. */
  #block(text: string, options: { readonly complete: boolean }, column = 0): void {
    const indent = column + indentOf(text);
    const inItem = this.#blocks.containers.inItem();
    if (indent >= 4 && !inItem && this.#leaf.kind !== "paragraph") {
      if (this.#leaf.kind !== "indented") {
        this.#closeLeaf();
        this.#blocks.gap({ wide: true });
        this.#leaf = { kind: "indented" };
      }
      this.#blocks.codeLine(dedent(text, 4), undefined);
      return;
    }
    this.#closeLeaf();
    const rest = text.trimStart();
    const quote = /^> ?/.exec(rest);
    if (quote !== null && this.#blocks.containers.mayOpen) {
      this.#blocks.gap({ wide: false });
      this.#blocks.containers.openQuote();
      const inner = rest.slice(quote[0].length);
      if (inner.trim() !== "") this.#block(inner, options);
      return;
    }
    if (RULE.test(rest)) return this.#blocks.rule();
    const item = ITEM.exec(rest);
    if (item !== null && this.#blocks.containers.mayOpen) {
      this.#blocks.gap({ wide: false });
      this.#blocks.containers.openItem(item[1] ?? "-", indent);
      const inner = rest.slice(item[0].length);
      if (inner.trim() !== "") {
        const start = indent + item[0].length;
        this.#block(inner, options, start);
      }
      return;
    }
    const heading = HEADING.exec(rest);
    if (heading !== null) return this.#blocks.heading(heading[1] ?? "#", heading[2] ?? "");
    const fence = fenceOf(rest);
    if (fence !== undefined) return this.#openFence(fence.sign, fence.info, indent);
    if (rest.startsWith("|") && options.complete) {
      this.#leaf = { kind: "table", rows: [rest] };
      return;
    }
    this.#blocks.gap({ wide: false });
    this.#leaf = { kind: "paragraph", inline: new InlineStream(this.#blocks.palette) };
    this.#feed(rest + (options.complete ? "\n" : ""));
  }

  #openFence(sign: string, info: string, indent: number): void {
    this.#blocks.gap({ wide: true });
    const language = /^[^\s`{,]+/.exec(info)?.[0] ?? "";
    this.#leaf = {
      kind: "fence",
      sign: sign[0] ?? "`",
      length: sign.length,
      indent,
      quotes: this.#blocks.containers.quotes,
      highlighter: this.#blocks.palette.color ? highlighterFor(language.toLowerCase()) : undefined,
    };
  }

  /** A line inside a fence; false if the fence ended before it. */
  #fenceLine(fence: Fence, line: string): boolean {
    let rest = line;
    for (let quote = 0; quote < fence.quotes; quote += 1) {
      const mark = /^[ \t]*> ?/.exec(rest);
      if (mark === null) {
        this.#closeLeaf();
        return false;
      }
      rest = rest.slice(mark[0].length);
    }
    const end = rest.trim();
    const closes = end.length >= fence.length && end === fence.sign.repeat(end.length);
    if (closes && indentOf(rest) <= fence.indent + 3) this.#closeLeaf();
    else this.#blocks.codeLine(dedent(rest, fence.indent), fence.highlighter);
    return true;
  }

  #closeLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = NONE;
    if (leaf.kind === "paragraph") {
      leaf.inline.finish((part, style) => this.#blocks.writer.text(part, style));
      this.#blocks.writer.finish();
    } else if (leaf.kind === "fence" || leaf.kind === "indented") {
      this.#blocks.space();
    } else if (leaf.kind === "table") {
      this.#blocks.table(leaf.rows);
    }
  }
}
