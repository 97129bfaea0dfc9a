/**
 * Inline Markdown (emphasis, code, links, …) of one paragraph, as a stream: text is handed on as soon as
 * no later character can change how it looks. The grammar is CommonMark's, made decidable from the
 * left: an opening sign whose end is not within `SPAN_LIMIT` characters is plain text, and links by
 * reference stay as written.
 * @module
 */
import { sanitize } from "./sanitize.ts";
import { joinStyles, type Palette, type Style } from "./style.ts";

/** Receives text in a style. White space separates words; a line feed ends the line. */
export type InlineSink = (text: string, style: Style) => void;

/** UTF-16 units within which a span must end. Bounds what is held back, and the work done twice. */
const SPAN_LIMIT = 1_500;
const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  copy: "©",
  rarr: "→",
  larr: "←",
  times: "×",
};
const SPECIAL = /[\\`*_~[!<&]/g;
/** `(url)`, `(<url>)`, `(url "title")`, on one line. */
const LINK_TARGET =
  /^\([ \t]*(?:<([^<>\n]*)>|(?!<)((?:[^\s()\\]|\\[^\s]|\([^\s()]*\))*))(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)/;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

/** Found a construct that ends before `end`; or it is plain text; or more text is needed to know. */
type Span =
  | { readonly kind: "span"; readonly end: number; readonly emit: (sink: InlineSink) => void }
  | { readonly kind: "plain"; readonly end: number }
  | { readonly kind: "wait" };

const WAIT: Span = { kind: "wait" };

/** One paragraph's inline text. */
export class InlineStream {
  readonly #palette: Palette;
  readonly #base: Style;
  #held = "";
  /** The character before `#held`, for the rules of emphasis inside words. */
  #before = "";

  constructor(palette: Palette, base: Style = "") {
    this.#palette = palette;
    this.#base = base;
  }

  /** A copy in the same state. */
  fork(): InlineStream {
    const copy = new InlineStream(this.#palette, this.#base);
    copy.#held = this.#held;
    copy.#before = this.#before;
    return copy;
  }

  /** Adds text; hands on what is certain. */
  feed(text: string, sink: InlineSink): void {
    this.#held += text;
    this.#run(sink, { final: false });
  }

  /** No more text comes: hands on the rest. */
  finish(sink: InlineSink): void {
    this.#run(sink, { final: true });
  }

  #run(sink: InlineSink, options: { readonly final: boolean }): void {
    const text = this.#held;
    const done = render(text, this.#before, this.#palette, this.#base, sink, options.final);
    if (done > 0) this.#before = text[done - 1] ?? "";
    this.#held = text.slice(done);
  }
}

/** Hands on the text from its beginning; returns how many units of it. */
function render(
  text: string,
  before: string,
  palette: Palette,
  style: Style,
  sink: InlineSink,
  final: boolean,
): number {
  let at = 0;
  while (at < text.length) {
    SPECIAL.lastIndex = at;
    const found = SPECIAL.exec(text)?.index ?? text.length;
    if (found > at) sink(text.slice(at, found), style);
    at = found;
    if (at === text.length) break;
    const previous = at > 0 ? text[at - 1] ?? "" : before;
    let span = read(
      text,
      at,
      previous,
      palette,
      style,
      final || text.length - at > SPAN_LIMIT + 64,
    );
    if (span.kind === "wait") {
      if (!final) return at;
      span = { kind: "plain", end: at + 1 };
    }
    if (span.kind === "span") span.emit(sink);
    else sink(text.slice(at, span.end), style);
    at = span.end;
  }
  return at;
}

/** Hands on the whole of a text that is complete. */
function renderWhole(
  text: string,
  before: string,
  palette: Palette,
  style: Style,
  sink: InlineSink,
): void {
  const final = true;
  render(text, before, palette, style, sink, final);
}

function read(
  text: string,
  at: number,
  previous: string,
  palette: Palette,
  style: Style,
  final: boolean,
): Span {
  const limit = Math.min(text.length, at + SPAN_LIMIT);
  const scan: Scan = { text, at, previous, limit, final, palette, style };
  switch (text[at]) {
    case "\\":
      return readEscape(scan);
    case "`":
      return readCode(scan);
    case "*":
    case "_":
    case "~":
      return readEmphasis(scan);
    case "[":
      return readLink(scan, at);
    case "!":
      if (at + 1 >= text.length) return final ? { kind: "plain", end: at + 1 } : WAIT;
      return text[at + 1] === "[" ? readLink(scan, at + 1) : { kind: "plain", end: at + 1 };
    case "<":
      return readAngle(scan);
    default:
      return readEntity(scan);
  }
}

interface Scan {
  readonly text: string;
  /** Where the sign stands. */
  readonly at: number;
  readonly previous: string;
  /** Where the search for an end stops. */
  readonly limit: number;
  /** Nothing more comes, or so much has come that the limit decides. */
  readonly final: boolean;
  readonly palette: Palette;
  readonly style: Style;
}

/** Not found: plain text if that is certain. */
function missing(scan: Scan, end: number): Span {
  return scan.final ? { kind: "plain", end } : WAIT;
}

function runLength(text: string, at: number): number {
  let end = at;
  while (text[end] === text[at]) end += 1;
  return end - at;
}

function readEscape(scan: Scan): Span {
  const next = scan.text[scan.at + 1];
  if (next === undefined) return missing(scan, scan.at + 1);
  if (next === "\n") {
    return { kind: "span", end: scan.at + 2, emit: (sink) => sink("\n", scan.style) };
  }
  if (!PUNCTUATION.test(next)) return { kind: "plain", end: scan.at + 1 };
  return { kind: "span", end: scan.at + 2, emit: (sink) => sink(next, scan.style) };
}

/** Where the code span that opens at `at` ends, or -1. */
function codeEnd(text: string, at: number, limit: number): number {
  const ticks = runLength(text, at);
  for (let next = text.indexOf("`", at + ticks); next >= 0 && next < limit;) {
    const length = runLength(text, next);
    if (length === ticks) return next + length;
    next = text.indexOf("`", next + length);
  }
  return -1;
}

function readCode(scan: Scan): Span {
  const { text, at, limit, palette } = scan;
  const ticks = runLength(text, at);
  const end = codeEnd(text, at, limit);
  // A run at the very end may still grow.
  if (end < 0 || (end === text.length && !scan.final)) return missing(scan, at + ticks);
  let code = text.slice(at + ticks, end - ticks).replaceAll("\n", " ");
  if (/^ .*[^ ].* $|^ [^ ] $/.test(code)) code = code.slice(1, -1);
  const shown = palette.color ? code : `\`${code}\``;
  const style = joinStyles(scan.style, palette.code);
  return { kind: "span", end, emit: (sink) => sink(shown, style) };
}

function emphasisStyle(palette: Palette, sign: string, count: number): Style {
  if (sign === "~") return palette.struck;
  if (count === 1) return palette.emphasis;
  return count === 2 ? palette.strong : joinStyles(palette.strong, palette.emphasis);
}

function readEmphasis(scan: Scan): Span {
  const { text, at, previous, limit, palette } = scan;
  const sign = text[at] ?? "";
  const length = runLength(text, at);
  const after = text[at + length];
  if (after === undefined) return missing(scan, at + length);
  const opens = !/\s/.test(after) && (sign !== "_" || !WORD.test(previous)) &&
    (sign === "~" ? length === 2 : length <= 3) &&
    // A sign before punctuation opens only after a space or punctuation (CommonMark, left-flanking).
    (!PUNCTUATION.test(after) || previous === "" || /\s/.test(previous) ||
      PUNCTUATION.test(previous));
  if (!opens) return { kind: "plain", end: at + length };
  for (let i = at + length; i < limit;) {
    const character = text[i];
    if (character === "\\") {
      i += 2;
    } else if (character === "`") {
      const end = codeEnd(text, i, limit);
      if (end < 0 && !scan.final) return WAIT;
      i = end < 0 ? i + runLength(text, i) : end;
    } else if (character === sign) {
      const run = runLength(text, i);
      const next = text[i + run];
      if (next === undefined && !scan.final) return WAIT;
      const closes = !/\s/.test(text[i - 1] ?? " ") &&
        (sign !== "_" || next === undefined || !WORD.test(next)) &&
        (run === length || run === 3 || (length === 3 && run > 3));
      if (closes && i > at + length) {
        const inner = text.slice(at + length, i + run - Math.min(length, run));
        const style = joinStyles(scan.style, emphasisStyle(palette, sign, length));
        return {
          kind: "span",
          end: i + run,
          emit: (sink) => renderWhole(inner, sign, palette, style, sink),
        };
      }
      i += run;
    } else {
      i += 1;
    }
  }
  return missing(scan, at + length);
}

/** A link or, if a `!` stands before, an image; `open` is where its bracket stands. */
function readLink(scan: Scan, open: number): Span {
  const { text, at, limit, palette } = scan;
  const close = bracketEnd(scan, open, limit);
  if (close < 0) return missing(scan, open + 1);
  const next = text[close + 1];
  if (next === undefined) return missing(scan, open + 1);
  if (next !== "(") return { kind: "plain", end: open + 1 };
  const target = LINK_TARGET.exec(text.slice(close + 1, limit));
  if (target === null) {
    // A target does not go beyond its line.
    const broken = scan.final || text.indexOf("\n", close + 1) >= 0;
    return broken ? { kind: "plain", end: open + 1 } : WAIT;
  }
  const url = (target[1] ?? target[2] ?? "").replace(/\\([!-/:-@[-`{-~])/g, "$1");
  const label = text.slice(open + 1, close);
  const image = open > at;
  const base = joinStyles(scan.style, image ? palette.dim : palette.link);
  return {
    kind: "span",
    end: close + 1 + target[0].length,
    emit: (sink) => {
      if (image) sink("[image] ", scan.style);
      if (label !== "") renderWhole(label, "[", palette, base, sink);
      // The address is always shown: a label must not hide where a link leads.
      if (url !== "" && url !== label && url !== `mailto:${label}`) {
        sink(label === "" ? "" : " ", scan.style);
        sink(`(${sanitize(url)})`, joinStyles(scan.style, palette.url));
      }
    },
  };
}

/** Where the bracket that opens at `open` closes; -1 if nowhere, or not known yet. */
function bracketEnd(scan: Scan, open: number, limit: number): number {
  const text = scan.text;
  let depth = 0;
  for (let i = open; i < limit; i += 1) {
    const character = text[i];
    if (character === "\\") i += 1;
    else if (character === "`") {
      const end = codeEnd(text, i, limit);
      if (end < 0 && !scan.final) return -1;
      i = (end < 0 ? i + runLength(text, i) : end) - 1;
    } else if (character === "[") depth += 1;
    else if (character === "]" && --depth === 0) return i;
  }
  return -1;
}

function readAngle(scan: Scan): Span {
  const { text, at, palette } = scan;
  const rest = text.slice(at, Math.min(text.length, at + 600));
  const address = /^<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>/.exec(rest);
  if (address !== null) {
    const style = joinStyles(scan.style, palette.link);
    return {
      kind: "span",
      end: at + address[0].length,
      emit: (sink) => sink(address[1] ?? "", style),
    };
  }
  const end = /^<br\s*\/?>/i.exec(rest)?.[0].length;
  if (end !== undefined) {
    return { kind: "span", end: at + end, emit: (sink) => sink("\n", scan.style) };
  }
  const open = /^<(?:[^\s<>]*|br\s*\/?)$/i.test(rest) && rest.length < 600;
  return open ? missing(scan, at + 1) : { kind: "plain", end: at + 1 };
}

function readEntity(scan: Scan): Span {
  const rest = scan.text.slice(scan.at, scan.at + 12);
  const match = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/.exec(rest);
  if (match === null) {
    const open = rest.length < 12 && /^&#?[0-9a-zA-Z]*$/.test(rest);
    return open ? missing(scan, scan.at + 1) : { kind: "plain", end: scan.at + 1 };
  }
  const named = ENTITIES[match[3] ?? ""];
  const code = match[1] !== undefined ? Number(match[1]) : Number.parseInt(match[2] ?? "", 16);
  const character = named ??
    (code > 0 && code <= 0x10ffff ? sanitize(String.fromCodePoint(code)) : match[0]);
  return {
    kind: "span",
    end: scan.at + match[0].length,
    emit: (sink) => sink(character, scan.style),
  };
}
