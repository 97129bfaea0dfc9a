/**
 * What the person typed about plugins. Whatever changes one is done only in a run of the command for it,
 * so that nothing that takes over a chat can even ask for it.
 * @module
 */
import { type CommandLine, optionValues } from "../command_line.ts";
import { KernelError } from "../error.ts";

/** What stands behind the command's own words and is no option. */
export function typedWords({ rest, words }: CommandLine): readonly string[] {
  return rest.slice(words.length).filter((word) => !word.startsWith("-"));
}

/** Whether an option without a value was typed. */
export function hasOption({ rest }: CommandLine, option: string): boolean {
  const end = rest.indexOf("--");
  return rest.slice(0, end < 0 ? undefined : end).includes(option);
}

/** Whether the run is that command of `pyra plugin`; with a name, about that plugin. */
export function isTyped(line: CommandLine, command: string, name?: string): boolean {
  const isCommand = line.words.join(" ") === `plugin ${command}`;
  return isCommand && (name === undefined || typedWords(line).includes(name));
}

/** @throws {KernelError} `denied` in a run of none of these commands about that plugin */
export function refuseUntyped(line: CommandLine, commands: readonly string[], name?: string): void {
  if (commands.some((command) => isTyped(line, command, name))) return;
  const hint = `run pyra plugin ${commands[0]} ${name ?? ""}`.trimEnd();
  throw new KernelError("denied", "that is done by the command for it only", hint);
}

/** Whether the person typed their yes; with an origin, their yes to that. */
export function isAgreed(line: CommandLine, origin?: string): boolean {
  const isNamed = origin === undefined || optionValues(line, "--add").includes(origin);
  return isNamed && hasOption(line, "--yes");
}
