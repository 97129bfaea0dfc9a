/**
 * What plugins may give, as far as it takes no library to say.
 * @module
 */
import type { Json } from "../protocol/plugin.ts";

/** The hooks that there are, by their names in a plugin. */
export const HOOKS = [
  "beforeTurn",
  "afterTurn",
  "beforeTool",
  "afterTool",
  "onSessionStart",
  "onSessionEnd",
  "beforeCompact",
] as const;
/** A hook's name. */
export type HookName = (typeof HOOKS)[number];

/** UTF-16 units of what a plugin adds to the system prompt. */
export const PROMPT_UNITS = 2_000;
/** ms that one call of a tool may take at most. */
export const TOOL_LIMIT_MS = 300_000;

/** Whether a value is one that JSON can say, and not too deep. */
export function isJson(value: unknown, depth = 0): value is Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > 64) return false;
  return Object.entries(value).every(([key, item]) =>
    key !== "__proto__" && isJson(item, depth + 1)
  );
}
