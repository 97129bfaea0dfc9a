/**
 * A conversation as every provider dialect receives it.
 * @module
 */
import * as z from "zod/mini";
import { Origin } from "./origin.ts";

/** A piece of what a person says: text, or an image as base64. Without an origin it is the person's. */
export const Part = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string(), origin: z.optional(Origin) }),
  z.strictObject({
    type: z.literal("image"),
    /** An IANA media type such as `image/png`. */
    media_type: z.string(),
    /** Base64, standard alphabet, no line breaks. */
    data: z.string(),
    /** The file's name, for display. */
    name: z.optional(z.string()),
    origin: z.optional(Origin),
  }),
]);
/** A piece of what a person says. */
export type Part = z.infer<typeof Part>;

/** The model's wish to run a tool; `arguments` is the JSON text as the model wrote it. */
export const ToolCall = z.strictObject({ id: z.string(), name: z.string(), arguments: z.string() });
/** The model's wish to run a tool. */
export type ToolCall = z.infer<typeof ToolCall>;

/** One message of a conversation. */
export const Message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), text: z.string() }),
  z.strictObject({ role: z.literal("user"), parts: z.array(Part) }),
  z.strictObject({ role: z.literal("assistant"), text: z.string(), tool_calls: z.array(ToolCall) }),
  z.strictObject({
    role: z.literal("tool"),
    call_id: z.string(),
    text: z.string(),
    /** Absent in what older versions wrote: then nobody vouches for it. */
    origin: z.optional(Origin),
  }),
]);
/** One message of a conversation. */
export type Message = z.infer<typeof Message>;

/** A tool as the model is told of it. `parameters` is a JSON Schema of type object. */
export interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Tokens of one request or of a session, as the provider counted them. */
export const Usage = z.strictObject({
  input_tokens: z.number(),
  output_tokens: z.number(),
  /** The part of `input_tokens` that the provider served from its cache. */
  cached_tokens: z.number(),
});
/** Tokens of one request or of a session. */
export type Usage = z.infer<typeof Usage>;
