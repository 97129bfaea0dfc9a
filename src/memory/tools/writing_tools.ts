/**
 * The tools that change notes.
 * @module
 */
import * as z from "zod/mini";
import type { Tool } from "../../protocol/tool.ts";
import { describe, toolOf } from "./arguments.ts";
import { NOTES, planChange } from "./change_plan.ts";
import type { ToolMemory } from "./tool_memory.ts";

/** UTF-16 units of what one call writes. */
const MAX_TEXT = 20_000;

const name = describe(
  z.string().check(z.minLength(1), z.maxLength(300)),
  "folder and name, such as knowledge/deno.md; user/ is about the person, context/ about what they " +
    "are doing now, knowledge/ about the world",
);
const text = describe(z.string().check(z.minLength(1), z.maxLength(MAX_TEXT)), "Markdown");
const summary = z.optional(
  describe(z.string().check(z.maxLength(200)), "one sentence on what the note is about"),
);
const keywords = z.optional(describe(
  z.array(z.string().check(z.minLength(1), z.maxLength(60))).check(z.maxLength(20)),
  "words to find it by that its text lacks",
));

/** `memory_write`. */
export function writeTool(memory: ToolMemory): Tool {
  return toolOf({
    name: "memory_write",
    description:
      "Makes a note, or replaces the whole text of one. The person sees the change and may " +
      "have to agree. Read a note before you replace it; to add to one use memory_append. Write what " +
      "will still matter in later conversations, in the person's language.",
    effects: [{ kind: "writes", where: NOTES }],
    parameters: z.strictObject({ name, text, summary, keywords }),
    plan: (value, context) => planChange({ kind: "write", ...value }, memory, context),
  });
}

/** `memory_append`. */
export function appendTool(memory: ToolMemory): Tool {
  return toolOf({
    name: "memory_append",
    description: "Adds to the end of a note, and makes it if it is missing. The person sees the " +
      "change and may have to agree.",
    effects: [{ kind: "writes", where: NOTES }],
    parameters: z.strictObject({ name, text }),
    plan: (value, context) => planChange({ kind: "append", ...value }, memory, context),
  });
}
