/**
 * `pyra chat`: a conversation in the REPL.
 * @module
 */
import type { CommandContext } from "./context.ts";
import {
  type ConversationRequest,
  conversationRequest,
  findTarget,
  notices,
  openConversation,
} from "./conversation.ts";
import type { Parsed } from "./program.ts";

/** `pyra chat` */
export function runChat(context: CommandContext, parsed: Parsed): Promise<number> {
  return chat(context, conversationRequest(parsed.options));
}

/** Opens the conversation that is asked for and hands it to the REPL. @returns the exit code */
export async function chat(
  context: CommandContext,
  request: ConversationRequest,
): Promise<number> {
  const target = await findTarget(context, request);
  const conversation = await openConversation(context, target);
  return await context.runRepl({
    conversation,
    notices: [...notices(target), ...conversation.warnings],
  });
}
