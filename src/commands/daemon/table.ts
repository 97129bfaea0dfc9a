/**
 * The commands `pyra daemon …`.
 * @module
 */
import { command, type CommandEntry, type OptionEntry } from "../command_entry.ts";

const LOCKED: OptionEntry = { flag: "--locked", description: "leaves the vault locked" };
const LIMIT: OptionEntry = {
  flag: "--limit",
  value: "TIME",
  description: "waits so long for work that runs (default 30s)",
};
const FORCE: OptionEntry = {
  flag: "--force",
  description: "kills a daemon that does not end by itself",
};

/** How long the vault stays open in the daemon. */
export const FOR: OptionEntry = {
  flag: "--for",
  value: "TIME",
  description: "keeps the vault open in the daemon so long, such as 30m or 8h",
};

/** The daemon. */
export const DAEMON: CommandEntry = command(
  "daemon",
  "keeps Pyra running: schedules, plugins' tasks, an open vault, faster answers",
  {
    commands: [
      command("run", "runs the daemon in this terminal until Ctrl-C", {
        options: [FOR, LOCKED],
        examples: [{ line: "pyra daemon run", does: "for services, and to see what it does" }],
      }),
      command("start", "starts the daemon in the background; asks for the vault's passphrase", {
        options: [FOR, LOCKED],
        examples: [
          { line: "pyra daemon start", does: "returns when it answers, or says why it does not" },
          { line: "pyra daemon start --for 8h", does: "locks the vault after eight hours" },
        ],
      }),
      command("stop", "ends the daemon when its work is done", {
        options: [LIMIT, FORCE],
        examples: [{ line: "pyra daemon stop --limit 5m", does: "waits five minutes at most" }],
      }),
      command("restart", "ends the daemon and starts it anew", {
        options: [FOR, LOCKED, LIMIT, FORCE],
        examples: [{ line: "pyra daemon restart", does: "after an update of Pyra" }],
      }),
      command("status", "says whether it runs and what it does; ends with 3 if none runs", {
        examples: [{ line: "pyra daemon status --json", does: "the same for programs" }],
      }),
      command("reload", "lets it read settings and plugins anew", {
        examples: [{ line: "pyra daemon reload", does: "says which tasks were started or ended" }],
      }),
      command("logs", "shows what it wrote to its log", {
        options: [
          { flag: "--lines", value: "N", description: "shows so many at most (default 50)" },
          { flag: "--follow", description: "goes on with what is written, until Ctrl-C" },
        ],
        examples: [{ line: "pyra daemon logs --follow", does: "while it runs" }],
      }),
      command("install", "lets your system start the daemon when you log in", {
        options: [
          { flag: "--print", description: "shows the service's file, and does nothing" },
          { flag: "--linger", description: "lets it go on after you logged out (systemd)" },
          {
            flag: "--credential",
            value: "FILE",
            description: "where the vault's passphrase is (systemd; NAME.cred: by systemd-creds)",
            path: "kernel",
            complete: "file",
          },
          {
            flag: "--writable",
            value: "DIR",
            description: "a folder outside your home that jobs may write to (systemd)",
            repeatable: true,
            path: "kernel",
            complete: "file",
          },
          { flag: "--unconfined", description: "for systems that set no folders apart (systemd)" },
        ],
        examples: [
          { line: "pyra daemon install", does: "systemd, launchd or the Task Scheduler" },
          { line: "pyra daemon install --print", does: "to look at it first" },
        ],
      }),
      command("uninstall", "ends that, and removes all of it", {
        examples: [{ line: "pyra daemon uninstall", does: "leaves nothing of the service" }],
      }),
    ],
  },
);
