/**
 * One conversation: takes a question, asks the model, and keeps every event in the session file
 * before it is shown.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import type { AskOptions, Conversation, ConversationPorts, ModelChoice } from "./ports.ts";

/** A new conversation. Its session file is made with the first question. */
export function startConversation(
  _ports: ConversationPorts,
  _options: AskOptions & { choice: ModelChoice; system?: string },
): Conversation {
  throw new PyraError("system", "not_there_yet", "conversations are not there yet");
}

/**
 * Goes on with a session. `choice` is used from now on; without it the session's own.
 * @param id the full id (`SessionStore.resolve` finds it)
 * @throws {PyraError} codes `no_such_session`, `session_in_use`, `session_newer`
 */
export function resumeConversation(
  _ports: ConversationPorts,
  _id: string,
  _options: AskOptions & { choice?: ModelChoice; system?: string },
): Promise<Conversation> {
  return Promise.reject(
    new PyraError("system", "not_there_yet", "conversations are not there yet"),
  );
}
