/**
 * What a command says beside its output.
 * @module
 */
import type { CommandContext } from "./context.ts";
import { oneLine } from "./errors.ts";

/** A sentence on standard error; programs and `--quiet` get none. */
export async function remark(context: CommandContext, sentence: string): Promise<void> {
  const { json, quiet } = context.boot.options;
  if (!json && !quiet) await context.printError(`${oneLine(`pyra: ${sentence}`)}\n`);
}
