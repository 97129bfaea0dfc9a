/**
 * A command line as the model asks for it: read, checked, and as it is shown.
 * @module
 */
import type { Json } from "pyra/sdk";
import { ShellError } from "./shell_error.ts";

/** The programs that read command lines. */
export type ShellName = "bash" | "sh" | "powershell";

/** A command line that may be planned and run. */
export interface Command {
  readonly text: string;
  /** In the workspace, relative; empty for the workspace itself. */
  readonly folder: string;
  readonly limitSeconds: number;
  readonly network: boolean;
  readonly background: boolean;
}

/** Seconds that a command gets where nothing is said, and at most. */
export const LIMIT_SECONDS = { usual: 30, most: 300 };
/** UTF-16 units of a command line. */
export const COMMAND_UNITS = 20_000;

const FOLDER_UNITS = 1_000;
/**
 * What nobody sees, or what moves what is seen: control and format characters, blank letters, separators of
 * lines, variation selectors.
 */
const HIDDEN = new RegExp(
  "(?![\\n\\t])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\u{e0000}-\\u{e0fff}]|" +
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\uffa0\\ufe00-\\ufe0f]|" +
    "(?! )\\p{Zs}",
  "gu",
);

/** Programs that fill a terminal and wait for keys, where a command begins with one; and its arguments. */
const WAITS_FOR_KEYS =
  /(?:^|[;&|(\n`]|\$\(|\bsudo)[ \t]*(n?vim?|view|nano|pico|emacs|joe|micro|htop|btop|tmux|screen)(?![\w.\/=-])([^;&|\n)`]*)/g;

/** Reads a tool's input. @throws {ShellError} */
export function readCommand(input: Readonly<Record<string, Json>>): Command {
  const { command, folder = "", limit_seconds: limit = LIMIT_SECONDS.usual } = input;
  if (typeof command !== "string" || command.trim() === "") {
    throw new ShellError("bad_command", "command is the command line, such as: git status");
  }
  if (command.includes("\0")) {
    throw new ShellError("bad_command", "a command line has no zero byte; write \\0 for printf");
  }
  if (command.length > COMMAND_UNITS) {
    throw new ShellError(
      "bad_command",
      `a command line has at most ${COMMAND_UNITS} characters; write a script into a file, and run that`,
    );
  }
  const waiting = waitsForKeys(command);
  if (waiting !== undefined) {
    throw new ShellError(
      "bad_command",
      `${waiting} waits for keys, and there is no terminal here: use a program that ends by itself, or ` +
        "ask the person to run it",
    );
  }
  if (typeof limit !== "number" || !(limit >= 1 && limit <= LIMIT_SECONDS.most)) {
    throw new ShellError(
      "bad_limit",
      `limit_seconds is from 1 to ${LIMIT_SECONDS.most}; what takes longer runs with background: true`,
    );
  }
  return {
    text: command.replaceAll("\r\n", "\n"),
    folder: folderOf(folder),
    limitSeconds: limit,
    network: input["network"] === true,
    background: input["background"] === true,
  };
}

/** What the kernel is asked to run: exactly this is shown, judged and run. */
export function argvOf(shell: ShellName, text: string): readonly string[] {
  return shell === "powershell"
    ? [shell, "-NoProfile", "-NonInteractive", "-Command", text]
    : [shell, "-c", text];
}

/** The text with what cannot be seen in it as `\u{200b}`. */
export function visibleText(text: string): string {
  return text.replace(
    HIDDEN,
    (hidden) => `\\u{${(hidden.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

/** The command as the person reads it before they agree: in full, and where and how it would run. */
export function shownCommand({ text, folder, ...how }: Command): string {
  const [first = "", ...others] = visibleText(text).split("\n");
  const { network, background, limitSeconds } = how;
  const terms = [
    `in ${folder === "" ? "the workspace" : `the workspace's folder ${visibleText(folder)}`}`,
    background ? "in the background, until it ends or Pyra does" : `${limitSeconds} s at most`,
    network ? "with the network" : "no network in a sandbox",
  ];
  return [`$ ${first}`, ...others.map((line) => `  ${line}`), terms.join(" · ")].join("\n");
}

/** The command on one line, for a sentence. */
export function commandName(text: string): string {
  const line = visibleText(text).trim().replace(/\s*\n\s*/g, " ⏎ ");
  return line.length > 200 ? `${line.slice(0, 199).toWellFormed()}…` : line;
}

/** The first program that would wait for keys; with an option it may be one that works by itself. */
function waitsForKeys(command: string): string | undefined {
  for (const [, program, given = ""] of command.matchAll(WAITS_FOR_KEYS)) {
    if (!/(?:^|\s)[-+]/.test(given)) return program;
  }
  return undefined;
}

/** By its name alone: the kernel looks at where it leads. */
function folderOf(given: Json): string {
  const bad = new ShellError(
    "bad_folder",
    "folder is one in the workspace, such as src/app; leave it out for the workspace itself",
  );
  if (typeof given !== "string" || given.length > FOLDER_UNITS) throw bad;
  const isElsewhere = /^(?:[/\\~]|[A-Za-z]:)|[\n\t]/.test(given);
  const parts = given.split(/[/\\]/).filter((part) => part !== "" && part !== ".");
  if (isElsewhere || parts.includes("..") || visibleText(given) !== given) throw bad;
  return parts.join("/");
}
