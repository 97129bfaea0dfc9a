/**
 * What a command is, as data.
 * @module
 */

/** What completes a value: a closed list of words, or a kind that the shell script knows. */
export type Completion =
  | readonly string[]
  | "file"
  | "provider"
  | "config_key"
  | "recipe"
  | "command";

/** One option of a command. */
export interface OptionEntry {
  readonly flag: `--${string}`;
  readonly short?: `-${string}`;
  /** The value's name in the usage, upper case; absent for a switch. */
  readonly value?: string;
  readonly description: string;
  /** May be given several times; the values make a list. */
  readonly repeatable?: true;
  /** The value is a path that the run may read or write; `kernel` if only the kernel touches it. */
  readonly path?: "read" | "write" | "kernel";
  readonly complete?: Completion;
}

/** One positional argument of a command. */
export interface ArgumentEntry {
  /** Upper case. */
  readonly name: string;
  readonly required: boolean;
  /** Takes all that follow; only for the last one. */
  readonly repeatable?: true;
  readonly path?: "read" | "write" | "kernel";
  readonly complete?: Completion;
}

/** An example of `--help` and of the README. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** A command: either it runs, or it is a group of commands. */
export interface CommandEntry {
  readonly name: string;
  /** One sentence, for the list of commands: lower case, no full stop. */
  readonly summary: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: readonly OptionEntry[];
  readonly examples: readonly Example[];
  /** Not empty: a group; then it has no arguments and options of its own. */
  readonly commands: readonly CommandEntry[];
}

/** A command with what is given; everything else is empty. */
export function command(
  name: string,
  summary: string,
  more: Partial<Omit<CommandEntry, "name" | "summary">>,
): CommandEntry {
  return { name, summary, arguments: [], options: [], examples: [], commands: [], ...more };
}

/** A command that runs, with its words: `["sessions", "export"]`. */
export interface NamedCommand {
  readonly words: readonly string[];
  readonly entry: CommandEntry;
}

/** Every command, groups included, in the table's order, each with its words. */
export function allCommands(
  entries: readonly CommandEntry[],
  before: readonly string[] = [],
): readonly NamedCommand[] {
  return entries.flatMap((entry) => {
    const words = [...before, entry.name];
    return [{ words, entry }, ...allCommands(entry.commands, words)];
  });
}

/** A command's usage after `pyra`: `sessions export [options] ID`. */
export function usage(named: NamedCommand): string {
  const { words, entry } = named;
  const rest = entry.arguments.map((argument) => {
    const name = argument.name + (argument.repeatable ? "…" : "");
    return argument.required ? name : `[${name}]`;
  });
  return [
    ...words,
    ...(entry.commands.length > 0 ? ["COMMAND"] : []),
    ...(entry.options.length > 0 ? ["[options]"] : []),
    ...rest,
  ].join(" ");
}
