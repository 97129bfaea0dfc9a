/**
 * What the tools use of the memory.
 * @module
 */
import type { Memory } from "../memory.ts";

/** The part of the memory that tools read and change. */
export type ToolMemory = Pick<Memory, "search" | "read" | "list" | "write" | "append">;
