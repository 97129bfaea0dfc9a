/**
 * What every command is.
 * @module
 */
import type { CommandContext } from "./context.ts";
import type { Parsed } from "./program.ts";

/** A command. What it is given was checked against the table. @returns the exit code */
export type CommandRunner = (context: CommandContext, parsed: Parsed) => Promise<number>;
