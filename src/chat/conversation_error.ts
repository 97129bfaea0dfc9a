/**
 * Why a conversation cannot do what it is told.
 * @module
 */
import { PyraError } from "../protocol/error.ts";

/** The session's file lost the name of its model, and no other was given. */
export function modelLost(id: string): PyraError {
  return new PyraError("file", "no_model", `session ${id} no longer says which model it used`, {
    hint: "name one with --provider and --model",
  });
}

/** It was let go of. */
export function conversationClosed(): PyraError {
  return new PyraError("system", "conversation_closed", "this conversation is closed", {
    hint: "open the session again",
  });
}

/** One question at a time. */
export function turnRunning(): PyraError {
  return new PyraError("system", "turn_running", "the answer before is still being written", {
    hint: "wait for its end, or cancel it",
  });
}
