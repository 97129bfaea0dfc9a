/**
 * The part of the composition root that only the chat on the terminal needs.
 * @module
 */
import { MAX_ATTACHMENT_BYTES, toPart } from "./chat/attachment.ts";
import { resumeConversation, startConversation } from "./chat/conversation.ts";
import type { Conversation } from "./chat/ports.ts";
import type { CommandContext, ReplStart } from "./commands/context.ts";
import { askOptions, conversationPorts } from "./commands/conversation.ts";
import { asShown } from "./commands/errors.ts";
import { PyraError } from "./protocol/error.ts";
import type { Part } from "./protocol/message.ts";
import { PROVIDERS } from "./providers/table.ts";
import { FollowedNotes } from "./app_notes.ts";
import type { ReplState } from "./repl/ports.ts";
import { runRepl } from "./repl/repl.ts";
import { COMMAND_NAMES } from "./repl/slash_commands.ts";
import { readReplState } from "./repl/state.ts";
import { exportJson, exportMarkdown } from "./sessions/export.ts";

/** Runs the chat with a conversation. @returns the exit code */
export async function startRepl(context: CommandContext, start: ReplStart): Promise<number> {
  const { boot, kernel } = context;
  const { config } = await context.loadConfig();
  const ports = await conversationPorts(context, config, start);
  const asked = askOptions(context, config);
  const { conversation } = start;
  const resumed = readReplState(boot.remembered);
  await using notes = new FollowedNotes(start.memory);
  return await runRepl({
    conversation,
    memory: {
      open: () => start.memory.open(),
      folder: boot.profile.memory,
      goesWithQuestions: config.memory.auto_load,
      problems: notes.problems,
      now: context.now,
    },
    connect: async (choice) => void await context.openProvider(choice, context.signal),
    newConversation: (choice) => Promise.resolve(startConversation(ports, { ...asked, choice })),
    listSessions: () => ports.store.list({ limit: 200 }),
    resume: async (id): Promise<Conversation> =>
      await resumeConversation(ports, await ports.store.resolve(id), asked),
    async exportSession(id, path, format) {
      const target = await granted(context, path, "write");
      const state = await ports.store.read(id);
      await Deno.writeTextFile(
        target,
        format === "json" ? exportJson(state) : exportMarkdown(state),
        {
          mode: 0o600,
        },
      );
      return path;
    },
    async listModels(provider, signal) {
      const { model } = conversation.choice;
      return await (await context.openProvider({ provider, model }, signal)).listModels(signal);
    },
    recipes: boot.profile.recipes,
    ...(context.surroundings && { surroundings: context.surroundings }),
    pluginCommands: () => start.tools.plugins.commands(COMMAND_NAMES),
    attachTools: (surface) => start.tools.attach(surface),
    providers: PROVIDERS.map(({ id, display_name, default_model }) => ({
      id,
      name: display_name,
      defaultModel: default_model,
    })),
    openAttachment: (path) => attach(context, path),
    completePath: (prefix) => kernel.call("completePath", { prefix }),
    historyPath: `${boot.profile.cache}/history`,
    terminal: { stdin: boot.terminal.stdin, stdout: boot.terminal.stdout },
    env: boot.env,
    color: boot.options.color,
    theme: config.general.theme,
    assistantName: config.general.assistant_name,
    userName: config.general.user_name ?? "",
    onKernel: kernel.on,
    notice: start.notices,
    remember: async (state: ReplState) =>
      void await kernel.call("remember", { state: { repl: state } }),
    ...(resumed === undefined ? {} : { resumed }),
  });
}

/** A path that the person typed, once the kernel lets this room use it. @throws {PyraError} */
async function granted(
  { kernel }: CommandContext,
  path: string,
  access: "read" | "write",
): Promise<string> {
  try {
    return await kernel.call("grantPath", { path, access });
  } catch (thrown) {
    throw asShown(thrown);
  }
}

async function attach(context: CommandContext, path: string): Promise<Part> {
  const real = await granted(context, path, "read");
  try {
    const { size } = await Deno.stat(real);
    if (size > MAX_ATTACHMENT_BYTES) {
      throw new PyraError("file", "attachment_too_large", `${path} is too large to be sent`, {
        hint: "attach a part of it",
      });
    }
    return toPart(path, await Deno.readFile(real));
  } catch (cause) {
    if (cause instanceof PyraError) throw cause;
    throw new PyraError("file", "attachment_unreadable", `${path} cannot be read`, {
      hint: "check the path and its mode",
      cause,
    });
  }
}
