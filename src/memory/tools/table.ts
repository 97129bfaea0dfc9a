/**
 * The memory's tools as a table; the composition root offers them to models.
 * @module
 */
import type { Tool } from "../../protocol/tool.ts";
import { listTool, readTool, searchTool } from "./reading_tools.ts";
import type { ToolMemory } from "./tool_memory.ts";
import { appendTool, writeTool } from "./writing_tools.ts";

/** Every tool of the memory. */
export function memoryTools(memory: ToolMemory): readonly Tool[] {
  return [searchTool, readTool, writeTool, appendTool, listTool].map((tool) => tool(memory));
}
