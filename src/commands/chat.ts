/**
 * `pyra chat`: a conversation in the REPL.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { CommandContext } from "./context.ts";
import {
  type ConversationRequest,
  conversationRequest,
  findTarget,
  notices,
  openConversation,
} from "./conversation.ts";
import { HeldMemory } from "./held_memory.ts";
import { isOn, type OptionValues } from "./option_values.ts";
import type { Parsed } from "./program.ts";
import { settleInstructions } from "./project_instructions.ts";
import { openTools } from "./tool_options.ts";

/** `pyra chat` */
export function runChat(context: CommandContext, parsed: Parsed): Promise<number> {
  return chat(context, conversationRequest(parsed.options), parsed.options);
}

/**
 * Opens the conversation that is asked for and hands it to the REPL.
 * @param options those about tools
 * @returns the exit code
 */
export async function chat(
  context: CommandContext,
  request: ConversationRequest,
  options: OptionValues,
): Promise<number> {
  const target = await findTarget(context, await resumed(context) ?? request);
  // Let go of after the last conversation.
  await using memory = new HeldMemory(context);
  const tools = await openTools(context, memory, options);
  const { terminal } = context.boot;
  const [instructions, guides] = isOn(options, "--no-tools")
    ? ["left_out" as const, []]
    : [terminal.stdin ? "fenced" as const : "left_out" as const, await settleInstructions(context)];
  const held = { memory, tools, instructions };
  const conversation = await openConversation(context, target, held);
  return await context.runRepl({
    conversation,
    ...held,
    notices: [...notices(target), ...guides, ...conversation.warnings],
  });
}

/**
 * A chat whose room the kernel ended goes on with its session, whatever the command line said at
 * first. One without a question has no session yet and begins again.
 */
async function resumed(context: CommandContext): Promise<ConversationRequest | undefined> {
  const session = await context.interruptedSession();
  if (session === undefined) return undefined;
  const found = await (await context.sessions()).resolve(session).catch((error) => {
    if (error instanceof PyraError && error.code === "no_such_session") return undefined;
    throw error;
  });
  return found === undefined ? undefined : { session: { reference: found } };
}
