/**
 * The command `pyra doctor`.
 * @module
 */
import { command, type CommandEntry } from "../command_entry.ts";

/** What may be wrong with Pyra here. */
export const DOCTOR: CommandEntry = command(
  "doctor",
  "looks for what is wrong, and says how to mend it; ends with 1 if anything is broken",
  {
    options: [
      {
        flag: "--fix",
        description: "mends what is safe to mend: modes, what killed runs left, indexes, records",
      },
      { flag: "--offline", description: "asks no provider" },
    ],
    examples: [
      { line: "pyra doctor", does: "a line for each thing that was looked at" },
      { line: "pyra doctor --fix", does: "the same, and mends what can be mended" },
      {
        line: "pyra doctor --json --offline",
        does: '[{"check":"disk","state":"ok","message":"…","hint":"","fixed":false}]',
      },
    ],
  },
);
