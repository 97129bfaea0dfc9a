/**
 * What a search found, for people and for programs.
 * @module
 */
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import type { Hit, Snippet } from "../../memory/search/hit.ts";
import { linePart, oneLine } from "../errors.ts";
import { shorten } from "../output.ts";

/** How hits are laid out. */
export interface HitLayout {
  /** The terminal's columns; `undefined` wraps and cuts nothing. */
  readonly width: number | undefined;
  readonly color: boolean;
}

const INDENT = "  ";
/** A summary shorter than this says nothing. */
const LEAST_SUMMARY = 8;
const GAP = "  ";

/** Bold and yellow, cyan, dim: as terminals' own themes colour them. */
const STYLES = { match: "1;33", place: "36", summary: "2" } as const;

/** `file:line  summary`, and below it the snippet with its matches; ends with a line end. */
export function hitText(hit: Hit, { width, color }: HitLayout): string {
  const paint = (style: keyof typeof STYLES, text: string) =>
    color && text !== "" ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
  const place = oneLine(`${hit.file}:${hit.line}`);
  const about = oneLine(hit.summary || hit.heading);
  const room = width === undefined ? Infinity : width - visibleWidth(place) - GAP.length;
  const summary = room < LEAST_SUMMARY ? "" : shorten(about, room);
  const head = paint("place", place) + (summary === "" ? "" : GAP + paint("summary", summary));
  const lines = snippetLines(hit.snippet, width === undefined ? Infinity : width - INDENT.length);
  const body = lines.map((parts) =>
    `${INDENT}${parts.map(({ text, isMatch }) => isMatch ? paint("match", text) : text).join("")}\n`
  );
  return `${head}\n${body.join("")}`;
}

/** A hit as programs get it. */
export interface HitJson extends Omit<Hit, "heading" | "snippet" | "passage"> {
  /** Matches stand between `**`. */
  readonly snippet: string;
}

/** What a program gets of a hit. */
export function hitJson({ file, line, summary, keywords, snippet, score }: Hit): HitJson {
  const marked = snippetParts(snippet)
    .map(({ text, isMatch }) => isMatch ? `**${text}**` : text).join("");
  return { file, line, summary, keywords, snippet: marked, score };
}

interface SnippetPart {
  readonly text: string;
  readonly isMatch: boolean;
}

/** The snippet's text cut where matches begin and end. */
function snippetParts({ text, marks }: Snippet): SnippetPart[] {
  const parts: SnippetPart[] = [];
  let at = 0;
  for (const [start, end] of [...marks, [text.length, text.length] as const]) {
    if (start > at) parts.push({ text: text.slice(at, start), isMatch: false });
    if (end > start) parts.push({ text: text.slice(start, end), isMatch: true });
    at = end;
  }
  return parts;
}

/** The snippet in lines of a width in cells, without bytes that control a terminal. */
function snippetLines(snippet: Snippet, width: number): SnippetPart[][] {
  const parts = snippetParts(snippet).map((part) => ({ ...part, text: linePart(part.text) }));
  const lines: SnippetPart[][] = [[]];
  let used = 0;
  for (const word of breakable(parts)) {
    const size = word.reduce((sum, { text }) => sum + visibleWidth(text), 0);
    const isBlank = word.every(({ text }) => text.trim() === "");
    if (used > 0 && used + size > width) {
      lines.push([]);
      used = 0;
    }
    if (used === 0 && isBlank) continue;
    lines.at(-1)?.push(...word);
    used += size;
  }
  return lines.filter((line) => line.length > 0).map(merged);
}

/** The pieces between which a line may end: words and blanks; scripts without blanks by character. */
function breakable(parts: readonly SnippetPart[]): SnippetPart[][] {
  const words: SnippetPart[][] = [];
  let isOpen = false;
  for (const { text, isMatch } of parts) {
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      const standsAlone = segment.trim() === "" || visibleWidth(segment) > 1;
      if (standsAlone || !isOpen) words.push([]);
      words.at(-1)?.push({ text: segment, isMatch });
      isOpen = !standsAlone;
    }
  }
  // A word that fills more than a line by itself is cut by the terminal.
  return words;
}

/** Neighbours of one kind as one part, without blanks at the line's end. */
function merged(line: readonly SnippetPart[]): SnippetPart[] {
  const parts: { text: string; isMatch: boolean }[] = [];
  for (const { text, isMatch } of line) {
    const last = parts.at(-1);
    if (last?.isMatch === isMatch) last.text += text;
    else parts.push({ text, isMatch });
  }
  const last = parts.at(-1);
  if (last) last.text = last.text.trimEnd();
  return parts;
}
