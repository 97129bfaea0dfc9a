/**
 * A measured figure and what was aimed at.
 * @module
 */

/** One line of the table. */
export interface Figure {
  readonly name: string;
  /** With its unit. */
  readonly value: string;
  /** What was aimed at; empty for orientation only. */
  readonly aim: string;
  /** Whether the aim was met; undefined without one. */
  readonly met?: boolean;
}

/** The middle value; the mean of the two middle ones. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}

/** The figures as a Markdown table. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ name, value, aim, met }) => {
    const verdict = met === undefined ? "" : met ? "met" : "**missed**";
    return `| ${name} | ${value} | ${aim} | ${verdict} |`;
  });
  return ["| what | measured | aim | |", "|---|---|---|---|", ...rows].join("\n");
}
