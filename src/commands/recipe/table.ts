/**
 * The commands of `pyra recipe`.
 * @module
 */
import { type ArgumentEntry, command, type CommandEntry } from "../command_entry.ts";
import { MODEL, PROVIDER, SYSTEM, TOOL_OPTIONS } from "../table_options.ts";

const RECIPE_NAME: ArgumentEntry = { name: "NAME", required: true, complete: "recipe" };

/** Prompts that are kept. */
export const RECIPE: CommandEntry = command(
  "recipe",
  "asks what you often ask: named prompts of several steps, with parameters",
  {
    commands: [
      command("list", "lists the recipes, and what is wrong with those that cannot be read", {
        examples: [{ line: "pyra recipe list", does: "names, parameters, what they are for" }],
      }),
      command("run", "asks a recipe's steps one after the other, in one conversation", {
        arguments: [RECIPE_NAME],
        options: [
          {
            flag: "--param",
            value: "PARAM",
            description: "a parameter as NAME=VALUE; NAME=- takes the piped input",
            repeatable: true,
          },
          PROVIDER,
          MODEL,
          SYSTEM,
          { flag: "--no-stream", description: "prints each answer when it is complete" },
          ...TOOL_OPTIONS,
        ],
        examples: [
          {
            line: 'pyra recipe run compare --param one=tea --param "two=iced tea"',
            does: "two values",
          },
          { line: "git log -20 | pyra recipe run notes --param log=-", does: "input as a value" },
        ],
      }),
      command("show", "prints a recipe", {
        arguments: [RECIPE_NAME],
        examples: [{ line: "pyra recipe show compare --json", does: "the same for programs" }],
      }),
      command("new", "begins a recipe: a file to write on", {
        arguments: [{ name: "NAME", required: true }],
        examples: [{ line: "pyra recipe new compare", does: "prints where the file is" }],
      }),
    ],
  },
);
