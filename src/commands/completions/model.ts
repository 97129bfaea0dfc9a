/**
 * The command table as the completion scripts need it.
 * @module
 */
import { FIELDS } from "../../config/fields.ts";
import { PROVIDERS } from "../../providers/table.ts";
import { allCommands, type Completion, type OptionEntry } from "../command_entry.ts";
import { COMMANDS } from "../table.ts";
import { GLOBAL_OPTIONS } from "../table_options.ts";

/** What may stand at a place. */
export type Candidates =
  | { readonly kind: "words"; readonly words: readonly Candidate[] }
  | { readonly kind: "files" }
  /** The names of the files of the usual profile's recipes, as they are when it is asked. */
  | { readonly kind: "recipes" }
  | { readonly kind: "anything" };

/** One word that may stand at a place. */
export interface Candidate {
  readonly word: string;
  /** Empty if there is nothing to say. */
  readonly description: string;
}

/** A command as the scripts see it. */
export interface CompletedCommand {
  /** `vault set`; empty for Pyra itself. */
  readonly path: string;
  /** What may follow, by position: commands of a group, or arguments. */
  readonly positions: readonly Candidates[];
  /** Whether the last position repeats. */
  readonly repeats: boolean;
  readonly options: readonly OptionEntry[];
}

/** What the scripts are made from. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
  readonly globalOptions: readonly OptionEntry[];
  /** Every option that takes a value, once; a flag means the same in all commands. */
  readonly valued: readonly { readonly option: OptionEntry; readonly values: Candidates }[];
}

/** The command table as the scripts need it. */
export function completionModel(): CompletionModel {
  const commands: CompletedCommand[] = [
    { path: "", positions: [commandWords(COMMANDS)], repeats: false, options: [] },
    ...allCommands(COMMANDS).map(({ words, entry }) => ({
      path: words.join(" "),
      positions: entry.commands.length > 0
        ? [commandWords(entry.commands)]
        : entry.arguments.map(({ complete }) => candidates(complete)),
      repeats: entry.arguments.at(-1)?.repeatable === true,
      options: entry.options,
    })),
  ];
  const options = [...GLOBAL_OPTIONS, ...commands.flatMap((command) => command.options)];
  const valued = new Map(
    options.filter(({ value }) => value !== undefined).map((option) => [
      option.flag,
      { option, values: candidates(option.complete) },
    ]),
  );
  return { commands, globalOptions: GLOBAL_OPTIONS, valued: [...valued.values()] };
}

/** The flags of an option: `--model`, and `-m` if it has one. */
export function flagsOf({ flag, short }: OptionEntry): string[] {
  return short === undefined ? [flag] : [flag, short];
}

function commandWords(entries: readonly { name: string; summary: string }[]): Candidates {
  return {
    kind: "words",
    words: entries.map(({ name, summary }) => ({ word: name, description: summary })),
  };
}

function candidates(completion: Completion | undefined): Candidates {
  switch (completion) {
    case undefined:
      return { kind: "anything" };
    case "file":
      return { kind: "files" };
    case "recipe":
      return { kind: "recipes" };
    case "provider":
      return {
        kind: "words",
        words: PROVIDERS.map(({ id, display_name }) => ({ word: id, description: display_name })),
      };
    case "config_key":
      return {
        kind: "words",
        words: FIELDS.map(({ path, description }) => ({ word: path, description })),
      };
    case "command":
      return commandWords(COMMANDS);
    default:
      return { kind: "words", words: completion.map((word) => ({ word, description: "" })) };
  }
}
