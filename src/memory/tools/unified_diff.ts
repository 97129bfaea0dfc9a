/**
 * What changes between two texts, as lines. Loads a package: import it when a change is shown.
 * @module
 */
import { structuredPatch } from "diff";

/** Lines around a change. */
const CONTEXT_LINES = 3;
/** Lines that are shown. */
const MAX_LINES = 600;
/** Texts that differ by more lines are compared no further: the time grows with the square of this. */
const MAX_EDITS = MAX_LINES;

/** The difference in unified form, without a header; empty if there is none. */
export function unifiedDiff(before: string, after: string): string {
  if (before === after) return "";
  const patch = structuredPatch("", "", withEnd(before), withEnd(after), undefined, undefined, {
    context: CONTEXT_LINES,
    maxEditLength: MAX_EDITS,
  });
  const lines = patch === undefined
    ? replacedWhole(before, after)
    : patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      header({ line: oldStart, lines: oldLines }, { line: newStart, lines: newLines }),
      ...lines.filter((line) => !line.startsWith("\\")),
    ]);
  const more = lines.length - MAX_LINES;
  const shown = more > 0 ? [...lines.slice(0, MAX_LINES), `… ${more} more lines`] : lines;
  return shown.join("\n");
}

/** A line end after the last line, so that adding a line below it does not change it. */
function withEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function replacedWhole(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return [
    header({ line: 1, lines: old.length }, { line: 1, lines: now.length }),
    ...old.map((line) => `-${line}`),
    ...now.map((line) => `+${line}`),
  ];
}

interface Range {
  readonly line: number;
  readonly lines: number;
}

/** Of nothing, the line before it is named (POSIX, `diff -U`). */
function header(old: Range, now: Range): string {
  const range = ({ line, lines }: Range) => `${lines === 0 ? line - 1 : line},${lines}`;
  return `@@ -${range(old)} +${range(now)} @@`;
}

function linesOf(text: string): string[] {
  return withEnd(text).split("\n").slice(0, -1);
}
