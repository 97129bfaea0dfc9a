/**
 * HTML as a stream of tags and text: what the standard's tokenizer makes of it, as far as reading needs.
 * Every step moves on, so that the time is linear in the length.
 * @module
 */
import { decodeHTML, decodeHTMLAttribute } from "entities/decode";

/** One piece of a page. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | {
    readonly kind: "open";
    readonly name: string;
    readonly attributes: ReadonlyMap<string, string>;
    /** `<br/>`. */
    readonly closed: boolean;
  }
  | { readonly kind: "close"; readonly name: string };

/** Their content is text to their end tag; entities count in the second group only. */
const RAW = new Set(["script", "style", "xmp", "iframe", "noembed", "noframes", "plaintext"]);
const RAW_WITH_ENTITIES = new Set(["title", "textarea"]);
const NAME = /[a-zA-Z][^\s/>]*/y;
const ATTRIBUTE_NAME = /[^\s/>=][^\s/>=]*/y;
const SPACE = /[\s/]*/y;
const BLANK = /\s*/y;
const UNQUOTED = /[^\s>]*/y;
/** More attributes than this of one tag are read over. */
const ATTRIBUTES_LIMIT = 64;

/** The tokens of a page. */
export function* tokens(html: string): Generator<Token, void, undefined> {
  let at = 0;
  let textFrom = 0;
  const textUpTo = (end: number): Token[] =>
    end > textFrom ? [{ kind: "text", text: decodeHTML(html.slice(textFrom, end)) }] : [];
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) break;
    const next = html[open + 1] ?? "";
    if (/[a-zA-Z]/.test(next)) {
      yield* textUpTo(open);
      const { token, end } = openTag(html, open + 1);
      yield token;
      at = textFrom = end;
      const isRaw = RAW.has(token.name);
      if (token.closed || (!isRaw && !RAW_WITH_ENTITIES.has(token.name))) continue;
      const stop = rawEnd(html, token.name, end);
      const text = html.slice(end, stop);
      yield { kind: "text", text: isRaw ? text : decodeHTML(text) };
      at = textFrom = stop;
    } else if (next === "/" && /[a-zA-Z]/.test(html[open + 2] ?? "")) {
      yield* textUpTo(open);
      yield { kind: "close", name: match(NAME, html, open + 2).toLowerCase() };
      at = textFrom = after(html, ">", open + 2);
    } else if (next === "!" || next === "?" || next === "/") {
      yield* textUpTo(open);
      const isComment = html.startsWith("<!--", open);
      at = textFrom = isComment ? commentEnd(html, open + 4) : after(html, ">", open + 2);
    } else {
      at = open + 1;
    }
  }
  yield* textUpTo(html.length);
}

type Open = Extract<Token, { kind: "open" }>;

function openTag(html: string, from: number): { token: Open; end: number } {
  const name = match(NAME, html, from);
  const attributes = new Map<string, string>();
  let at = from + name.length;
  let closed = false;
  for (;;) {
    const space = match(SPACE, html, at);
    at += space.length;
    closed = space.endsWith("/");
    if (at >= html.length || html[at] === ">") break;
    // A lone `=` begins a name, as the standard has it.
    const key = match(ATTRIBUTE_NAME, html, at) || "=";
    at += key.length;
    const { value, end } = attributeValue(html, at);
    at = end;
    const lower = key.toLowerCase();
    if (attributes.size < ATTRIBUTES_LIMIT && !attributes.has(lower)) attributes.set(lower, value);
  }
  const token: Open = { kind: "open", name: name.toLowerCase(), attributes, closed };
  return { token, end: Math.min(at + 1, html.length) };
}

function attributeValue(html: string, from: number): { value: string; end: number } {
  const equals = from + match(BLANK, html, from).length;
  if (html[equals] !== "=") return { value: "", end: from };
  const start = equals + 1 + match(BLANK, html, equals + 1).length;
  const quote = html[start];
  if (quote !== '"' && quote !== "'") {
    const value = match(UNQUOTED, html, start);
    return { value: decodeHTMLAttribute(value), end: start + value.length };
  }
  const found = html.indexOf(quote, start + 1);
  const stop = found < 0 ? html.length : found;
  return { value: decodeHTMLAttribute(html.slice(start + 1, stop)), end: stop + 1 };
}

function rawEnd(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}(?=[\\s/>])`, "gi");
  end.lastIndex = from;
  return end.exec(html)?.index ?? html.length;
}

/** `-->`, or `--!>`, or at once `>`. */
function commentEnd(html: string, from: number): number {
  if (html.startsWith(">", from)) return from + 1;
  if (html.startsWith("->", from)) return from + 2;
  const end = /--!?>/g;
  end.lastIndex = from;
  return end.exec(html) ? end.lastIndex : html.length;
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** What a sticky pattern finds at a place; empty if nothing. */
function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}
