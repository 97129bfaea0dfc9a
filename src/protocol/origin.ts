/**
 * Where a piece of a conversation came from.
 * @module
 */
import * as z from "zod/mini";

/** Where a piece of a conversation came from. What has none is the person's (a question) or unknown (a result). */
export const Origin = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("person") }),
  /** Words of this program, such as a refusal. */
  z.strictObject({ kind: z.literal("pyra") }),
  z.strictObject({
    kind: z.literal("memory"),
    /** The note's. */
    name: z.string(),
    /** Who wrote it: the person, or a turn that had read untrusted text. */
    writer: z.enum(["person", "untrusted"]),
  }),
  z.strictObject({
    kind: z.literal("tool"),
    /** Its full name. */
    tool: z.string(),
    /** One line that may be shown, such as a host: where the tool had it from. */
    from: z.string(),
    /** Whether its result is believed: only Pyra's own tools and a short list. */
    trusted: z.boolean(),
  }),
  /** A file or standard input that the person handed over, but did not write as their question. */
  z.strictObject({ kind: z.literal("input"), from: z.string() }),
  /** A message that came in over a channel. */
  z.strictObject({ kind: z.literal("sender"), channel: z.string(), sender: z.string() }),
]);
/** Where a piece of a conversation came from. */
export type Origin = z.infer<typeof Origin>;

/**
 * Whether nobody vouches for it: it is neither the person's, nor this program's, nor a note that one of
 * these wrote, nor the result of a trusted tool.
 */
export function isUntrusted(origin: Origin): boolean {
  switch (origin.kind) {
    case "person":
    case "pyra":
      return false;
    case "memory":
      return origin.writer === "untrusted";
    case "tool":
      return !origin.trusted;
    case "input":
    case "sender":
      return true;
  }
}

/** Where it came from, in words for a line that is shown; foreign text in it. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case "person":
      return "the person";
    case "pyra":
      return "Pyra";
    case "memory":
      return `the note ${origin.name}`;
    case "tool":
      return origin.from || `the tool ${origin.tool}`;
    case "input":
      return origin.from;
    case "sender":
      return `${origin.sender} over ${origin.channel}`;
  }
}
