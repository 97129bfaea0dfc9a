/**
 * What a change does to a text, for the person who is asked.
 * @module
 */
import { structuredPatch } from "diff";

/** A unified diff and its size. */
export interface DiffText {
  readonly text: string;
  /** Such as `+3 −1`. */
  readonly counts: string;
}

const CONTEXT_LINES = 3;
/** What takes longer to compare is shown whole, ms. */
const LIMIT_MS = 400;
const DETAIL_UNITS = 60_000;

/** The diff between two texts. @param path shown at its top */
export function diffText(path: string, before: string, after: string): DiffText {
  const [old, now] = [before, after].map((text) => text.replaceAll("\r\n", "\n"));
  if (old === undefined || now === undefined || old === now) {
    return { text: `${path}: only line ends change\n`, counts: "line ends only" };
  }
  const patch = structuredPatch(path, path, old, now, undefined, undefined, {
    context: CONTEXT_LINES,
    timeout: LIMIT_MS,
  });
  if (patch === undefined) {
    const counts = `−${count(old)} +${count(now)}`;
    return { text: cut(`${path}, as it would be:\n${now}`), counts };
  }
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  const added = lines.filter((line) => line.startsWith("+")).length;
  const removed = lines.filter((line) => line.startsWith("-")).length;
  return {
    text: cut(`--- ${path}\n+++ ${path}\n${lines.join("\n")}\n`),
    counts: `+${added} −${removed}`,
  };
}

function count(text: string): number {
  return text.split("\n").length;
}

function cut(text: string): string {
  return text.length <= DETAIL_UNITS
    ? text
    : `${text.slice(0, DETAIL_UNITS)}\n… ${text.length - DETAIL_UNITS} more characters`;
}
