/**
 * Times as a person types them: `90s`, `30m`, `8h`, `2d`.
 * @module
 */
import { type CommandLine, optionValue } from "./command_line.ts";
import { KernelError } from "./error.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** An option's time in ms; `undefined` if it was not typed. @throws {KernelError} `usage` */
export function durationOf(line: Pick<CommandLine, "rest">, option: string): number | undefined {
  const text = optionValue(line, option);
  if (text === undefined) return undefined;
  const [, count, unit = ""] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit] ?? NaN);
  if (ms > 0) return ms;
  throw new KernelError("usage", `${option} needs a time`, "such as 90s, 30m, 8h or 2d");
}
