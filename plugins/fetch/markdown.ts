/**
 * A tree of HTML as Markdown. Written to be read by a model: nothing is escaped but what would end a code
 * span or a table's cell.
 * @module
 */
import { type Element, elements, type Node, textOf } from "./html_tree.ts";

const BLOCKS = new Set(
  ("address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table " +
    "tbody td tfoot th thead tr ul #root").split(" "),
);
const MARKS: Readonly<Record<string, string>> = {
  strong: "**",
  b: "**",
  em: "*",
  i: "*",
  del: "~~",
  s: "~~",
};
const CODE = new Set(["code", "kbd", "samp", "tt"]);
const INDENTED = new Set(["blockquote", "ul", "ol", "menu", "li", "dd"]);
const INDENTS_LIMIT = 8;
const COLUMNS_LIMIT = 30;
const ADDRESS_UNITS = 500;

/** Renders an element. @param base the address that links are relative to */
export function markdownOf(element: Element, base: string): string {
  const lines = new Writer(base).blocks([element]);
  return lines.join("\n\n").replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
}

class Writer {
  readonly #base: string;
  /** How many lists and quotations lie round what is being written. */
  #depth = 0;

  constructor(base: string) {
    this.#base = base;
  }

  /** Blocks, one text each. What stands between them in a line is one too. */
  blocks(nodes: readonly Node[]): string[] {
    const found: string[] = [];
    let line: Node[] = [];
    const endLine = () => {
      const text = this.#line(line);
      if (text !== "") found.push(text);
      line = [];
    };
    for (const node of nodes) {
      if (typeof node === "string" || !hasBlock(node)) {
        line.push(node);
        continue;
      }
      endLine();
      // Not as arguments: one block may hold a hundred thousand.
      for (const block of this.#block(node)) found.push(block);
    }
    endLine();
    return found;
  }

  #block(element: Element): string[] {
    if (!INDENTED.has(element.name)) return this.#plainBlock(element);
    // Each of them indents every line in it; what is deeper stays where it is.
    if (this.#depth >= INDENTS_LIMIT) return this.blocks(element.children);
    this.#depth++;
    const found = this.#plainBlock(element);
    this.#depth--;
    return found;
  }

  #plainBlock(element: Element): string[] {
    const { name, children } = element;
    if (/^h[1-6]$/.test(name)) {
      const text = this.#line(children).replace(/\s*\n\s*/g, " ");
      return text === "" ? [] : [`${"#".repeat(Number(name[1]))} ${text}`];
    }
    switch (name) {
      case "hr":
        return ["---"];
      case "pre":
        return preformatted(element);
      case "blockquote":
        return quoted(this.blocks(children), "> ");
      case "ul":
      case "ol":
      case "menu":
        return this.#list(element);
      case "li":
        return quoted(this.blocks(children), "- ", "  ");
      case "dt": {
        const text = this.#line(children);
        return text === "" ? [] : [`**${text}**`];
      }
      case "dd":
        return quoted(this.blocks(children), ": ", "  ");
      case "table":
        return this.#table(element);
      default:
        return this.blocks(children);
    }
  }

  #list({ name, attributes, children }: Element): string[] {
    let number = Number(attributes.get("start") ?? 1) || 1;
    const items = children.flatMap((child) => {
      if (typeof child === "string") return child.trim() === "" ? [] : [[child.trim()]];
      const isItem = child.name === "li";
      return [this.blocks(isItem ? child.children : [child])];
    }).filter((blocks) => blocks.length > 0);
    const isTight = items.every((blocks) => blocks.length === 1 || blocks.slice(1).every(isList));
    const lines = items.map((blocks) => {
      const mark = name === "ol" ? `${number++}. ` : "- ";
      const indent = " ".repeat(mark.length);
      return mark + blocks.join(isTight ? "\n" : "\n\n").replaceAll("\n", `\n${indent}`);
    });
    return lines.length === 0 ? [] : [lines.join(isTight ? "\n" : "\n\n")];
  }

  #table(table: Element): string[] {
    const rows = rowsOf(table);
    const width = longest(rows);
    // Tables that only lay out a page are read as what they hold.
    const isLayout = width < 2 || width > COLUMNS_LIMIT ||
      rows.some((row) => row.some((cell) => holdsBlocks(cell)));
    const title = this.blocks(besideRows(table));
    if (isLayout) return [...title, ...rows.flatMap((row) => this.blocks(row.flatMap(inOwnBlock)))];
    const texts = rows.map((row) =>
      row.flatMap((cell) => {
        const text = this.#line(cell.children).replace(/\s*\n\s*/g, " ").replaceAll("|", "\\|");
        const span = Math.min(Number(cell.attributes.get("colspan")) || 1, COLUMNS_LIMIT);
        return [text, ...Array.from({ length: span - 1 }, () => "")];
      })
    );
    const columns = longest(texts);
    const line = (cells: readonly string[]) =>
      `| ${Array.from({ length: columns }, (_, at) => cells[at] ?? "").join(" | ")} |`;
    const [head = [], ...body] = texts;
    const rule = line(Array.from({ length: columns }, () => "---"));
    return [...title, [line(head), rule, ...body.map(line)].join("\n")];
  }

  /** Text in a line, white space in one form; `<br>` ends the line. */
  #line(nodes: readonly Node[]): string {
    return nodes.map((node) => this.#inline(node)).join("")
      .replace(/[^\S\n\u{E000}]+/gu, " ").replace(/\n/g, " ").replace(/ {2,}/g, " ")
      .replace(/ ?\u{E000} ?/gu, "\n").replace(/\n{3,}/g, "\n\n").trim();
  }

  #inline(node: Node): string {
    if (typeof node === "string") return node.replaceAll("\u{E000}", "");
    const { name, attributes, children } = node;
    if (name === "br") return BREAK;
    if (name === "img") return this.#image(attributes);
    if (name === "math") return attributes.get("alttext") ?? textOf(node);
    if (CODE.has(name)) return code(textOf(node));
    const inside = children.map((child) => this.#inline(child)).join("");
    if (name === "a") return this.#link(inside, attributes.get("href"));
    if (name === "sup" && inside.trim() !== "") return `^${inside.trim()}`;
    if (name === "q") return `“${inside}”`;
    const mark = Object.hasOwn(MARKS, name) ? MARKS[name] : undefined;
    return mark === undefined ? inside : marked(inside, mark);
  }

  #link(inside: string, href: string | undefined): string {
    const text = inside.trim();
    const url = this.#address(href);
    if (url === undefined || text === "" || text.includes(BREAK)) return inside;
    const shown = text === url ? `<${url}>` : `[${text}](${url})`;
    return inside.replace(text, () => shown);
  }

  #image(attributes: ReadonlyMap<string, string>): string {
    const alt = (attributes.get("alt") ?? "").replace(/[\s[\]]+/g, " ").trim();
    const url = this.#address(attributes.get("src"));
    return alt === "" || url === undefined ? alt : `![${alt}](${url})`;
  }

  /** An absolute address of the web; undefined for others and for places on the same page. */
  #address(reference: string | undefined): string | undefined {
    const trimmed = reference?.trim() ?? "";
    if (trimmed === "" || trimmed.startsWith("#")) return undefined;
    const url = URL.parse(trimmed, this.#base);
    if (!url || !/^(?:https?|mailto):$/.test(url.protocol)) return undefined;
    const { href } = url;
    return href.length > ADDRESS_UNITS ? undefined : href.replace(/[()]/g, encodeURIComponent)
      .replaceAll("(", "%28").replaceAll(")", "%29");
  }
}

