/**
 * `pyra tools …`: which file runs which of its commands.
 * @module
 */
import type { CommandRunner } from "../runner.ts";

/** The second words of `pyra tools`; each loads only its own code. */
export const TOOLS_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  list: async (context) => (await import("./list.ts")).listTools(context),
  call: async (...given) => (await import("./call.ts")).callTool(...given),
  rules: async (...given) => (await import("./rules.ts")).changeRules(...given),
};
