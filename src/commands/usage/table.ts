/**
 * The command `pyra usage`.
 * @module
 */
import { USAGE_KEYS } from "../../guard/limits/usage_report.ts";
import { command, type CommandEntry } from "../command_entry.ts";

/** What models used. */
export const USAGE: CommandEntry = command(
  "usage",
  "shows what models have used, and how much of the limits is left",
  {
    options: [
      { flag: "--day", description: "today (what is shown without an option)" },
      { flag: "--week", description: "the last seven days" },
      { flag: "--month", description: "since the first of the month" },
      {
        flag: "--by",
        value: "WHAT",
        description: "only by provider, by model or by session",
        complete: USAGE_KEYS,
      },
    ],
    examples: [
      { line: "pyra usage", does: "today, by provider, model and session" },
      { line: "pyra usage --month --by model", does: "what each model cost this month" },
      { line: "pyra usage --week --json", does: "the same for programs" },
    ],
  },
);
