/**
 * The commands of `pyra security`.
 * @module
 */
import { command, type CommandEntry, type OptionEntry } from "../command_entry.ts";
import { LIMIT } from "../table_options.ts";

const BULK: OptionEntry = {
  flag: "--jsonl",
  description: "reads JSON objects, one a line, and answers each with one",
};

/** What guards the person, as commands. */
export const SECURITY: CommandEntry = command(
  "security",
  "checks texts, commands and the logs of what was done",
  {
    commands: [
      command("scan", "looks for attacks on models in a text; ends with 1 if there are any", {
        arguments: [{ name: "FILE", required: false, path: "read", complete: "file" }],
        options: [BULK],
        examples: [
          { line: "pyra security scan page.html", does: "a line for each place" },
          {
            line: "pyra security scan --jsonl < texts.jsonl",
            does: '{"id":1,"text":"…"} in, {"id":1,"findings":[…]} out',
          },
        ],
      }),
      command("redact", "prints a text with keys and passwords taken out", {
        arguments: [{ name: "FILE", required: false, path: "read", complete: "file" }],
        options: [BULK],
        examples: [
          { line: "pyra security redact server.log", does: "fit to be shown to others" },
          {
            line: "pyra security redact --jsonl < texts.jsonl",
            does: '{"id":1,"text":"…"} in and out',
          },
        ],
      }),
      command("risk", "says how dangerous a shell command is; ends with 1 from DANGEROUS on", {
        arguments: [{ name: "COMMAND", required: false }],
        options: [
          {
            flag: "--file",
            value: "FILE",
            description: "judges the script in this file",
            path: "read",
            complete: "file",
          },
          BULK,
        ],
        examples: [
          { line: "pyra security risk 'rm -rf build'", does: "the verdict and its reason" },
          {
            line: "pyra security risk --jsonl < commands.jsonl",
            does: '{"id":1,"command":"…"} in, {"id":1,"risk":"…","reason":"…"} out',
          },
        ],
      }),
      command(
        "log",
        "verifies or shows the logs; whoever has your rights can still write all of them anew",
        {
          arguments: [
            { name: "ACTION", required: false, complete: ["verify", "tail", "show"] },
            { name: "LOG", required: false, complete: ["security", "tools", "queries"] },
          ],
          options: [LIMIT],
          examples: [
            {
              line: "pyra security log verify",
              does: "finds lines that were changed, removed, moved, put in or cut off",
            },
            { line: "pyra security log tail", does: "the latest lines of security.log" },
            { line: "pyra security log tail queries", does: "what was asked last" },
            { line: "pyra security log show tools", does: "all that is kept of the tools' log" },
          ],
        },
      ),
    ],
  },
);
