/**
 * The slash commands, as a table. Both the full screen and the plain mode run these.
 * @module
 */
import { editDistance } from "../protocol/edit_distance.ts";
import { PyraError } from "../protocol/error.ts";
import type { CommandContext, SlashCommand } from "./command.ts";
import { context } from "./context_commands.ts";
import { runPluginCommand } from "./plugin_commands.ts";
import { forget, memory, recall, remember } from "./memory_commands.ts";
import { plan } from "./plan/command.ts";
import { recipe } from "./recipe_command.ts";
import { set } from "./preference_commands.ts";
import { sanitizeLine } from "./sanitize.ts";
import { clear, exportTo, fork, resume, sessions } from "./session_commands.ts";
import { attach, copy, cost, edit, model, provider, retry, system } from "./turn_commands.ts";

/** Every slash command, in the order of `/help`. */
export const SLASH_COMMANDS: readonly SlashCommand[] = [
  { name: "help", usage: "", description: "list the commands and keys", run: help },
  { name: "model", usage: "[NAME]", description: "choose the model", run: model },
  {
    name: "provider",
    usage: "[ID] [MODEL]",
    description: "choose the provider",
    completes: "provider",
    run: provider,
  },
  {
    name: "system",
    usage: "[TEXT | -]",
    description: "show, set or remove (-) the system text",
    run: system,
  },
  {
    name: "set",
    usage: "[KEY [VALUE]]",
    description: "temperature, tools, language … of this conversation; without a value: as set up",
    run: set,
  },
  { name: "sessions", usage: "", description: "list earlier conversations", run: sessions },
  { name: "resume", usage: "[ID]", description: "go on with a conversation", run: resume },
  { name: "fork", usage: "", description: "go on in a copy of this conversation", run: fork },
  {
    name: "export",
    usage: "[FILE]",
    description: "write the conversation to a file (.md or .json)",
    completes: "path",
    run: exportTo,
  },
  { name: "copy", usage: "[code]", description: "copy the last answer, or its code", run: copy },
  { name: "retry", usage: "", description: "ask the last question again", run: retry },
  { name: "edit", usage: "", description: "change the last question", run: edit },
  {
    name: "attach",
    usage: "[FILE]",
    description: "send a file with the next question",
    completes: "path",
    run: attach,
  },
  {
    name: "remember",
    usage: "[me:] TEXT",
    description: "keep TEXT in your notes; with me: where every question takes it along",
    run: remember,
  },
  { name: "recall", usage: "WORDS", description: "find words in your notes", run: recall },
  {
    name: "memory",
    usage: "[NAME]",
    description: "what your notes hold, and which went with the last question; or show one",
    completes: "note",
    run: memory,
  },
  {
    name: "forget",
    usage: "[NAME]",
    description: "remove a note",
    completes: "note",
    run: forget,
  },
  {
    name: "plan",
    usage: "[GOAL | show | stop]",
    description: "make a plan of several steps and carry it out; without a goal: go on with it",
    run: plan,
  },
  {
    name: "recipe",
    usage: "[NAME [KEY=VALUE …]]",
    description: "list your recipes, or ask the steps of one",
    run: recipe,
  },
  {
    name: "context",
    usage: "[use | leave]",
    description: "show all that goes with a question; let AGENTS.md guide the model, or not",
    run: context,
  },
  { name: "clear", usage: "", description: "start a new conversation", run: clear },
  { name: "cost", usage: "", description: "show the tokens used so far", run: cost },
  {
    name: "quit",
    aliases: ["exit", "q"],
    usage: "",
    description: "end the chat",
    run: ({ surface }) => surface.quit(),
  },
];

/** The name and the argument of a line that is a command; a path such as `/etc/hosts` is none. */
export function parseCommand(
  line: string,
): { readonly name: string; readonly argument: string } | undefined {
  const match = /^\/([a-zA-Z][\w-]*)(?:\s+([\s\S]*))?$/.exec(line.trim());
  if (match === null) return undefined;
  return { name: (match[1] ?? "").toLowerCase(), argument: (match[2] ?? "").trim() };
}

/** The names that no plugin's command may have. */
export const COMMAND_NAMES: ReadonlySet<string> = new Set(
  SLASH_COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]),
);

/**
 * Runs a line that is a command.
 * @throws {PyraError} `unknown_command`, naming the nearest; and what the command throws
 */
export async function runCommand(
  line: string,
  context: Omit<CommandContext, "argument" | "line">,
): Promise<void> {
  const parsed = parseCommand(line);
  const command = SLASH_COMMANDS.find((entry) =>
    entry.name === parsed?.name || entry.aliases?.includes(parsed?.name ?? "") === true
  );
  if (parsed !== undefined && command === undefined) {
    const given = (await context.ports.pluginCommands?.() ?? []).find(({ name }) =>
      name === parsed.name
    );
    if (given !== undefined) {
      return await runPluginCommand(given, parsed.argument, { ...context, line });
    }
  }
  if (parsed === undefined || command === undefined) {
    const near = nearestCommand(parsed?.name ?? line);
    throw new PyraError(
      "configuration",
      "unknown_command",
      `there is no command ${sanitizeLine(line.trim().split(/\s/)[0] ?? "")}`,
      { hint: near === undefined ? "/help lists the commands" : `did you mean /${near}?` },
    );
  }
  await command.run({ ...context, line, argument: parsed.argument });
}

/** The command whose name is most like this one; undefined if none is near. */
export function nearestCommand(name: string): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const command of SLASH_COMMANDS) {
    const distance = command.name.startsWith(name) ? 0.5 : editDistance(name, command.name);
    if (best === undefined || distance < best.distance) best = { name: command.name, distance };
  }
  return best !== undefined && best.distance <= 3 ? best.name : undefined;
}

async function help({ surface, ports }: CommandContext): Promise<void> {
  const given = await ports.pluginCommands?.() ?? [];
  surface.showTable(
    SLASH_COMMANDS.map((command) =>
      [`/${command.name} ${command.usage}`.trim(), command.description] as const
    ),
  );
  if (given.length > 0) {
    surface.showTable(given.map(({ plugin, name, usage, description }) => [
      sanitizeLine(`/${name} ${usage}`.trim()),
      sanitizeLine(`${description} (plugin ${plugin})`),
    ]));
  }
  surface.showTable([
    ["Enter", "send"],
    ["Alt+Enter, \\ Enter", "new line"],
    ["Up, Down, Ctrl-R", "what you typed before"],
    ["Tab", "complete a command or a file name"],
    ["Ctrl-C", "stop the answer; twice: quit"],
    ["Ctrl-D", "quit"],
  ]);
}
