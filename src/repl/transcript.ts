/**
 * The end of what was shown, kept so that it can be laid out anew for another width.
 * @module
 */
import type { MatchPiece } from "./command.ts";
import { LineWriter } from "./line_writer.ts";
import { MarkdownPrinter } from "./markdown/markdown.ts";
import { joinStyles, type Palette, type Style, styled } from "./style.ts";
import { textWidth } from "./text_width.ts";
import type { Tone } from "./turn.ts";

/** A part of the transcript: its lines for a width. */
export type Entry = (columns: number) => string[];

const MAX_ENTRIES = 80;
/** Lines of a question that are shown. */
const MAX_QUESTION_LINES = 12;
/** UTF-16 units of a question's line that are shown. */
const MAX_QUESTION_LINE = 500;

/** The last entries. */
export class Transcript {
  #entries: Entry[] = [];

  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#entries.length > MAX_ENTRIES) this.#entries.shift();
  }

  clear(): void {
    this.#entries = [];
  }

  /** The last lines for a width, `most` at most. */
  tail(columns: number, most: number): string[] {
    const parts: string[][] = [];
    let lines = 0;
    for (const entry of this.#entries.toReversed()) {
      if (lines >= most) break;
      const part = entry(columns);
      parts.unshift(part);
      lines += part.length;
    }
    return parts.flat().slice(-most);
  }
}

/** Text in one style, wrapped; line feeds stay. `text` is sanitised already. */
export function wrapped(text: string, columns: number, style: Style, prefix = ""): string[] {
  let written = "";
  const before = { text: styled(style, prefix), columns: textWidth(prefix) };
  const after = { text: " ".repeat(before.columns), columns: before.columns };
  let first = true;
  const writer = new LineWriter((part) => written += part, Math.max(8, columns), () => {
    const mark = first ? before : after;
    first = false;
    return mark;
  });
  for (const line of text.split("\n")) {
    writer.text(line, style);
    writer.newline();
  }
  return written.replace(/\n$/, "").split("\n");
}

/** A line of the program itself. */
export function noteEntry(text: string, tone: Tone, palette: Palette): Entry {
  const style = tone === "plain" ? "" : palette[tone];
  return (columns) => wrapped(text, columns, style);
}

/** A line in which something was found, indented; where there is no colour, stars mark it. */
export function matchEntry(pieces: readonly MatchPiece[], palette: Palette): Entry {
  const shown = pieces.map(({ text, isMatch }) => ({
    text: isMatch && !palette.color ? `**${text}**` : text,
    style: isMatch ? joinStyles(palette.strong, palette.warning) : "",
  }));
  return (columns) => {
    let written = "";
    const writer = new LineWriter((part) => written += part, Math.max(8, columns), () => ({
      text: "  ",
      columns: 2,
    }));
    for (const { text, style } of shown) writer.text(text, style);
    writer.finish();
    return written.replace(/\n$/, "").split("\n");
  };
}

/** Pairs, in two columns where they fit, else below each other. */
export function tableEntry(
  rows: readonly (readonly [string, string])[],
  palette: Palette,
): Entry {
  return (columns) => {
    const width = Math.max(...rows.map(([left]) => textWidth(left))) + 2;
    const narrow = width > columns / 2;
    return rows.flatMap(([left, right]) => {
      if (narrow) {
        return [...wrapped(left, columns, palette.accent), ...wrapped(right, columns, "", "  ")];
      }
      const gap = " ".repeat(width - textWidth(left));
      const [first = "", ...more] = wrapped(right, columns - width, "");
      return [
        `${styled(palette.accent, left)}${gap}${first}`,
        ...more.map((line) => " ".repeat(width) + line),
      ];
    });
  };
}

/** A question, shortened if it is long, with the number of its attachments. `text` is sanitised already. */
export function questionEntry(text: string, attached: number, palette: Palette): Entry {
  const lines = text.split("\n");
  const hidden = lines.length - MAX_QUESTION_LINES;
  const shown = lines.slice(0, MAX_QUESTION_LINES).map((line) =>
    line.length > MAX_QUESTION_LINE ? `${line.slice(0, MAX_QUESTION_LINE)}…` : line
  );
  return (columns) => [
    "",
    ...wrapped(shown.join("\n"), columns, palette.user, "› "),
    ...(hidden > 0 ? [styled(palette.dim, `  … ${hidden} more lines`)] : []),
    ...(attached > 0 ? [styled(palette.dim, `  ${attached} attached`)] : []),
    "",
  ];
}

/** A whole answer. */
export function answerEntry(markdown: string, palette: Palette): Entry {
  return (columns) => {
    let text = "";
    const printer = new MarkdownPrinter((part) => text += part, { columns, palette });
    printer.push(markdown);
    printer.end();
    return text === "" ? [] : text.replace(/\n$/, "").split("\n");
  };
}
