/**
 * Facts as rows for a terminal's width: a title, and beside it lines that break between words.
 * @module
 */
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import { laidOut } from "../../tools/question_layout.ts";
import { oneLine } from "../errors.ts";

const GAP = 2;
/** Beside a narrower column nobody reads: the facts go below their title. */
const LEAST_COLUMNS = 24;
const INDENT = "  ";

/** Rows of a title and a fact, foreign both. @param columns the terminal's; `undefined` breaks nothing */
export function factRows(
  rows: readonly (readonly string[])[],
  columns: number | undefined,
): string {
  const shown = rows.map(([title = "", fact = ""]) => [oneLine(title), oneLine(fact)] as const);
  const width = Math.max(0, ...shown.map(([title]) => visibleWidth(title))) + GAP;
  const isBelow = columns !== undefined && columns - width < LEAST_COLUMNS;
  return shown.map(([title, fact]) => {
    const prefix = isBelow ? INDENT : " ".repeat(width);
    const lines = laidOut({ kind: "fact", prefix, text: fact }, columns, visibleWidth);
    if (isBelow) return [...(title === "" ? [] : [title]), ...lines].join("\n");
    const [first = "", ...more] = lines;
    const head = title + " ".repeat(width - visibleWidth(title));
    return [head + first.slice(width), ...more].map((line) => line.trimEnd()).join("\n");
  }).map((text) => `${text}\n`).join("");
}

/** Facts below a sentence, a line or more each. */
export function factLines(facts: readonly string[], columns: number | undefined): string {
  return facts.flatMap((fact) =>
    laidOut({ kind: "fact", prefix: INDENT, text: oneLine(fact) }, columns, visibleWidth)
  ).map((line) => `${line}\n`).join("");
}
