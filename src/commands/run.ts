/**
 * The command line: finds the command, runs it, and turns what went wrong into one line and an exit
 * code. Each command's file is loaded when it runs.
 * @module
 */
import { EXIT } from "../protocol/error.ts";
import type { CommandContext } from "./context.ts";
import { asShown, showError } from "./errors.ts";
import { resolveInvocation } from "./invocation.ts";
import type { CommandRunner } from "./runner.ts";

/** By the first word. What has two words finds the second in a table of its own. */
const RUNNERS: Readonly<
  Record<string, (words: readonly string[]) => Promise<CommandRunner | undefined>>
> = {
  ask: async () => (await import("./ask.ts")).runAsk,
  chat: async () => (await import("./chat.ts")).runChat,
  setup: async () => (await import("./setup/setup.ts")).runSetup,
  config: async ([, name = ""]) => (await import("./config.ts")).CONFIG_COMMANDS[name],
  sessions: async ([, name = ""]) => (await import("./sessions.ts")).SESSION_COMMANDS[name],
  recipe: async ([, name = ""]) => (await import("./recipe/commands.ts")).RECIPE_COMMANDS[name],
  memory: async ([, name = ""]) => (await import("./memory/commands.ts")).MEMORY_COMMANDS[name],
  plugin: async ([, name = ""]) => (await import("./plugin/commands.ts")).PLUGIN_COMMANDS[name],
  tools: async ([, name = ""]) => (await import("./tools/commands.ts")).TOOLS_COMMANDS[name],
  security: async ([, name = ""]) =>
    (await import("./security/commands.ts")).SECURITY_COMMANDS[name],
  schedule: async ([, name = ""]) =>
    (await import("./schedule/commands.ts")).SCHEDULE_COMMANDS[name],
  usage: async () => (await import("./usage/usage.ts")).showUsage,
  vault: async ([, name = ""]) => (await import("./vault.ts")).VAULT_COMMANDS[name],
  daemon: async ([, name = ""]) => (await import("./daemon/commands.ts")).DAEMON_COMMANDS[name],
  doctor: async () => (await import("./doctor/doctor.ts")).runDoctor,
  completions: async () => (await import("./completions/completions.ts")).runCompletions,
  version: async () => (await import("./help.ts")).runVersion,
  help: async () => (await import("./help.ts")).runHelp,
};

/** Runs the command that `boot.argv` names. Never throws. @returns the process's exit code */
export async function runCommand(context: CommandContext): Promise<number> {
  try {
    return await dispatch(context);
  } catch (thrown) {
    // `pyra ask … | head -1`: whoever read has enough.
    if (thrown instanceof Deno.errors.BrokenPipe) return EXIT.done;
    const error = asShown(context.signal.aborted ? context.signal.reason : thrown);
    if (error.code !== "interrupted" && error.code !== "terminated") {
      await showError(context, error);
    }
    return error.exitCode;
  }
}

async function dispatch(context: CommandContext): Promise<number> {
  const { argv, job, terminal } = context.boot;
  if (job !== null) return await (await import("./schedule/perform.ts")).performJob(context, job);
  const invocation = resolveInvocation(argv, { piped: !terminal.stdin });
  if (invocation.kind === "help") {
    return await (await import("./help.ts")).printHelp(context, invocation.named);
  }
  const { named, rest } = invocation;
  const [{ parseCommand }, runner] = await Promise.all([
    import("./program.ts"),
    RUNNERS[named.words[0] ?? ""]?.(named.words),
  ]);
  if (!runner) throw new TypeError(`no runner for pyra ${named.words.join(" ")}`);
  return await runner(context, parseCommand(named, rest));
}
