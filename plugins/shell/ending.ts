/**
 * How a command ended, in words for the model.
 * @module
 */
import type { RunResult } from "pyra/sdk";

/** Signals by what they mostly mean. */
const SIGNALS: Readonly<Record<string, string>> = {
  SIGKILL: "it was killed, perhaps for its memory",
  SIGSEGV: "it crashed: it reached memory that is not its own",
  SIGABRT: "it crashed: it gave up itself",
  SIGPIPE: "nobody read its output any more",
};
/** Exit codes that shells give. */
const CODES: Readonly<Record<number, string>> = {
  126: "a file of that name is there, but cannot be executed",
  127: "no program of that name is there",
  134: "it crashed: it gave up itself",
  137: "it was killed, perhaps for its memory",
  139: "it crashed: it reached memory that is not its own",
};
/** Whoever says one of these wanted a terminal, or a person at it. */
const WANTS_PERSON =
  /a terminal is required|no tty present|must be run from a terminal|not (?:to |from )?a terminal|not a tty|failed tty get|Error opening terminal|cannot open \/dev\/tty|\/dev\/tty: No such device|unable to read (?:the )?password|could not read (?:Username|Password)|Host key verification failed|Permission denied \((?:publickey|password)|Error reading input, exiting|incorrect password attempt|Authentication failure/i;
/** UTF-16 units of an output's end that are searched. */
const LOOKED_AT = 4_000;

/** One line: `exit code 0 after 0.4 s, held by bubblewrap`. @param ms how long it took, if that is known */
export function endingLine(result: RunResult, ms?: number): string {
  const seconds = ms === undefined ? "" : ` after ${(ms / 1_000).toFixed(1)} s`;
  return `${endOf(result)}${seconds}${heldBy(result)}`;
}

/** What to do now, where that can be told from the end of the output; else empty. */
export function advice(result: RunResult, output: string): string {
  if (result.timedOut && !WANTS_PERSON.test(output)) {
    return "It and all that it started were ended. Give it a longer limit_seconds, or run it with " +
      "background: true.";
  }
  if (result.code === 0) return "";
  if (WANTS_PERSON.test(output.slice(-LOOKED_AT))) {
    return "It wants a terminal, a password or a person's answer, and there is none here: use options " +
      "that need none, or ask the person to run it themselves.";
  }
  if (/network is unreachable|could not resolve|name resolution|not known/i.test(output)) {
    return "If it needs the network, run it with network: true.";
  }
  return "";
}

function endOf({ code, signal, timedOut }: RunResult): string {
  if (timedOut) return "ended at its time limit";
  if (code === null) {
    const meaning = SIGNALS[signal ?? ""];
    return `ended by ${signal ?? "a signal"}${meaning === undefined ? "" : ` (${meaning})`}`;
  }
  const meaning = CODES[code];
  return `exit code ${code}${meaning === undefined ? "" : ` (${meaning})`}`;
}

function heldBy({ sandbox }: RunResult): string {
  return sandbox === "none" ? ", held by no sandbox" : `, held by ${sandbox}`;
}
