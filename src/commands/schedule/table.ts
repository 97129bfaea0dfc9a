/**
 * The commands of `pyra schedule`.
 * @module
 */
import { type ArgumentEntry, command, type CommandEntry } from "../command_entry.ts";
import { LIMIT, MODEL, PROVIDER } from "../table_options.ts";

const ID: ArgumentEntry = { name: "ID", required: true };

/** Prompts that are asked at times. */
export const SCHEDULE: CommandEntry = command(
  "schedule",
  "asks a prompt at set times, with rights of its own, while the daemon runs",
  {
    commands: [
      command("add", "adds a schedule: when, and what to ask", {
        arguments: [
          { name: "WHEN", required: true },
          { name: "PROMPT", required: true, repeatable: true },
        ],
        options: [
          { flag: "--name", value: "NAME", description: "what it is called (default: the prompt)" },
          {
            flag: "--zone",
            value: "ZONE",
            description: "the time zone that is meant (default: this machine's)",
          },
          {
            flag: "--missed",
            value: "HOW",
            description: "what was missed runs late once (the default), or is skipped",
            complete: ["late", "skip"],
          },
          PROVIDER,
          MODEL,
          {
            flag: "--allow",
            value: "TOOL",
            description:
              "lets the model use this tool; TOOL=in DIR, on HOST or running CMD: only that",
            repeatable: true,
          },
          {
            flag: "--max-cost",
            value: "DOLLARS",
            description: "ends a run before it costs more",
          },
          {
            flag: "--max-requests",
            value: "N",
            description: "ends a run after so many requests to models (default 20)",
          },
          {
            flag: "--limit",
            value: "TIME",
            description: "ends a run after 90s, 10m (the default) or 2h",
          },
          {
            flag: "--output",
            value: "FILE",
            description: "replaces this file by each result",
            path: "write",
            complete: "file",
          },
          { flag: "--notify", description: "shows each result as a notification" },
          {
            flag: "--check",
            value: "TOOL",
            description: "calls this tool first; no model is asked if it has nothing new",
          },
          {
            flag: "--check-args",
            value: "JSON",
            description: "what that tool is called with",
          },
          { flag: "--disabled", description: "keeps it without running it" },
        ],
        examples: [
          {
            line: 'pyra schedule add "weekdays 08:00" "what is on today?" --notify',
            does: "each morning",
          },
          {
            line:
              'pyra schedule add "every 2h" "tell me what is new" --check mail.list --max-cost 0.05',
            does: "asks a model only if there is mail",
          },
          {
            line: 'pyra schedule add "0 18 * * fri" "sum up the week" --output week.md --zone UTC',
            does: "a cron expression",
          },
        ],
      }),
      command("list", "lists the schedules: when each is due, and how it ended last", {
        examples: [{ line: "pyra schedule list", does: "what runs next" }],
      }),
      command("show", "prints a schedule: what was typed, what it may do, its last results", {
        arguments: [ID],
        examples: [{ line: "pyra schedule show morning", does: "all about one" }],
      }),
      command("run", "runs a schedule now, and waits for its end", {
        arguments: [ID],
        examples: [{ line: "pyra schedule run morning", does: "tries it" }],
      }),
      command("history", "lists what became of each run, the latest first", {
        arguments: [{ name: "ID", required: false }],
        options: [LIMIT],
        examples: [{ line: "pyra schedule history morning --limit 5", does: "the latest five" }],
      }),
      command("enable", "lets a schedule run again", {
        arguments: [ID],
        examples: [{ line: "pyra schedule enable morning", does: "from its next time on" }],
      }),
      command("disable", "keeps a schedule without running it", {
        arguments: [ID],
        examples: [{ line: "pyra schedule disable morning", does: "until it is enabled" }],
      }),
      command("rm", "removes a schedule; its history stays for 90 days", {
        arguments: [ID],
        examples: [{ line: "pyra schedule rm morning", does: "removes it" }],
      }),
    ],
  },
);
