/**
 * The stream of one turn. Every surface (terminal, `--json`, later channels and the page) consumes
 * this and nothing else; none of them knows the provider.
 * @module
 */
import * as z from "zod/mini";
import { ToolCall, Usage } from "./message.ts";
import { Origin } from "./origin.ts";

const report = z.strictObject({
  category: z.enum(["system", "api", "configuration", "file", "permission", "network"]),
  severity: z.enum(["warning", "error", "fatal"]),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** What lay below it; only with `--verbose`. */
  causes: z.optional(z.readonly(z.array(z.string()))),
});

/** Why a turn ended. `length`: the output limit; `tool_rounds`: the limit of tool rounds. */
export const DoneReason = z.enum([
  "stop",
  "length",
  "cancelled",
  "error",
  "tool_rounds",
  "filtered",
]);
/** Why a turn ended. */
export type DoneReason = z.infer<typeof DoneReason>;

/** One event of a turn. The last one is always `done`. */
export const TurnEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string() }),
  z.strictObject({ type: z.literal("reasoning"), text: z.string() }),
  z.strictObject({ type: z.literal("tool_call"), call: ToolCall }),
  z.strictObject({ type: z.literal("approval_request"), calls: z.array(ToolCall) }),
  z.strictObject({
    type: z.literal("approval"),
    call_id: z.string(),
    decision: z.enum(["allow", "allow_always", "deny"]),
    reason: z.string(),
  }),
  z.strictObject({
    type: z.literal("tool_result"),
    call_id: z.string(),
    text: z.string(),
    status: z.enum(["ok", "error", "denied"]),
    /** Absent in what older versions wrote: then nobody vouches for it. */
    origin: z.optional(Origin),
  }),
  z.strictObject({
    type: z.literal("warning"),
    message: z.string(),
    /** What the answer is remarkable for, if that is what the message says. */
    labels: z.optional(z.array(z.string())),
  }),
  z.strictObject({
    type: z.literal("usage"),
    provider: z.string(),
    model: z.string(),
    usage: Usage,
  }),
  /** What follows was answered before: then (ISO 8601, UTC), for so much. */
  z.strictObject({ type: z.literal("cached"), at: z.string(), usage: Usage }),
  z.strictObject({ type: z.literal("error"), error: report }),
  z.strictObject({ type: z.literal("done"), reason: DoneReason, session: z.optional(z.string()) }),
]);
/** One event of a turn. */
export type TurnEvent = z.infer<typeof TurnEvent>;
