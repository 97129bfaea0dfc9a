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
import { LineWriter } from "./line_writer.ts";
import { highlighterFor, type LineHighlighter } from "./highlight.ts";
import { InlineStream } from "./markdown_inline.ts";
import { isDelimiterRow, tableLines } from "./markdown_table.ts";
import { Sanitizer } from "./sanitize.ts";
import { type Palette, type Style, styled } from "./style.ts";

/** How to print. */
export interface MarkdownLayout {
  /** Columns of the terminal; at least 8 are assumed. */
  readonly columns: number;
  readonly palette: Palette;
}

interface Quote {
  readonly kind: "quote";
}
interface Item {
  readonly kind: "item";
  /** Column of the marker in the source, inside the quotes around it. */
  readonly indent: number;
  /** Columns of the marker with its space, as shown. */
  readonly width: number;
  /** Not yet shown. */
  readonly marker: string | undefined;
}
type Container = Quote | Item;

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
const BULLETS = ["•", "◦", "▪"];
const MAX_DEPTH = 24;
const MAX_TABLE_ROWS = 500;
/** UTF-16 units of one line that are held back until it ends. */
const MAX_LINE = 20_000;
const RULE = /^(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}[ \t]*)$/;
const FENCE = /^(`{3,}|~{3,})[ \t]*([^\n]*)$/;
const HEADING = /^(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const ITEM = /^([-+*]|\d{1,9}[.)])(?:([ \t]+)|$)/;
/** A beginning of a line that does not yet tell which block it is. */
const UNDECIDED =
  /^(?:[ \t]*|#{1,6}|#{1,6}[ \t].*|[-*_=][-*_= \t]*|\+|\d{1,9}[.)]?|`{1,2}|`{3}.*|~{1,2}|~{3}.*|\|.*)$/;

/** Prints Markdown. */
export class MarkdownPrinter {
  readonly #write: (text: string) => void;
  readonly #layout: MarkdownLayout;
  readonly #columns: number;
  #writer: LineWriter;
  /** The line that has not ended, as far as it was not used yet. */
  #line = "";
  /** The beginning of the current line was used: the rest goes to the open paragraph. */
  #inLine = false;
  #containers: readonly Container[] = [];
  #leaf: Leaf = NONE;
  #blank = false;
  #started = false;
  /** A block that wants distance was the last one. */
  #spaced = false;
  #sanitizer = new Sanitizer();

  constructor(write: (text: string) => void, layout: MarkdownLayout) {
    this.#write = write;
    this.#layout = layout;
    this.#columns = Math.max(8, layout.columns);
    this.#writer = new LineWriter(write, this.#columns, () => this.#prefix());
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
    this.#flushMarkers();
    this.#writer.finish();
  }

  /** What `end` would print now; changes nothing. For a screen that shows the open block. */
  peek(): string {
    let rest = "";
    const copy = new MarkdownPrinter((text) => rest += text, this.#layout);
    copy.#line = this.#line;
    copy.#inLine = this.#inLine;
    copy.#containers = this.#containers;
    copy.#leaf = this.#leaf.kind === "paragraph"
      ? { kind: "paragraph", inline: this.#leaf.inline.fork() }
      : this.#leaf.kind === "fence"
      ? { ...this.#leaf, highlighter: this.#leaf.highlighter?.fork() }
      : this.#leaf;
    copy.#blank = this.#blank;
    copy.#started = this.#started;
    copy.#spaced = this.#spaced;
    copy.#sanitizer = this.#sanitizer.fork();
    copy.#writer = this.#writer.fork((text) => rest += text, () => copy.#prefix());
    copy.end();
    return rest;
  }

  /** Uses a line's beginning as soon as it can only be a paragraph. */
  #partial(): void {
    if (!this.#inLine) {
      if (this.#leaf.kind === "fence" || this.#leaf.kind === "indented") return;
      const { kept, rest } = this.#strip(this.#line);
      const inItem = this.#containers.slice(0, kept).some((part) => part.kind === "item");
      if (this.#line.length < MAX_LINE && undecided(rest, { code: !inItem })) return;
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
    this.#leaf.inline.feed(text, (part, style) => this.#writer.text(part, style));
  }

  /** How far the open containers go on in a line. */
  #strip(line: string): { readonly kept: number; readonly rest: string } {
    let rest = line;
    let kept = 0;
    for (const container of this.#containers) {
      if (container.kind === "quote") {
        const mark = /^ {0,3}> ?/.exec(rest);
        if (mark === null) break;
        rest = rest.slice(mark[0].length);
      } else if (rest.trim() !== "" && indentOf(rest) < container.indent + 2) {
        break;
      }
      kept += 1;
    }
    return { kept, rest };
  }

  #startLine(line: string, options: { readonly complete: boolean }): void {
    if (this.#leaf.kind === "fence" && this.#fenceLine(this.#leaf, line)) return;
    const { kept, rest } = this.#strip(line);
    if (rest.trim() === "") {
      // A quote ends where its sign is missing; an item goes on after a blank line.
      const quotes = this.#containers.findIndex((part, index) =>
        index >= kept && part.kind === "quote"
      );
      this.#closeLeaf();
      if (quotes >= 0) this.#close(quotes);
      this.#blank = true;
      return;
    }
    if (this.#leaf.kind === "table") {
      if (kept === this.#containers.length && rest.trimStart().startsWith("|")) {
        if (this.#leaf.rows.length >= MAX_TABLE_ROWS) this.#closeLeaf();
        else {
          this.#leaf = { kind: "table", rows: [...this.#leaf.rows, rest] };
          return;
        }
      } else this.#closeLeaf();
    }
    const inItem = this.#containers.some((part) => part.kind === "item");
    const lazy = this.#leaf.kind === "paragraph" && !startsBlock(rest, { inItem });
    if (lazy) {
      this.#feed(rest.trimStart() + (options.complete ? "\n" : ""));
      return;
    }
    if (kept < this.#containers.length) {
      this.#closeLeaf();
      this.#close(kept);
    }
    this.#block(rest, options);
  }

  /** A line that begins a block, or goes on with indented code; `column` is where `text` stands. */
  #block(text: string, options: { readonly complete: boolean }, column = 0): void {
    const indent = column + indentOf(text);
    const inItem = this.#containers.some((part) => part.kind === "item");
    if (indent >= 4 && !inItem && this.#leaf.kind !== "paragraph") {
      if (this.#leaf.kind !== "indented") {
        this.#closeLeaf();
        this.#gap({ wide: true });
        this.#leaf = { kind: "indented" };
      } else if (this.#blank) {
        this.#blank = false;
        this.#writer.newline();
      }
      this.#codeLine(dedent(text, 4), undefined);
      return;
    }
    this.#closeLeaf();
    const rest = text.trimStart();
    const quote = /^> ?/.exec(rest);
    if (quote !== null && this.#containers.length < MAX_DEPTH) {
      this.#open({ kind: "quote" });
      const inner = rest.slice(quote[0].length);
      if (inner.trim() !== "") this.#block(inner, options);
      return;
    }
    if (RULE.test(rest)) return this.#rule();
    const item = ITEM.exec(rest);
    if (item !== null && this.#containers.length < MAX_DEPTH) {
      this.#item(item[1] ?? "-", indent);
      const inner = rest.slice(item[0].length);
      if (inner.trim() !== "") {
        const start = indent + item[0].length;
        this.#block(inner, options, start);
      }
      return;
    }
    const heading = HEADING.exec(rest);
    if (heading !== null) return this.#heading(heading[1] ?? "#", heading[2] ?? "");
    const fence = fenceOf(rest);
    if (fence !== undefined) return this.#openFence(fence.sign, fence.info, indent);
    if (rest.startsWith("|") && options.complete) {
      this.#leaf = { kind: "table", rows: [rest] };
      return;
    }
    this.#gap({ wide: false });
    this.#leaf = { kind: "paragraph", inline: new InlineStream(this.#layout.palette) };
    this.#feed(rest + (options.complete ? "\n" : ""));
  }

  #item(sign: string, indent: number): void {
    const depth = this.#containers.filter((part) => part.kind === "item").length;
    const bullet = /\d/.test(sign) ? sign : BULLETS[depth % BULLETS.length] ?? "-";
    this.#gap({ wide: false });
    this.#open({ kind: "item", indent, width: bullet.length + 1, marker: bullet });
  }

  #heading(signs: string, text: string): void {
    const { palette } = this.#layout;
    this.#gap({ wide: true });
    const style = signs.length === 1 ? palette.title : palette.heading;
    if (!palette.color) this.#writer.text(`${signs} `, "");
    this.#inline(text, style);
    this.#writer.finish();
    this.#spaced = true;
  }

  #inline(text: string, style: Style): void {
    const inline = new InlineStream(this.#layout.palette, style);
    inline.feed(text, (part, partStyle) => this.#writer.text(part, partStyle));
    inline.finish((part, partStyle) => this.#writer.text(part, partStyle));
  }

  #rule(): void {
    this.#gap({ wide: false });
    const room = this.#columns - this.#prefixWidth();
    this.#writer.verbatim("─".repeat(room), this.#layout.palette.rule);
    this.#writer.finish();
    this.#spaced = true;
  }

  #openFence(sign: string, info: string, indent: number): void {
    this.#gap({ wide: true });
    const language = /^[^\s`{,]+/.exec(info)?.[0] ?? "";
    this.#leaf = {
      kind: "fence",
      sign: sign[0] ?? "`",
      length: sign.length,
      indent,
      quotes: this.#containers.filter((part) => part.kind === "quote").length,
      highlighter: this.#layout.palette.color ? highlighterFor(language.toLowerCase()) : undefined,
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
    else this.#codeLine(dedent(rest, fence.indent), fence.highlighter);
    return true;
  }

  #codeLine(line: string, highlighter: LineHighlighter | undefined): void {
    const text = line.replaceAll("\t", "    ");
    if (text !== "") this.#writer.verbatim("  ", "");
    const { palette } = this.#layout;
    if (highlighter === undefined) {
      this.#writer.verbatim(text, "");
    } else {
      for (const part of highlighter.line(text)) {
        this.#writer.verbatim(part.text, palette.syntax[part.scope] ?? "");
      }
    }
    this.#writer.newline();
  }

  #closeLeaf(): void {
    const leaf = this.#leaf;
    this.#leaf = NONE;
    if (leaf.kind === "paragraph") {
      leaf.inline.finish((part, style) => this.#writer.text(part, style));
      this.#writer.finish();
    } else if (leaf.kind === "fence" || leaf.kind === "indented") {
      this.#spaced = true;
    } else if (leaf.kind === "table") {
      this.#table(leaf.rows);
    }
  }

  #table(rows: readonly string[]): void {
    if (rows.length < 2 || !isDelimiterRow(rows[1] ?? "")) {
      this.#gap({ wide: false });
      this.#inline(rows.map((row) => row.trim()).join("\n"), "");
      this.#writer.finish();
      return;
    }
    this.#gap({ wide: true });
    const room = this.#columns - this.#prefixWidth();
    for (const line of tableLines(rows, room, this.#layout.palette)) {
      this.#write(this.#prefix().text + line + "\n");
    }
    this.#spaced = true;
  }

  #open(container: Container): void {
    if (container.kind === "quote") this.#gap({ wide: false });
    this.#containers = [...this.#containers, container];
  }

  #close(kept: number): void {
    this.#flushMarkers();
    this.#containers = this.#containers.slice(0, kept);
  }

  /** An item without text still shows its marker. */
  #flushMarkers(): void {
    if (this.#containers.some((part) => part.kind === "item" && part.marker !== undefined)) {
      this.#writer.newline();
    }
  }

  /** The distance to the block before. */
  #gap(options: { readonly wide: boolean }): void {
    const wanted = this.#blank || this.#spaced || options.wide;
    const pending = this.#containers.some((part) =>
      part.kind === "item" && part.marker !== undefined
    );
    if (this.#started && wanted && !pending) {
      const bars = this.#containers.filter((part) => part.kind === "quote");
      this.#write(bars.map(() => styled(this.#layout.palette.quote, "│")).join(" ") + "\n");
    }
    this.#started = true;
    this.#blank = false;
    this.#spaced = false;
  }

  #prefixWidth(): number {
    const wanted = this.#containers.reduce(
      (sum, part) => sum + (part.kind === "quote" ? 2 : part.width),
      0,
    );
    return Math.min(wanted, Math.floor(this.#columns / 2));
  }

  /** What stands before the next line; shows markers that were not shown yet. */
  #prefix(): { readonly text: string; readonly columns: number } {
    const { palette } = this.#layout;
    const columns = this.#prefixWidth();
    let room = columns;
    let text = "";
    for (const part of this.#containers) {
      const width = part.kind === "quote" ? 2 : part.width;
      if (width > room) continue;
      room -= width;
      if (part.kind === "quote") text += styled(palette.quote, "│") + " ";
      else if (part.marker !== undefined) text += styled(palette.bullet, part.marker) + " ";
      else text += " ".repeat(width);
    }
    this.#containers = this.#containers.map((part) =>
      part.kind === "item" ? { ...part, marker: undefined } : part
    );
    return { text: text + " ".repeat(room), columns };
  }
}

function indentOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (character === " ") columns += 1;
    else if (character === "\t") columns += 4 - columns % 4;
    else break;
  }
  return columns;
}

/** The line without up to `columns` columns of white space at its beginning. */
function dedent(text: string, columns: number): string {
  let at = 0;
  for (let left = columns; left > 0 && at < text.length; at += 1) {
    if (text[at] === " ") left -= 1;
    else if (text[at] === "\t") left -= 4;
    else break;
  }
  return text.slice(at);
}

/** The opening line of fenced code. Its info has no backtick if its sign is one. */
function fenceOf(text: string): { readonly sign: string; readonly info: string } | undefined {
  const match = FENCE.exec(text);
  const sign = match?.[1] ?? "";
  const info = match?.[2] ?? "";
  return sign === "" || (sign[0] === "`" && info.includes("`")) ? undefined : { sign, info };
}

/** True while a line's beginning could still become different blocks; `code`: also indented code. */
function undecided(rest: string, options: { readonly code: boolean }): boolean {
  if (options.code && indentOf(rest) >= 4) return true;
  const text = rest.trimStart();
  if (text.startsWith(">")) return undecided(text.slice(1), { code: true });
  if (UNDECIDED.test(text)) return true;
  const item = /^(?:[-+*]|\d{1,9}[.)])[ \t]+/.exec(text);
  return item !== null && undecided(text.slice(item[0].length), { code: false });
}

/** True for a line that ends a paragraph before it. */
function startsBlock(rest: string, options: { readonly inItem: boolean }): boolean {
  const text = rest.trimStart();
  const item = ITEM.exec(text);
  // Only a list that begins with 1 may follow a paragraph: "in 1986.\n1987. …" is no list.
  const list = item !== null && text.length > item[0].length &&
    (options.inItem || !/^\d/.test(text) || /^1[.)]/.test(text));
  if (indentOf(rest) >= 4 && !options.inItem) return false;
  return list || text.startsWith(">") || text.startsWith("|") || RULE.test(text) ||
    HEADING.test(text) || fenceOf(text) !== undefined;
}
