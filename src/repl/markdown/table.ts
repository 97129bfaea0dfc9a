/**
 * Tables: columns that fit the terminal, cells that wrap; where not even that fits, one line a cell.
 * @module
 */
import { LineWriter } from "../line_writer.ts";
import { InlineStream } from "./inline.ts";
import { joinStyles, type Palette, type Style, styled } from "../style.ts";
import { textWidth } from "../text_width.ts";

type Alignment = "left" | "center" | "right";

const DELIMITER = /^\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;
/** Between two columns. */
const SEPARATOR = " │ ";
/** A column that must be narrower than this makes the table a list of records. */
const NARROWEST = 6;
const MAX_COLUMNS = 64;

/** True for the line below a table's header: `| --- | :-: |`. */
export function isDelimiterRow(line: string): boolean {
  return line.includes("-") && line.includes("|") && DELIMITER.test(line.trim());
}

/** The cells of a row; `\|` and a bar in a code span do not end a cell. */
export function splitRow(line: string): string[] {
  const cells: string[] = [];
  let cell = "";
  const text = line.trim().replace(/^\|/, "");
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] ?? "";
    if (character === "\\" && text[i + 1] === "|") {
      cell += "|";
      i += 1;
    } else if (character === "|") {
      cells.push(cell.trim());
      cell = "";
    } else {
      cell += character;
    }
  }
  if (cell.trim() !== "") cells.push(cell.trim());
  return cells.slice(0, MAX_COLUMNS);
}

/**
 * The lines of a table.
 * @param rows header, delimiter row, body: as written
 * @param columns room for a line
 */
export function tableLines(rows: readonly string[], columns: number, palette: Palette): string[] {
  const header = splitRow(rows[0] ?? "");
  const alignments = splitRow(rows[1] ?? "").map(alignment);
  const body = rows.slice(2).map(splitRow);
  const count = header.length;
  if (count === 0) return rows.map((row) => row.trim());
  const cells = [header, ...body].map((row) =>
    Array.from({ length: count }, (_, index) => row[index] ?? "")
  );
  const natural = Array.from(
    { length: count },
    (_, index) =>
      Math.max(1, ...cells.map((row, i) => naturalWidth(row[index] ?? "", palette, i === 0))),
  );
  const room = columns - SEPARATOR.length * (count - 1);
  const widths = share(natural, room);
  if (widths === undefined) return recordLines(header, cells.slice(1), columns, palette);
  const lines: string[] = [];
  const bar = styled(palette.rule, SEPARATOR);
  for (const [index, row] of cells.entries()) {
    const style = index === 0 ? palette.strong : "";
    const parts = row.map((cell, i) => cellLines(cell, widths[i] ?? 1, palette, style));
    const height = Math.max(...parts.map((part) => part.length));
    for (let line = 0; line < height; line += 1) {
      const aligned = parts.map((part, i) =>
        pad(part[line] ?? "", widths[i] ?? 1, alignments[i] ?? "left")
      );
      lines.push(aligned.join(bar).replace(/ +$/, ""));
    }
    if (index === 0) {
      lines.push(styled(palette.rule, widths.map((width) => "─".repeat(width)).join("─┼─")));
    }
  }
  return lines;
}

/** Each row as `name: value` lines, for a terminal too narrow for the columns. */
function recordLines(
  header: readonly string[],
  body: readonly (readonly string[])[],
  columns: number,
  palette: Palette,
): string[] {
  const lines: string[] = [];
  for (const row of body) {
    if (lines.length > 0) lines.push(styled(palette.rule, "─".repeat(Math.min(columns, 12))));
    for (const [index, cell] of row.entries()) {
      const name = header[index] ?? "";
      if (cell === "" && name === "") continue;
      lines.push(...cellLines(`${name}: `, columns, palette, palette.strong, cell));
    }
  }
  return lines;
}

function alignment(cell: string): Alignment {
  if (!cell.endsWith(":")) return "left";
  return cell.startsWith(":") ? "center" : "right";
}

function pad(text: string, width: number, side: Alignment): string {
  const missing = Math.max(0, width - textWidth(text));
  const left = side === "left" ? 0 : side === "right" ? missing : Math.floor(missing / 2);
  return " ".repeat(left) + text + " ".repeat(missing - left);
}

/** A cell's inline Markdown, wrapped; `more` follows in the plain style. */
function cellLines(
  cell: string,
  width: number,
  palette: Palette,
  style: Style,
  more = "",
): string[] {
  let written = "";
  const writer = new LineWriter((text) => written += text, width, () => ({ text: "", columns: 0 }));
  for (const [text, base] of [[cell, style], [more, ""]] as const) {
    const inline = new InlineStream(palette, joinStyles("", base));
    inline.feed(text, (part, partStyle) => writer.text(part, partStyle));
    inline.finish((part, partStyle) => writer.text(part, partStyle));
  }
  writer.finish();
  return written === "" ? [""] : written.replace(/\n$/, "").split("\n");
}

function naturalWidth(cell: string, palette: Palette, header: boolean): number {
  const lines = cellLines(cell, 10_000, palette, header ? palette.strong : "");
  return Math.max(...lines.map(textWidth));
}

/** Widths that fit into `room`: narrow columns keep theirs, wide ones share what is left. */
function share(natural: readonly number[], room: number): number[] | undefined {
  const widths = [...natural];
  if (natural.reduce((sum, width) => sum + width, 0) <= room) return widths;
  let left = room;
  let open = natural.map((_, index) => index);
  for (;;) {
    const fair = Math.floor(left / open.length);
    const narrow = open.filter((index) => (natural[index] ?? 0) <= fair);
    if (narrow.length === 0) break;
    for (const index of narrow) left -= natural[index] ?? 0;
    open = open.filter((index) => !narrow.includes(index));
    if (open.length === 0) return widths;
  }
  const fair = Math.floor(left / open.length);
  if (fair < NARROWEST) return undefined;
  for (const [place, index] of open.entries()) {
    widths[index] = fair + (place < left - fair * open.length ? 1 : 0);
  }
  return widths;
}
