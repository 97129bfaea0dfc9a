/**
 * Inline Markdown (emphasis, code, links, …) of one paragraph, as a stream: text is handed on as soon as
 * no later character can change how it looks. The grammar is CommonMark's, made decidable from the
 * left: an opening sign whose end is not within `SPAN_LIMIT` characters is plain text, and links by
 * reference stay as written.
 * @module
 */
import { readAngle, readLink } from "./link.ts";
import {
  codeEnd,
  type InlineSink,
  missing,
  runLength,
  type Scan,
  type Span,
  WAIT,
} from "./span.ts";
import { sanitize } from "../sanitize.ts";
import { joinStyles, type Palette, type Style } from "../style.ts";

/** UTF-16 units within which a span must end. Bounds what is held back, and the work done twice. */
const SPAN_LIMIT = 1_500;
const ENTITIES: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
  ["hellip", "…"],
  ["mdash", "—"],
  ["ndash", "–"],
  ["copy", "©"],
  ["rarr", "→"],
  ["larr", "←"],
  ["times", "×"],
]);
const SPECIAL = /[\\`*_~[!<&]/g;
const PUNCTUATION = /[!-/:-@[-`{-~]/;
const WORD = /[\p{L}\p{N}]/u;

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

function read(
  text: string,
  at: number,
  previous: string,
  palette: Palette,
  style: Style,
  final: boolean,
): Span {
  const limit = Math.min(text.length, at + SPAN_LIMIT);
  const inner: Scan["inner"] = (whole, before, base, sink) => {
    const complete = true;
    render(whole, before, palette, base, sink, complete);
  };
  const scan: Scan = { text, at, previous, limit, final, palette, style, inner };
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

function readEscape(scan: Scan): Span {
  const next = scan.text[scan.at + 1];
  if (next === undefined) return missing(scan, scan.at + 1);
  if (next === "\n") {
    return { kind: "span", end: scan.at + 2, emit: (sink) => sink("\n", scan.style) };
  }
  if (!PUNCTUATION.test(next)) return { kind: "plain", end: scan.at + 1 };
  return { kind: "span", end: scan.at + 2, emit: (sink) => sink(next, scan.style) };
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
          emit: (sink) => scan.inner(inner, sign, style, sink),
        };
      }
      i += run;
    } else {
      i += 1;
    }
  }
  return missing(scan, at + length);
}

function readEntity(scan: Scan): Span {
  const rest = scan.text.slice(scan.at, scan.at + 12);
  const match = /^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,8}));/.exec(rest);
  if (match === null) {
    const open = rest.length < 12 && /^&#?[0-9a-zA-Z]*$/.test(rest);
    return open ? missing(scan, scan.at + 1) : { kind: "plain", end: scan.at + 1 };
  }
  const named = ENTITIES.get(match[3] ?? "");
  const code = match[1] !== undefined ? Number(match[1]) : Number.parseInt(match[2] ?? "", 16);
  const character = named ??
    (code > 0 && code <= 0x10ffff ? sanitize(String.fromCodePoint(code)) : match[0]);
  return {
    kind: "span",
    end: scan.at + match[0].length,
    emit: (sink) => sink(character, scan.style),
  };
}
