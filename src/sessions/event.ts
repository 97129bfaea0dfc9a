/**
 * The lines of a session file. The first is the header; what follows only ever grows.
 *
 * A turn is a `question`, then its turn events as they were shown, then a `turn` with the messages
 * that they amount to. A turn without that last line was killed: its answer is what its events say.
 * @module
 */
import * as z from "zod/mini";
import { Message, Part } from "../protocol/message.ts";
import { PlanEvent } from "../protocol/plan.ts";
import { DoneReason, TurnEvent } from "../protocol/turn_event.ts";
import { SESSION_VERSION } from "./format.ts";

/** The first line. */
export const SessionHeader = z.strictObject({
  v: z.literal(SESSION_VERSION),
  type: z.literal("session"),
  id: z.string(),
  /** ISO 8601, UTC, as all times in this file. */
  created: z.string(),
  title: z.optional(z.string()),
  provider: z.string(),
  model: z.string(),
  /** The person's system text. */
  system: z.optional(z.string()),
  /** The id of the session that this one was forked from. */
  parent: z.optional(z.string()),
});
/** The first line. */
export type SessionHeader = z.infer<typeof SessionHeader>;

const OwnEvent = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("question"),
    at: z.string(),
    parts: z.array(Part),
    /** Whose words it is, if they are not the person's own. */
    from: z.optional(z.string()),
    /** Of the fences in which models are sent what others wrote in this turn. */
    marker: z.optional(z.string()),
  }),
  /** The end of a turn: what it added to the history, the question not included. */
  z.strictObject({
    type: z.literal("turn"),
    at: z.string(),
    finish: DoneReason,
    /** The code of the error that ended it. */
    error: z.optional(z.string()),
    provider: z.string(),
    model: z.string(),
    messages: z.array(Message),
  }),
  /** Another model from here on. */
  z.strictObject({ type: z.literal("choice"), provider: z.string(), model: z.string() }),
  z.strictObject({ type: z.literal("system"), text: z.string() }),
  z.strictObject({ type: z.literal("title"), text: z.string() }),
  /** The turn has read text that neither the person nor the model wrote. */
  z.strictObject({ type: z.literal("untrusted"), from: z.string() }),
  /** The turn has read what is private, such as a note. */
  z.strictObject({ type: z.literal("sensitive"), from: z.string() }),
  /** The whole of a tool's result that the model got only a part of. */
  z.strictObject({ type: z.literal("tool_output"), call_id: z.string(), text: z.string() }),
  /** So many of the first turns are no longer sent, but what stands here in their place. */
  z.strictObject({
    type: z.literal("summary"),
    at: z.string(),
    turns: z.int().check(z.gte(0)),
    text: z.string(),
    rules: z.array(z.string()),
    origins: z.array(z.string()),
    kept: z.array(z.string()),
  }),
  /** Something happened to the conversation's plan. */
  z.strictObject({ type: z.literal("plan"), at: z.string(), event: PlanEvent }),
  /** What the person wants of this conversation from here on; null leaves it to the settings. */
  z.strictObject({
    type: z.literal("preference"),
    key: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
  /** The last turn no longer belongs to the history. What it cost stays counted. */
  z.strictObject({ type: z.literal("taken_back") }),
]);

/** Any line but the first. */
export const SessionEvent = z.discriminatedUnion("type", [OwnEvent, TurnEvent]);
/** Any line but the first. */
export type SessionEvent = z.infer<typeof SessionEvent>;
