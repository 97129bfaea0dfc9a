/**
 * Links, images, addresses in angle brackets, and line breaks as HTML.
 * @module
 */
import { codeEnd, missing, runLength, type Scan, type Span, WAIT } from "./span.ts";
import { sanitize } from "../sanitize.ts";
import { joinStyles } from "../style.ts";

/** `(url)`, `(<url>)`, `(url "title")`, on one line. */
const LINK_TARGET =
  /^\([ \t]*(?:<([^<>\n]*)>|(?!<)((?:[^\s()\\]|\\[^\s]|\([^\s()]*\))*))(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)/;
/** A link or, if a `!` stands before, an image; `open` is where its bracket stands. */
export function readLink(scan: Scan, open: number): Span {
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
      if (label !== "") scan.inner(label, "[", base, sink);
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

/** An address in angle brackets, or `<br>`; other tags are plain text. */
export function readAngle(scan: Scan): Span {
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
