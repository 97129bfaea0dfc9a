/**
 * Sessions for tests: fixed ones, and arbitrary ones for property tests.
 * @module
 */
import fc from "fast-check";
import type { Origin } from "../../../src/protocol/origin.ts";
import type { SessionEvent, SessionHeader } from "../../../src/sessions/event.ts";
import { newSessionId, SESSION_VERSION } from "../../../src/sessions/format.ts";

/** A header with a fresh id. */
export function header(more: Partial<SessionHeader> = {}): SessionHeader {
  const now = Date.now();
  return {
    v: SESSION_VERSION,
    type: "session",
    id: newSessionId(now),
    created: new Date(now).toISOString(),
    title: "a title",
    provider: "demo",
    model: "demo-1",
    ...more,
  };
}

/** A question. */
export function question(text: string): SessionEvent {
  return { type: "question", at: "2026-01-02T03:04:05.000Z", parts: [{ type: "text", text }] };
}

/** The end of a turn with a plain answer. */
export function answer(text: string): SessionEvent {
  return {
    type: "turn",
    at: "2026-01-02T03:04:06.000Z",
    finish: "stop",
    provider: "demo",
    model: "demo-1",
    messages: [{ role: "assistant", text, tool_calls: [] }],
  };
}

const text = fc.string({ unit: "binary", maxLength: 20 });
const usage = fc.record({
  input_tokens: fc.nat(1000),
  output_tokens: fc.nat(1000),
  cached_tokens: fc.nat(1000),
});
const call = fc.record({ id: text, name: text, arguments: text });
const origin: fc.Arbitrary<Origin> = fc.oneof(
  fc.constant({ kind: "person" as const }),
  fc.record({ kind: fc.constant("input" as const), from: text }),
  fc.record({ kind: fc.constant("tool" as const), tool: text, from: text, trusted: fc.boolean() }),
);
const part = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text }),
  fc.record({ type: fc.constant("text" as const), text, origin }),
  fc.record({
    type: fc.constant("image" as const),
    media_type: fc.constant("image/png"),
    data: fc.base64String({ maxLength: 40 }),
    name: text,
  }),
);
const message = fc.oneof(
  fc.record({
    role: fc.constant("assistant" as const),
    text,
    tool_calls: fc.array(call, { maxLength: 2 }),
  }),
  fc.record({ role: fc.constant("tool" as const), call_id: text, text }),
  fc.record({ role: fc.constant("tool" as const), call_id: text, text, origin }),
);

/** Any line but the first. Cloned, because fast-check's records have no prototype. */
export const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  fc.record({
    type: fc.constant("question" as const),
    at: fc.constant("2026-01-02T03:04:05.000Z"),
    parts: fc.array(part, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant("question" as const),
    at: fc.constant("2026-01-02T03:04:05.000Z"),
    parts: fc.array(part, { maxLength: 3 }),
    from: text,
    marker: text,
  }),
  fc.record({ type: fc.constantFrom("untrusted" as const, "sensitive" as const), from: text }),
  fc.record({
    type: fc.constant("turn" as const),
    at: fc.constant("2026-01-02T03:04:06.000Z"),
    finish: fc.constantFrom("stop" as const, "error" as const, "cancelled" as const),
    provider: text,
    model: text,
    messages: fc.array(message, { maxLength: 3 }),
  }),
  fc.record({ type: fc.constant("choice" as const), provider: text, model: text }),
  fc.record({ type: fc.constant("system" as const), text }),
  fc.record({ type: fc.constant("title" as const), text }),
  fc.constant({ type: "taken_back" as const }),
  fc.record({ type: fc.constant("text" as const), text }),
  fc.record({ type: fc.constant("reasoning" as const), text }),
  fc.record({ type: fc.constant("tool_call" as const), call }),
  fc.record({
    type: fc.constant("tool_result" as const),
    call_id: text,
    text,
    status: fc.constantFrom("ok" as const, "denied" as const),
  }),
  fc.record({
    type: fc.constant("tool_result" as const),
    call_id: text,
    text,
    status: fc.constant("ok" as const),
    origin,
  }),
  fc.record({ type: fc.constant("warning" as const), message: text }),
  fc.record({ type: fc.constant("usage" as const), provider: text, model: text, usage }),
).map((event) => structuredClone(event));
