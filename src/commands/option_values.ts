/**
 * The values of a command's options, by flag.
 * @module
 */
import { usageError } from "./errors.ts";

/** A switch is `true`, a repeatable option is a list. */
export type OptionValues = Readonly<Record<string, true | string | readonly string[]>>;

/** An option's value, or `undefined` if it was not given. */
export function textOf(options: OptionValues, flag: string): string | undefined {
  const value = options[flag];
  return typeof value === "string" ? value : undefined;
}

/** A repeatable option's values; none if it was not given. */
export function listOf(options: OptionValues, flag: string): readonly string[] {
  const value = options[flag];
  return value === undefined || value === true || typeof value === "string" ? [] : value;
}

/** Whether a switch was given. */
export function isOn(options: OptionValues, flag: string): boolean {
  return options[flag] === true;
}

/** A whole number from 1, or `undefined` if it was not given. @throws {PyraError} `usage` */
export function countOf(options: OptionValues, flag: string): number | undefined {
  const value = textOf(options, flag);
  if (value === undefined) return undefined;
  if (/^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw usageError(`${flag} needs a whole number from 1`, `write ${flag} 20, for example`);
}

/** One of a few words, or `undefined` if it was not given. @throws {PyraError} `usage` */
export function wordOf<T extends string>(
  options: OptionValues,
  flag: string,
  words: readonly T[],
): T | undefined {
  const value = textOf(options, flag);
  const word = words.find((one) => one === value);
  if (value === undefined || word !== undefined) return word;
  throw usageError(`${flag} needs one of ${words.join(", ")}`, `"${value}" is none of them`);
}
