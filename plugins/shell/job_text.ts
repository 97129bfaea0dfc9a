/**
 * Background jobs in words.
 * @module
 */
import type { PluginJob } from "pyra/sdk";
import { commandName } from "./command.ts";
import { endingLine } from "./ending.ts";

/** One line: `2: running for 14 s: npm run dev`. */
export function jobLine({ id, argv, ageMs, result }: PluginJob): string {
  const state = result === null
    ? `running for ${spanOf(ageMs)}`
    : `${endingLine(result)}; started ${spanOf(ageMs)} ago`;
  return `${id}: ${state}: ${commandName(argv.at(-1) ?? "")}`;
}

/** All jobs, one a line. */
export function jobLines(jobs: readonly PluginJob[]): string {
  return jobs.length === 0 ? "there are no background jobs" : jobs.map(jobLine).join("\n");
}

function spanOf(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}