/** Stands for `<br>` until white space is in one form; of a page's own such signs none is left. */
const BREAK = "\u{E000}";

const withBlocks = new WeakMap<Element, boolean>();

/** Whether an element is a block or has one in it. */
function hasBlock(element: Element): boolean {
  const known = withBlocks.get(element);
  if (known !== undefined) return known;
  const has = BLOCKS.has(element.name) ||
    element.children.some((child) => typeof child !== "string" && hasBlock(child));
  withBlocks.set(element, has);
  return has;
}

function marked(inside: string, mark: string): string {
  const text = inside.trim();
  if (text === "" || text.includes(BREAK) || text.startsWith(mark)) return inside;
  return inside.replace(text, () => `${mark}${text}${mark}`);
}

function code(text: string): string {
  if (text === "") return "";
  const fence = fenceFor(text, 1);
  const space = text.startsWith("`") || text.endsWith("`") ? " " : "";
  return `${fence}${space}${text}${space}${fence}`;
}

function preformatted(element: Element): string[] {
  const text = rawText(element).replace(/^\n/, "").trimEnd();
  if (text.trim() === "") return [];
  const classes = [...elements(element)].map(({ attributes }) => attributes.get("class") ?? "");
  const language = /(?:language|lang|highlight-source)-([\w+#-]{1,20})/.exec(classes.join(" "))
    ?.[1];
  const fence = fenceFor(text, 3);
  return [`${fence}${language ?? ""}\n${text}\n${fence}`];
}

function rawText(node: Node): string {
  if (typeof node === "string") return node.replaceAll("\r\n", "\n");
  return node.name === "br" ? "\n" : node.children.map(rawText).join("");
}

/** A fence of backticks longer than any in the text. */
function fenceFor(text: string, least: number): string {
  const runs = text.match(/`+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  return "`".repeat(Math.max(least, longest + 1));
}

function quoted(blocks: readonly string[], first: string, next = first): string[] {
  if (blocks.length === 0) return [];
  const lines = blocks.join("\n\n").split("\n");
  return [lines.map((line, at) => (at === 0 ? first : next) + line).join("\n")];
}

function isList(block: string): boolean {
  return /^(?:- |\d+\. )/.test(block);
}

/** The rows of a table, without those of tables in it. */
function rowsOf(table: Element): Element[][] {
  return table.children.flatMap((child): Element[][] => {
    if (typeof child === "string") return [];
    if (/^t(?:head|body|foot)$/.test(child.name)) return rowsOf(child);
    if (child.name !== "tr") return [];
    const cells = child.children.filter((cell): cell is Element =>
      typeof cell !== "string" && (cell.name === "td" || cell.name === "th")
    );
    return cells.length === 0 ? [] : [cells];
  });
}

/** A table's caption, and what stands in it outside its cells, which browsers show before it. */
function besideRows(element: Element): Node[] {
  return element.children.flatMap((child): Node[] => {
    if (typeof child === "string") return [child];
    if (/^t(?:head|body|foot|r)$/.test(child.name)) return besideRows(child);
    if (element.name === "tr" && /^t[dh]$/.test(child.name)) return [];
    return child.name === "caption" ? [{ ...child, name: "div" }] : [child];
  });
}

function longest(rows: readonly (readonly unknown[])[]): number {
  return rows.reduce((most, row) => Math.max(most, row.length), 0);
}

function holdsBlocks(cell: Element): boolean {
  return cell.children.some((child) =>
    typeof child !== "string" && child.name !== "p" && child.name !== "div" && hasBlock(child)
  );
}

function inOwnBlock(cell: Element): Node[] {
  return [{ ...cell, name: "div" }];
}
