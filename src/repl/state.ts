/**
 * What a chat leaves for the room that follows it.
 * @module
 */
import * as z from "zod/mini";
import type { ReplState } from "./ports.ts";

const Remembered = z.object({
  repl: z.object({
    session: z.string(),
    command: z.optional(z.string()),
    draft: z.optional(z.string()),
    attached: z.optional(z.array(z.string())),
  }),
});

/** What the room before this one left, if it was a chat. */
export function readReplState(remembered: unknown): ReplState | undefined {
  const read = Remembered.safeParse(remembered);
  if (!read.success) return undefined;
  const { session, command, draft, attached } = read.data.repl;
  return {
    session,
    ...(command === undefined ? {} : { command }),
    ...(draft === undefined ? {} : { draft }),
    ...(attached === undefined ? {} : { attached }),
  };
}
