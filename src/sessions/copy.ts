/**
 * The lines of a session's copy.
 * @module
 */
import type { SessionEvent, SessionHeader } from "./event.ts";
import { SESSION_VERSION } from "./format.ts";
import type { Preferences } from "./preferences.ts";
import type { SessionState, SessionTurn } from "./state.ts";

/** All that a session holds but what it cost and its plan, which goes on in one place only, as the lines of a new one. */
export function copiedLines(
  state: SessionState,
  { id, created }: Pick<SessionHeader, "id" | "created">,
): (SessionHeader | SessionEvent)[] {
  const { title, provider, model, system, turns, summary, preferences = {} } = state;
  const header = {
    v: SESSION_VERSION,
    type: "session",
    id,
    created,
    title,
    provider,
    model,
    system,
    parent: state.id,
  } as const;
  return [
    header,
    ...preferenceEvents(preferences),
    ...turns.flatMap(turnLines),
    ...summary === undefined ? [] : [summaryEvent(summary, created)],
  ];
}

/** The lines that say what the person wants of a conversation. */
export function preferenceEvents(preferences: Preferences): SessionEvent[] {
  return Object.entries(preferences).map(([key, value]) => ({ type: "preference", key, value }));
}

/** The line that says what stands for the oldest turns. @param at ISO 8601, UTC */
export function summaryEvent(
  summary: NonNullable<SessionState["summary"]>,
  at: string,
): SessionEvent {
  const { turns, text, rules, origins, kept } = summary;
  return {
    type: "summary",
    at,
    turns,
    text,
    rules: [...rules],
    origins: [...origins],
    kept: [...kept],
  };
}

function turnLines(
  {
    at,
    question,
    from,
    marker,
    answer,
    untrusted,
    sensitive,
    outputs = {},
    finish = "cancelled",
    ...turn
  }: SessionTurn,
): SessionEvent[] {
  const asked = {
    ...(from === undefined ? {} : { from }),
    ...(marker === undefined ? {} : { marker }),
  };
  return [
    { type: "question", at, parts: [...question], ...asked },
    ...untrusted === undefined ? [] : [{ type: "untrusted", from: untrusted } as const],
    ...sensitive === undefined ? [] : [{ type: "sensitive", from: sensitive } as const],
    ...Object.entries(outputs).map(([call_id, text]) =>
      ({ type: "tool_output", call_id, text }) as const
    ),
    { type: "turn", at, finish, ...turn, messages: [...answer] },
  ];
}
