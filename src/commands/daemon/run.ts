/**
 * `pyra daemon run`: stays, and keeps running what outlives a terminal.
 * @module
 */
import type { CommandContext } from "../context.ts";

/** Runs the daemon's tasks until the daemon ends. @returns the exit code */
export async function runDaemon(context: CommandContext): Promise<number> {
  return await context.runDaemon();
}
