/**
 * The command line: reads the words, runs the command, and turns what went wrong into one line and an
 * exit code.
 * @module
 */
import type { CommandContext } from "./context.ts";

/** Runs the command that `boot.argv` names. Never throws. @returns the process's exit code */
export function runCommand(context: CommandContext): Promise<number> {
  return context.printError("pyra: nothing here yet\n").then(() => 1);
}
