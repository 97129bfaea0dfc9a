/**
 * The commands of `pyra plugin`.
 * @module
 */
import {
  type ArgumentEntry,
  command,
  type CommandEntry,
  type OptionEntry,
} from "../command_entry.ts";
import { GPG_KEY, LIMIT, VAULT_MODE } from "../table_options.ts";

const NAME: ArgumentEntry = { name: "NAME", required: true };
const FOLDER: ArgumentEntry = { name: "DIR", required: true, path: "read", complete: "file" };
const YES: OptionEntry = {
  flag: "--yes",
  description: "agrees to what the plugin asks for, and prints it",
};

/** Plugins. */
export const PLUGIN: CommandEntry = command(
  "plugin",
  "adds tools, commands and hooks that get what you agree to and nothing else",
  {
    commands: [
      command("list", "lists the plugins that are installed", {
        examples: [{ line: "pyra plugin list", does: "names, versions, which are enabled" }],
      }),
      command("available", "lists the plugins that come with Pyra", {
        examples: [{ line: "pyra plugin available", does: "names for pyra plugin install" }],
      }),
      command("install", "adds plugins, after showing what each asks for", {
        arguments: [
          { name: "SOURCE", required: true, repeatable: true, path: "read", complete: "file" },
        ],
        options: [YES],
        examples: [
          { line: "pyra plugin install clock", does: "one that comes with Pyra" },
          {
            line: "pyra plugin install files shell system",
            does: "your files and programs, for the model; you are asked before each act",
          },
          { line: "pyra plugin install ./my-plugin", does: "a folder, or a .tgz of one" },
          {
            line: "pyra plugin install https://git.example/weather.git",
            does: "a git repository, shown before anything of it is kept",
          },
          { line: "pyra plugin install clock --yes", does: "for scripts" },
        ],
      }),
      command("enable", "lets a plugin start, after showing what it asks for", {
        arguments: [NAME],
        options: [YES],
        examples: [{ line: "pyra plugin enable clock", does: "needed again when it has changed" }],
      }),
      command("disable", "keeps a plugin from starting", {
        arguments: [NAME],
        examples: [{ line: "pyra plugin disable clock", does: "its files and data stay" }],
      }),
      command("setup", "asks for a plugin's settings and secrets", {
        arguments: [NAME],
        options: [
          { flag: "--secret", value: "KEY", description: "asks for this secret only" },
          {
            flag: "--stdin",
            description: "reads the value of --secret from standard input instead of asking",
          },
          { ...VAULT_MODE, description: "how a new vault is opened, if there is none yet" },
          GPG_KEY,
        ],
        examples: [
          { line: "pyra plugin setup websearch", does: "Enter keeps what is set" },
          {
            line: "pyra plugin setup websearch --secret tavily_key --stdin < key.txt",
            does: "for scripts",
          },
        ],
      }),
      command("info", "says what a plugin gives, and what it may do", {
        arguments: [NAME],
        examples: [{ line: "pyra plugin info clock", does: "tools, commands, hooks, rights" }],
      }),
      command("remove", "deletes a plugin's files", {
        arguments: [NAME],
        options: [{ flag: "--data", description: "deletes what the plugin has stored, too" }],
        examples: [{ line: "pyra plugin remove clock", does: "its data stays" }],
      }),
      command("new", "writes a plugin to begin with, and a test that passes", {
        arguments: [{ name: "NAME", required: true, path: "write", complete: "file" }],
        options: [{
          flag: "--kind",
          value: "KIND",
          description: "what it gives: tool, hook or task (default tool)",
          complete: ["tool", "hook", "task"],
        }],
        examples: [
          { line: "pyra plugin new greeter --kind tool", does: "a folder to work in" },
          { line: "pyra plugin test greeter", does: "runs its tests" },
        ],
      }),
      command("dev", "runs a plugin from a folder, anew after each change, and shows its log", {
        arguments: [FOLDER],
        options: [YES],
        examples: [{ line: "pyra plugin dev ./greeter", does: "until Ctrl-C" }],
      }),
      command("grants", "says what a plugin may do, and changes the addresses it may reach", {
        arguments: [NAME],
        options: [
          {
            flag: "--add",
            value: "ORIGIN",
            description: "lets it reach this address too; asked for first",
            repeatable: true,
          },
          {
            flag: "--remove",
            value: "ORIGIN",
            description: "takes back an address that was added",
            repeatable: true,
          },
          YES,
        ],
        examples: [
          { line: "pyra plugin grants websearch", does: "each thing it may do, in words" },
          {
            line: "pyra plugin grants websearch --add http://localhost:8888",
            does: "one more address",
          },
        ],
      }),
      command("logs", "prints what a plugin wrote to its log", {
        arguments: [NAME],
        options: [
          { ...LIMIT, description: "shows so many of the latest lines (default 200)" },
          { flag: "--follow", description: "goes on with what is written, until Ctrl-C" },
        ],
        examples: [{ line: "pyra plugin logs clock --follow", does: "while a chat runs" }],
      }),
      command("test", "checks a plugin in a room without any rights, and runs its tests", {
        arguments: [FOLDER],
        examples: [{ line: "pyra plugin test ./greeter", does: "its plugin_test.ts" }],
      }),
    ],
  },
);
