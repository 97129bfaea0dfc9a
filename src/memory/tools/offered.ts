/**
 * The memory's tools as models are told of them, without the code that runs them: that is loaded when
 * a model first calls one. A test holds these to the tools themselves. Every word here is paid for with
 * every question.
 * @module
 */
import type { ToolDescription } from "../../protocol/message.ts";
import type { Effect, Tool } from "../../protocol/tool.ts";
import type { ToolMemory } from "./tool_memory.ts";

interface Offered {
  readonly description: ToolDescription;
  readonly effects: readonly Effect[];
}

const TEXT = { type: "string" };
const NUMBER = { type: "integer" };
const CATEGORY = { type: "string", description: "a folder, such as knowledge" };
const READS: readonly Effect[] = [{ kind: "reads", where: "notes" }];
const WRITES: readonly Effect[] = [{ kind: "writes", where: "notes" }];

const OFFERED: readonly Offered[] = [
  {
    description: tool(
      "memory_search",
      "Finds the person's notes by words. Use it before you say that you do not know something " +
        "about them, their people, plans or projects.",
      { query: TEXT, category: CATEGORY, limit: NUMBER },
      ["query"],
    ),
    effects: READS,
  },
  {
    description: tool(
      "memory_read",
      "Reads a note, from a line on if it is long.",
      { name: TEXT, line: NUMBER },
      ["name"],
    ),
    effects: READS,
  },
  {
    description: tool(
      "memory_write",
      "Makes a note, or replaces its text (read it first); the person must agree. Keep what will " +
        "matter later.",
      {
        name: {
          type: "string",
          description:
            "user/x.md about the person, context/x.md what they do now, knowledge/x.md the " +
            "world",
        },
        text: TEXT,
        summary: TEXT,
        keywords: { type: "array", items: TEXT, description: "what its text lacks" },
      },
      ["name", "text"],
    ),
    effects: WRITES,
  },
  {
    description: tool(
      "memory_append",
      "Adds to the end of a note, or makes it, once the person agrees.",
      { name: TEXT, text: TEXT },
      ["name", "text"],
    ),
    effects: WRITES,
  },
  {
    description: tool(
      "memory_list",
      "Lists notes with their summaries.",
      { category: CATEGORY, limit: NUMBER },
      [],
    ),
    effects: READS,
  },
];

/** The one that is of use before there is a note; a question without notes is not to pay for the rest. */
export const FIRST_NOTE_TOOL = "memory_write";

/** Every tool of the memory. @param open opens it when a tool is first planned. @throws what it throws */
export function offeredMemoryTools(open: () => Promise<ToolMemory>): readonly Tool[] {
  return OFFERED.map(({ description, effects }) => ({
    description,
    owner: "pyra",
    effects,
    async plan(given, context) {
      const [{ memoryTools }, memory] = await Promise.all([import("./table.ts"), open()]);
      const tool = memoryTools(memory).find((one) => one.description.name === description.name);
      if (tool === undefined) throw new TypeError(`there is no tool ${description.name}`);
      return await tool.plan(given, context);
    },
  }));
}

function tool(
  name: string,
  description: string,
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[],
): ToolDescription {
  const parameters = { type: "object", properties, ...(required.length > 0 && { required }) };
  return { name, description, parameters };
}
