/**
 * A page as a tree. Tags that were left open are closed as browsers do it in the usual cases; what is
 * nested too deep is lifted, so that walking the tree never runs out of stack.
 * @module
 */
import { tokens } from "./html_tokens.ts";

/** An element. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: Node[];
}

/** An element or text. */
export type Node = Element | string;

const DEPTH_LIMIT = 250;
/** Elements and texts that one page may have; the rest is left out. */
const NODES_LIMIT = 400_000;

const VOID = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);
const BLOCKS =
  ("address article aside blockquote details dialog dir div dl fieldset figcaption figure " +
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table ul")
    .split(" ");

/** What an element's start ends if it is open, and where the search for it stops. */
interface Ending {
  readonly ends: readonly string[];
  readonly within: readonly string[];
}

const CELLS = ["td", "th", "caption"];
const IN_BUTTON: readonly string[] = ["button", "table", ...CELLS, "html"];
const ENDINGS = new Map<string, Ending>([
  ...BLOCKS.map((name): [string, Ending] => [name, { ends: ["p"], within: IN_BUTTON }]),
  ["li", { ends: ["li", "p"], within: ["ul", "ol", "menu", "table", ...CELLS] }],
  ["dt", { ends: ["dt", "dd", "p"], within: ["dl", "table", ...CELLS] }],
  ["dd", { ends: ["dt", "dd", "p"], within: ["dl", "table", ...CELLS] }],
  ["option", { ends: ["option"], within: ["select", "datalist"] }],
  ["a", { ends: ["a"], within: ["table", ...CELLS] }],
  ["tr", { ends: ["tr", ...CELLS], within: ["table"] }],
  ["td", { ends: ["td", "th"], within: ["tr", "table"] }],
  ["th", { ends: ["td", "th"], within: ["tr", "table"] }],
  ["tbody", { ends: ["thead", "tbody", "tfoot", "caption"], within: ["table"] }],
  ["tfoot", { ends: ["thead", "tbody", "tfoot", "caption"], within: ["table"] }],
  ["thead", { ends: ["caption"], within: ["table"] }],
  ["body", { ends: ["head"], within: [] }],
]);
/** An end tag does not reach out of these, unless it is their own. */
const WALLS = new Set(["table", "td", "th", "caption", "button"]);
const IN_TABLE = new Set(["table", "tr", "td", "th", "thead", "tbody", "tfoot", "caption"]);

/** Reads a page. Whatever the text is, there is a tree. */
export function parseHtml(html: string): Element {
  const root: Element = { name: "#root", attributes: new Map(), children: [] };
  const open: Element[] = [root];
  /** How many of each name are open: most searches are for one that is not. */
  const names = new Map<string, number>();
  const count = (name: string, step: number) => names.set(name, (names.get(name) ?? 0) + step);
  const isOpen = (name: string) => (names.get(name) ?? 0) > 0;
  let nodes = 0;
  const closeFrom = (at: number) => {
    if (at > 0) { for (const { name } of open.splice(at)) count(name, -1); }
  };
  for (const token of tokens(html)) {
    if (++nodes > NODES_LIMIT) break;
    const parent = open.at(-1) ?? root;
    if (token.kind === "text") {
      parent.children.push(token.text);
    } else if (token.kind === "close") {
      if (isOpen(token.name)) closeFrom(openedBy(open, token.name));
    } else {
      const { name, attributes, closed } = token;
      if (ENDINGS.get(name)?.ends.some(isOpen)) closeFrom(endedBy(open, name));
      const element: Element = { name, attributes, children: [] };
      (open.at(-1) ?? root).children.push(element);
      const isLeaf = VOID.has(name) || (closed && !BLOCKS.includes(name) && name !== "a");
      if (isLeaf || open.length >= DEPTH_LIMIT) continue;
      open.push(element);
      count(name, 1);
    }
  }
  return root;
}

/** Where in `open` the element is that an end tag closes; -1 for one that closes nothing. */
function openedBy(open: readonly Element[], name: string): number {
  for (let at = open.length - 1; at > 0; at--) {
    const found = open[at]?.name ?? "";
    if (found === name) return at;
    if (WALLS.has(found) && !IN_TABLE.has(name)) return -1;
    if (found === "table") return -1;
  }
  return -1;
}

/** Where in `open` the outermost element is that the start of `name` ends. */
function endedBy(open: readonly Element[], name: string): number {
  const ending = ENDINGS.get(name);
  let ended = -1;
  if (!ending) return ended;
  for (let at = open.length - 1; at > 0; at--) {
    const found = open[at]?.name ?? "";
    if (ending.within.includes(found)) break;
    if (ending.ends.includes(found)) ended = at;
  }
  return ended;
}

/** Every element below one, itself included, in the page's order. */
export function* elements(root: Element): Generator<Element, void, undefined> {
  const waiting = [root];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    yield element;
    for (const child of element.children.toReversed()) {
      if (typeof child !== "string") waiting.push(child);
    }
  }
}

/** The first element of a name. */
export function firstOf(root: Element, name: string): Element | undefined {
  for (const element of elements(root)) if (element.name === name) return element;
  return undefined;
}

/** All text in an element, white space in one form. */
export function textOf(node: Node): string {
  const parts: string[] = [];
  const collect = (part: Node) => {
    if (typeof part === "string") parts.push(part);
    else if (part.name !== "script" && part.name !== "style") part.children.forEach(collect);
  };
  collect(node);
  return parts.join("").replace(/\s+/g, " ").trim();
}
