/**
 * What a conversation writes into its session file.
 * @module
 */
import type { Provenance } from "../protocol/tool.ts";
import type { SessionEvent, SessionHeader } from "../sessions/event.ts";
import { SESSION_VERSION } from "../sessions/format.ts";
import type { SessionTurn } from "../sessions/state.ts";
import type { Conversation } from "./ports.ts";

/** The first line. @param created ISO 8601, UTC */
export function headerLine(
  { id, choice, system }: Conversation,
  title: string,
  created: string,
): SessionHeader {
  return {
    v: SESSION_VERSION,
    type: "session",
    id,
    created,
    title,
    ...choice,
    ...(system === "" ? {} : { system }),
  };
}

/** The line that begins a turn. */
export function questionLine({ at, question, from }: SessionTurn): SessionEvent {
  return { type: "question", at, parts: [...question], ...(from === undefined ? {} : { from }) };
}

/** The line that says where the first text came from that nobody vouches for. */
export function untrustedLine({ from }: Provenance): SessionEvent {
  return { type: "untrusted", from };
}

/** The line that ends a turn in a session file. */
export function turnLine(turn: SessionTurn, at: string): SessionEvent {
  const { answer, finish, error, provider, model } = turn;
  return {
    type: "turn",
    at,
    finish: finish ?? "cancelled",
    ...(error === undefined ? {} : { error }),
    provider,
    model,
    messages: [...answer],
  };
}
