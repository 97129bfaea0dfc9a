/**
 * Findings as lines.
 * @module
 */
import { oneLine } from "../errors.ts";
import { escaped } from "../escaped_text.ts";
import { wrapped } from "../visible_width.ts";
import type { Examined } from "./examine.ts";
import { counted, FIX_HINT, type State } from "./finding.ts";

/** What a message, and a hint, have at most; UTF-16 units. */
const MESSAGE_UNITS = 600;
/** `warning` and two spaces. */
const STATE_WIDTH = 9;
/** A terminal of fewer columns gives what is below a line no more room than this. */
const NARROW = 60;
const NARROW_INDENT = 2;
const COLOURS: Readonly<Record<State, number>> = { ok: 32, warning: 33, broken: 31 };

/** How lines are shown. */
export interface LineStyle {
  /** The terminal's columns; `undefined`: nothing is wrapped. */
  readonly width: number | undefined;
  readonly hasColor: boolean;
}

/** A finding whose words may be shown: on one line, without secrets and control characters. */
export function shownFinding(found: Examined, redact: (text: string) => string): Examined {
  const shown = (text: string) => escaped(oneLine(redact(text.slice(0, MESSAGE_UNITS))));
  return { ...found, message: shown(found.message), hint: shown(found.hint) };
}

/** `warning  sandbox: there is none`, and below it how to mend that. */
export function findingLines(
  { check, state, message, hint, fixed }: Examined,
  { width, hasColor }: LineStyle,
): string {
  const word = fixed ? "mended" : state;
  const head = hasColor ? `\x1b[${COLOURS[state]}m${word}\x1b[39m` : word;
  const lines = width === undefined
    ? [`${check}: ${message}`, ...(hint === "" ? [] : [`→ ${hint}`])]
    : foldedLines([`${check}: ${message}`, ...(hint === "" ? [] : [`→ ${hint}`])], width);
  const indent = " ".repeat(indentOf(width));
  const gap = " ".repeat(Math.max(1, STATE_WIDTH - word.length));
  return lines.map((line, at) => `${at === 0 ? `${head}${gap}` : indent}${line}\n`).join("");
}

/** The first line stands behind the state's word, the others below it. */
function foldedLines(paragraphs: readonly string[], width: number): readonly string[] {
  const indent = indentOf(width);
  const [first = "", ...rest] = wrapped(paragraphs[0] ?? "", Math.max(1, width - STATE_WIDTH));
  const others = [
    ...(indent === STATE_WIDTH ? rest : wrapped(rest.join(" "), Math.max(1, width - indent))),
    ...paragraphs.slice(1).flatMap((text) => wrapped(text, Math.max(1, width - indent))),
  ];
  return [first, ...others].filter((line) => line !== "");
}

function indentOf(width: number | undefined): number {
  return width !== undefined && width < NARROW ? NARROW_INDENT : STATE_WIDTH;
}

/** What it comes to in all. */
export function summaryLines(
  found: readonly Examined[],
  { fix, width }: { readonly fix: boolean; readonly width: number | undefined },
): string {
  const of = (state: State) => found.filter((one) => one.state === state).length;
  const [bad, doubtful] = [of("broken"), of("warning")];
  const parts = [
    ...(bad > 0 ? [`${bad} broken`] : []),
    ...(doubtful > 0 ? [counted(doubtful, "warning")] : []),
  ];
  const mendable = found.filter(({ hint, state }) => state !== "ok" && hint === FIX_HINT).length;
  const more = mendable > 0 && !fix ? `; pyra doctor --fix mends ${mendable} of them` : "";
  const summary = parts.length === 0 ? "All is well." : `${parts.join(", ")}${more}.`;
  return `${width === undefined ? summary : wrapped(summary, width).join("\n")}\n`;
}
