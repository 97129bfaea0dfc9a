/**
 * Markdown as blocks that are not torn: headings, fenced code, lists' items, paragraphs.
 * @module
 */

/** Some whole lines of a text. */
export interface Block {
  readonly kind: "heading" | "text";
  /** The place of its first line's first sign, UTF-16 units. */
  readonly start: number;
  /** The place behind its last line, the line's end left out. */
  readonly end: number;
  /** The number of lines before it. */
  readonly line: number;
  /** For a heading: 1 to 6; else 0. */
  readonly level: number;
  /** For a heading: its words. */
  readonly title: string;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})/u;
const HEADING = /^ {0,3}(#{1,6})(?:[ \t]|$)/u;
const UNDERLINE = /^ {0,3}(=+|-{2,})[ \t]*$/u;
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/u;

/** The blocks of a text, in order; empty lines are in none. */
export function blocksOf(text: string): Block[] {
  const lines = linesOf(text);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (line === undefined) break;
    if (line.text.trim() === "") {
      at++;
      continue;
    }
    const [after, level, title] = blockEnd(lines, at, line.text);
    blocks.push({
      kind: level > 0 ? "heading" : "text",
      start: line.start,
      end: lines[after - 1]?.end ?? line.end,
      line: at,
      level,
      title,
    });
    at = after;
  }
  return blocks;
}

/** The line behind the block that begins at `at`; if it is a heading, its level and words. */
function blockEnd(
  lines: readonly Line[],
  at: number,
  first: string,
): [after: number, level: number, title: string] {
  const fence = FENCE.exec(first)?.[1];
  if (fence !== undefined) return [fenceEnd(lines, at, fence), 0, ""];
  const heading = HEADING.exec(first);
  if (heading !== null) {
    return [at + 1, heading[1]?.length ?? 1, withoutClosing(first.slice(heading[0].length).trim())];
  }
  const underline = UNDERLINE.exec(lines[at + 1]?.text ?? "");
  if (underline !== null && !ITEM.test(first) && !UNDERLINE.test(first)) {
    return [at + 2, underline[1]?.startsWith("=") ? 1 : 2, first.trim()];
  }
  return [textEnd(lines, at), 0, ""];
}

/**
 * A heading's words without the `##` that may close it. A loop, since a regular expression would take the
 * square of a long run of spaces.
 */
function withoutClosing(title: string): string {
  let end = title.length;
  while (title[end - 1] === "#") end--;
  const isClosing = end === 0 || /[ \t]/.test(title.charAt(end - 1));
  return isClosing ? title.slice(0, end).trimEnd() : title;
}

function fenceEnd(lines: readonly Line[], at: number, fence: string): number {
  for (let next = at + 1; next < lines.length; next++) {
    const text = lines[next]?.text.trim() ?? "";
    if (text.startsWith(fence) && text.replaceAll(fence[0] ?? "`", "") === "") return next + 1;
  }
  return lines.length;
}

/** Behind a paragraph or an item of a list with all that is indented below it. */
function textEnd(lines: readonly Line[], at: number): number {
  const isItem = ITEM.test(lines[at]?.text ?? "");
  for (let next = at + 1; next < lines.length; next++) {
    const text = lines[next]?.text ?? "";
    if (text.trim() === "") {
      const below = lines[next + 1]?.text ?? "";
      if (isItem && /^[ \t]{2,}\S/u.test(below)) continue;
      return next;
    }
    if (HEADING.test(text) || FENCE.test(text)) return next;
    if (/^[-*+\d]/u.test(text) && ITEM.test(text)) return next;
  }
  return lines.length;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  while (start <= text.length) {
    const feed = text.indexOf("\n", start);
    const stop = feed < 0 ? text.length : feed;
    const end = text[stop - 1] === "\r" && stop > start ? stop - 1 : stop;
    lines.push({ start, end, text: text.slice(start, end) });
    start = stop + 1;
  }
  return lines;
}
