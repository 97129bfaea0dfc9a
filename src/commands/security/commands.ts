/**
 * `pyra security …`: which file runs which of its commands.
 * @module
 */
import type { CommandRunner } from "../runner.ts";

/** The second words of `pyra security`; each loads only its own code. */
export const SECURITY_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  scan: async (...given) => (await import("./scan.ts")).scanText(...given),
  redact: async (...given) => (await import("./redact.ts")).redactText(...given),
  risk: async (...given) => (await import("./risk.ts")).judgeCommand(...given),
  log: async (...given) => (await import("./log.ts")).runLog(...given),
};
