/**
 * The lines of a file that come nearest to a text that is not in it, so that the model can correct itself.
 * @module
 */

/** So many lines of a file are compared; further ones are not. */
const LINES_LIMIT = 50_000;
const LINE_UNITS = 160;
const SHOWN = 3;
/** How much two lines must have in common, of 1. */
const LIKENESS = 0.5;

/** A sentence with the nearest lines and their numbers. */
export function nearestLines(text: string, wanted: string): string {
  const lines = text.split("\n", LINES_LIMIT);
  const sought = wanted.split("\n").map(squeezed).filter((line) => line !== "");
  const [first] = sought;
  if (first === undefined) return "It is blank lines only; give a line with words too.";
  const window = sameButSpaces(lines, sought);
  if (window !== undefined) {
    return `Lines ${window.from}–${window.to} differ from it in white space only:\n` +
      shownLines(lines, window.from, Math.min(window.to, window.from + 5));
  }
  const pairs = pairsOf(first);
  const near = lines
    .map((line, at) => ({ number: at + 1, likeness: likeness(pairs, line, first) }))
    .filter(({ likeness }) => likeness >= LIKENESS)
    .sort((a, b) => b.likeness - a.likeness || a.number - b.number)
    .slice(0, SHOWN);
  if (near.length === 0) return "No line is like its first; read the file again.";
  return "The lines most like its first:\n" +
    near.map(({ number }) => shownLines(lines, number, number)).join("\n");
}

/** Lines that are the same once white space is squeezed; blank ones are passed over. */
function sameButSpaces(
  lines: readonly string[],
  sought: readonly string[],
): { readonly from: number; readonly to: number } | undefined {
  const kept = lines.map((line, at) => ({ text: squeezed(line), number: at + 1 }))
    .filter(({ text }) => text !== "");
  for (let at = 0; at + sought.length <= kept.length; at++) {
    if (!sought.every((line, next) => kept[at + next]?.text === line)) continue;
    const [from, to] = [kept[at]?.number, kept[at + sought.length - 1]?.number];
    if (from !== undefined && to !== undefined) return { from, to };
  }
  return undefined;
}

function shownLines(lines: readonly string[], from: number, to: number): string {
  return lines.slice(from - 1, to).map((line, at) => {
    const cut = line.length > LINE_UNITS ? `${line.slice(0, LINE_UNITS)}…` : line;
    return `${from + at}\t${cut}`;
  }).join("\n");
}

function squeezed(line: string): string {
  return line.replace(/\s+/g, " ").trim();
}

function pairsOf(line: string): ReadonlySet<string> {
  const short = line.slice(0, 400);
  return new Set(
    Array.from({ length: Math.max(short.length - 1, 1) }, (_, at) => short.slice(at, at + 2)),
  );
}

/** The share of pairs of letters that two lines have in common (Dice). */
function likeness(pairs: ReadonlySet<string>, line: string, first: string): number {
  const other = squeezed(line);
  // A line much longer or shorter cannot be like it; that spares most of the work.
  if (other.length < first.length * 0.3 || other.length > first.length * 4) return 0;
  const others = pairsOf(other);
  let common = 0;
  for (const pair of others) if (pairs.has(pair)) common++;
  return 2 * common / (pairs.size + others.size);
}
