/**
 * The memory's tools as a table; the composition root offers them to models.
 * @module
 */
import { listTool, readTool, searchTool } from "./reading_tools.ts";
import type { MemoryTool } from "./tool.ts";
import { appendTool, writeTool } from "./writing_tools.ts";

/** Every tool of the memory. */
export const MEMORY_TOOLS: readonly MemoryTool[] = [
  searchTool,
  readTool,
  writeTool,
  appendTool,
  listTool,
];
