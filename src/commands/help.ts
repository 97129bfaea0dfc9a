/**
 * `pyra help` and `pyra version`.
 * @module
 */
import type { NamedCommand } from "./command_entry.ts";
import type { CommandContext } from "./context.ts";
import { resolveHelp } from "./invocation.ts";
import type { Parsed } from "./program.ts";
import { COMMANDS } from "./table.ts";
import { GLOBAL_OPTIONS } from "./table_options.ts";

/** The width of help that goes into a pipe or a file. */
const PLAIN_COLUMNS = 80;

/** Prints the help of a command, or of Pyra; with `--json` the command table itself. */
export async function printHelp(
  context: CommandContext,
  named: NamedCommand | undefined,
): Promise<number> {
  if (context.boot.options.json) {
    const content = named?.entry ?? { global_options: GLOBAL_OPTIONS, commands: COMMANDS };
    await context.print(`${JSON.stringify(content, undefined, 2)}\n`);
    return 0;
  }
  const { helpText } = await import("./program.ts");
  await context.print(helpText(named, context.columns() ?? PLAIN_COLUMNS));
  return 0;
}

/** `pyra help [COMMAND…]` */
export function runHelp(context: CommandContext, parsed: Parsed): Promise<number> {
  return printHelp(context, resolveHelp(parsed.arguments));
}

/** `pyra version` */
export async function runVersion({ boot, print }: CommandContext): Promise<number> {
  const { version, os, options } = boot;
  await print(options.json ? `${JSON.stringify({ version, os })}\n` : `pyra ${version}\n`);
  return 0;
}
