/**
 * The quotes and list items around a block: how far a line stays in them, and what stands before the
 * lines that are shown.
 * @module
 */
import type { LinePrefix } from "../line_writer.ts";
import { indentOf } from "./lines.ts";
import { type Palette, styled } from "../style.ts";

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

const BULLETS = ["•", "◦", "▪"];
const MAX_DEPTH = 24;

/** The open containers, from the outside to the inside. */
export class Containers {
  readonly #palette: Palette;
  readonly #columns: number;
  #open: readonly Container[] = [];

  /** @param columns the terminal's width */
  constructor(palette: Palette, columns: number) {
    this.#palette = palette;
    this.#columns = columns;
  }

  /** A copy in the same state. */
  fork(): Containers {
    const copy = new Containers(this.#palette, this.#columns);
    copy.#open = this.#open;
    return copy;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** How many of them are quotes. */
  get quotes(): number {
    return this.#open.filter((part) => part.kind === "quote").length;
  }

  /** False if no more are shown; what looks like one is text then. */
  get mayOpen(): boolean {
    return this.#open.length < MAX_DEPTH;
  }

  /** One of the first `depth` is a list item. */
  inItem(depth = this.#open.length): boolean {
    return this.#open.slice(0, depth).some((part) => part.kind === "item");
  }

  /** An item's marker is not shown yet. */
  get pending(): boolean {
    return this.#open.some((part) => part.kind === "item" && part.marker !== undefined);
  }

  /** The outermost quote at `depth` or deeper; -1 if there is none. */
  quoteFrom(depth: number): number {
    return this.#open.findIndex((part, index) => index >= depth && part.kind === "quote");
  }

  openQuote(): void {
    this.#open = [...this.#open, { kind: "quote" }];
  }

  /** @param sign the marker as written; `indent`: its column in the source */
  openItem(sign: string, indent: number): void {
    const depth = this.#open.filter((part) => part.kind === "item").length;
    const marker = /\d/.test(sign) ? sign : BULLETS[depth % BULLETS.length] ?? "-";
    this.#open = [...this.#open, { kind: "item", indent, width: marker.length + 1, marker }];
  }

  /** Closes all but the first `kept`. */
  close(kept: number): void {
    this.#open = this.#open.slice(0, kept);
  }

  /** How far the open containers go on in a line. */
  strip(line: string): { readonly kept: number; readonly rest: string } {
    let rest = line;
    let kept = 0;
    for (const container of this.#open) {
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

  /** What stands before an empty line between two blocks. */
  get gap(): string {
    return Array.from({ length: this.quotes }, () => styled(this.#palette.quote, "│")).join(" ");
  }

  /** Columns before the text of a line. */
  get width(): number {
    const wanted = this.#open.reduce(
      (sum, part) => sum + (part.kind === "quote" ? 2 : part.width),
      0,
    );
    return Math.min(wanted, Math.floor(this.#columns / 2));
  }

  /** What stands before the next line; shows markers that were not shown yet. */
  prefix(): LinePrefix {
    const columns = this.width;
    let room = columns;
    let text = "";
    for (const part of this.#open) {
      const width = part.kind === "quote" ? 2 : part.width;
      if (width > room) continue;
      room -= width;
      if (part.kind === "quote") text += styled(this.#palette.quote, "│") + " ";
      else if (part.marker !== undefined) text += styled(this.#palette.bullet, part.marker) + " ";
      else text += " ".repeat(width);
    }
    this.#open = this.#open.map((part) =>
      part.kind === "item" ? { ...part, marker: undefined } : part
    );
    return { text: text + " ".repeat(room), columns };
  }
}
