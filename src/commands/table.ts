/**
 * Every command, as data. The parser, `--help`, the completions and the README's test are made from
 * it; nothing here imports a package.
 * @module
 */
import { command, type CommandEntry } from "./command_entry.ts";
import { DAEMON } from "./daemon/table.ts";
import { DOCTOR } from "./doctor/table.ts";
import { MEMORY } from "./memory/table.ts";
import { PLUGIN } from "./plugin/table.ts";
import { CONFIG, SESSIONS, VAULT } from "./table_groups.ts";
import {
  CONTINUE,
  GPG_KEY,
  MODEL,
  NO_DAEMON,
  PROVIDER,
  SESSION,
  SYSTEM,
  TOOL_OPTIONS,
  VAULT_MODE,
} from "./table_options.ts";
import { RECIPE } from "./recipe/table.ts";
import { SCHEDULE } from "./schedule/table.ts";
import { SECURITY } from "./security/table.ts";
import { TOOLS } from "./tools/table.ts";
import { USAGE } from "./usage/table.ts";

/** The shells that `pyra completions` can write for. */
export const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;

/** Every command, in the order of `--help`. */
export const COMMANDS: readonly CommandEntry[] = [
  command("chat", "talks with a model (what `pyra` alone does on a terminal)", {
    options: [PROVIDER, MODEL, SYSTEM, SESSION, CONTINUE, NO_DAEMON, ...TOOL_OPTIONS],
    examples: [
      { line: "pyra", does: "a new conversation" },
      { line: "pyra chat --provider demo", does: "tries Pyra without a key" },
      { line: "pyra chat --continue", does: "goes on with the latest one" },
    ],
  }),
  command("ask", "answers one question and ends; piped input is added to the words", {
    arguments: [{ name: "WORDS", required: false, repeatable: true }],
    options: [
      PROVIDER,
      MODEL,
      SYSTEM,
      SESSION,
      CONTINUE,
      {
        flag: "--attach",
        value: "FILE",
        description: "sends a text file or an image along",
        repeatable: true,
        path: "read",
        complete: "file",
      },
      {
        flag: "--plan",
        description: "first makes a plan, and carries it out once you agree (or with --yes)",
      },
      { flag: "--no-cache", description: "asks the model even if it was asked the same just now" },
      { flag: "--no-stream", description: "prints the answer when it is complete" },
      { flag: "--max-tokens", value: "N", description: "ends the answer after so many tokens" },
      NO_DAEMON,
      ...TOOL_OPTIONS,
    ],
    examples: [
      { line: 'pyra "why is the sky blue?"', does: "`ask` may be left out before a sentence" },
      { line: 'git diff | pyra ask "write a commit message"', does: "the words, then the input" },
      { line: 'pyra ask --attach photo.png "what is this?"', does: "for models that see" },
      { line: 'pyra ask --json "hello"', does: "one event a line" },
    ],
  }),
  command("setup", "chooses a provider and a model, and stores the key", {
    options: [
      { ...PROVIDER, description: "the provider to set up" },
      { ...MODEL, description: "the model to use (default: the provider's usual one)" },
      {
        flag: "--base-url",
        value: "URL",
        description: "another address of the provider, or the custom one",
      },
      { flag: "--key-stdin", description: "reads the key from standard input" },
      VAULT_MODE,
      GPG_KEY,
      { flag: "--yes", short: "-y", description: "asks nothing and keeps what cannot be checked" },
    ],
    examples: [
      { line: "pyra setup", does: "asks; Enter takes the demo if nothing else is found" },
      {
        line: "pyra setup --provider openai --key-stdin --vault keyfile < key.txt",
        does: "for scripts",
      },
      { line: "pyra setup --provider ollama --model llama3.2", does: "a model on this machine" },
    ],
  }),
  CONFIG,
  SESSIONS,
  MEMORY,
  RECIPE,
  PLUGIN,
  TOOLS,
  SECURITY,
  USAGE,
  VAULT,
  DAEMON,
  SCHEDULE,
  DOCTOR,
  command("completions", "prints a script that completes commands in a shell", {
    arguments: [{ name: "SHELL", required: true, complete: SHELLS }],
    examples: [
      {
        line: "pyra completions bash > ~/.local/share/bash-completion/completions/pyra",
        does: "for bash",
      },
      { line: "pyra completions fish > ~/.config/fish/completions/pyra.fish", does: "for fish" },
      { line: "pyra completions powershell >> $PROFILE", does: "for PowerShell" },
    ],
  }),
  command("version", "prints the version", {
    examples: [{ line: "pyra version --json", does: "the same for programs" }],
  }),
  command("help", "explains a command", {
    arguments: [{ name: "COMMAND", required: false, repeatable: true, complete: "command" }],
    examples: [{ line: "pyra help vault set", does: "the same as pyra vault set --help" }],
  }),
];
