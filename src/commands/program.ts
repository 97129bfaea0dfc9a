/**
 * The `commander` program of one command, made from the table. Only the command that runs is built.
 * @module
 */
import { Command, CommanderError, Option } from "commander";
import {
  type CommandEntry,
  type Example,
  type NamedCommand,
  type OptionEntry,
  usage,
} from "./command_entry.ts";
import { usageError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import type { OptionValues } from "./option_values.ts";
import { COMMANDS } from "./table.ts";
import { GLOBAL_OPTIONS } from "./table_options.ts";

/** A command line that was understood. */
export interface Parsed {
  readonly arguments: readonly string[];
  readonly options: OptionValues;
}

/** Parses what follows a command's words. @throws {PyraError} `usage` (exit code 2) */
export function parseCommand(named: NamedCommand, rest: readonly string[]): Parsed {
  const command = build(named);
  try {
    command.parse(rest, { from: "user" });
  } catch (thrown) {
    throw thrown instanceof CommanderError ? asUsageError(thrown, named) : thrown;
  }
  const values = command.opts<Record<string, unknown>>();
  const options: Record<string, true | string | readonly string[]> = {};
  for (const option of command.options) {
    const value = values[option.attributeName()];
    if (typeof value === "string") options[option.long ?? ""] = value;
    else if (Array.isArray(value)) options[option.long ?? ""] = value.map(String);
    else if (value === !option.negate) options[option.long ?? ""] = true;
  }
  return { arguments: command.args, options };
}

/** The help of a command, or of Pyra when `named` is `undefined`. */
export function helpText(named: NamedCommand | undefined, columns: number): string {
  const command = build(named ?? PYRA);
  for (const entry of (named?.entry ?? PYRA.entry).commands) {
    command.addCommand(new Command(entry.name).description(entry.summary));
  }
  command.configureHelp({
    helpWidth: columns,
    commandUsage: () => `pyra ${named ? usage(named) : '[COMMAND | "a question"] [options]'}`,
    subcommandTerm: (one) => one.name(),
  });
  const global = named ? "" : optionList(GLOBAL_OPTIONS, columns);
  const examples = examplesOf(named?.entry ?? PYRA.entry)
    .map(({ line, does }) => `  ${line}\n      ${does}\n`).join("");
  const more = named
    ? "Options that every command takes: see pyra --help\n"
    : "pyra COMMAND --help explains one command.\n";
  return [
    command.helpInformation(),
    global && `Options:\n${global}`,
    examples && `Examples:\n${examples}`,
    more,
  ].filter(Boolean).join("\n");
}

/** A group shows one example of each of its commands. */
function examplesOf({ examples, commands }: CommandEntry): readonly Example[] {
  return examples.length > 0 ? examples : commands.flatMap((one) => one.examples.slice(0, 1));
}

/** `--help` is found before commander sees the words. */
const OFF = false;

const PYRA: NamedCommand = {
  words: [],
  entry: {
    name: "pyra",
    summary: "a personal assistant whose models and plugins cannot open your vault",
    arguments: [],
    options: [],
    examples: COMMANDS.flatMap(({ name, examples }) =>
      ["chat", "ask", "setup"].includes(name) ? examples.slice(0, 2) : []
    ),
    commands: COMMANDS,
  },
};

function build({ words, entry }: NamedCommand): Command {
  const command = new Command(["pyra", ...words].join(" "))
    .description(sentence(entry))
    .helpOption(OFF)
    .helpCommand(OFF)
    .exitOverride()
    .configureOutput({
      writeErr: () => undefined,
      writeOut: () => undefined,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const { name, required, repeatable } of entry.arguments) {
    const inner = repeatable ? `${name}...` : name;
    command.argument(required ? `<${inner}>` : `[${inner}]`);
  }
  for (const option of entry.options) command.addOption(optionOf(option));
  return command;
}

function optionOf(entry: OptionEntry): Option {
  const option = new Option(optionTerm(entry), entry.description);
  if (entry.repeatable) {
    option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

function optionTerm({ short, flag, value }: OptionEntry): string {
  return `${short ? `${short}, ` : ""}${flag}${value ? ` <${value}>` : ""}`;
}

function optionList(entries: readonly OptionEntry[], columns: number): string {
  const command = new Command().helpOption(OFF).configureHelp({ helpWidth: columns });
  for (const entry of entries) command.addOption(optionOf(entry));
  const text = command.helpInformation();
  return text.slice(text.indexOf("Options:\n") + "Options:\n".length);
}

function sentence({ summary }: CommandEntry): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** Arguments that a shell takes apart, unless they are quoted. */
const QUOTED: ReadonlySet<string> = new Set(["COMMAND", "JSON"]);

/** Commander's error as ours: it names the flag or argument in quotes, which is all that is used. */
function asUsageError(thrown: CommanderError, named: NamedCommand): Error {
  const command = ["pyra", ...named.words].join(" ");
  const quoted = /'([^']*)'/.exec(thrown.message)?.[1] ?? "";
  const name = quoted.split("=", 1)[0] ?? quoted;
  const see = `see ${command} --help`;
  const torn = named.entry.arguments.find(({ name }) => QUOTED.has(name))?.name;
  const quotes = `put ${torn} in quotes: '…'; ${see}`;
  switch (thrown.code) {
    case "commander.unknownOption": {
      if (torn === "COMMAND") return usageError(`${command} has no option ${name}`, quotes);
      const options = [...named.entry.options, ...GLOBAL_OPTIONS];
      const near = nearest(name, options.map(({ flag }) => flag));
      return usageError(
        `${command} has no option ${name}`,
        near ? `did you mean ${near}? ${see}` : see,
      );
    }
    case "commander.optionMissingArgument":
      return usageError(`${/--[a-z-]+/.exec(quoted)?.[0] ?? name} needs a value`, see);
    case "commander.missingArgument":
      return usageError(`${command} needs ${quoted || name}`, `usage: pyra ${usage(named)}`);
    case "commander.excessArguments":
      return usageError(
        `${command} got more words than it takes`,
        torn === undefined ? `usage: pyra ${usage(named)}` : quotes,
      );
    default:
      return usageError(thrown.message.replace(/^error: /, ""), see);
  }
}
