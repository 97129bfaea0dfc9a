/**
 * What a conversation writes into its session file.
 * @module
 */
import { MARKER_BYTES, markerOf } from "../guard/provenance.ts";
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
export function questionLine({ at, question, from, marker }: SessionTurn): SessionEvent {
  return {
    type: "question",
    at,
    parts: [...question],
    ...(from === undefined ? {} : { from }),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** A new turn's marker. */
export function newMarker(): string {
  return markerOf(crypto.getRandomValues(new Uint8Array(MARKER_BYTES)));
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
