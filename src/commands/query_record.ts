/**
 * Where the questions of a run are written down: `logs/queries.log`, by the kernel.
 * @module
 */
import { WrittenQueries } from "../audit/query_log.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { CommandContext } from "./context.ts";
import { remark } from "./remark.ts";

/** The record of one run; `undefined` if the settings want none. It costs nothing before a question. */
export function queryRecord(
  { kernel }: Pick<CommandContext, "kernel">,
  { security }: Pick<LoadedConfig["config"], "security">,
  surface: string,
): WrittenQueries | undefined {
  if (!security.log_queries) return undefined;
  return new WrittenQueries(async () => {
    const { redact } = await import("../guard/redaction.ts");
    return {
      surface,
      redact,
      write: (line) => kernel.call("log", { to: "queries", line }),
    };
  });
}

/** Waits for the last line, and tells the person if one could not be written. */
export async function endRecord(
  context: CommandContext,
  record: WrittenQueries | undefined,
): Promise<void> {
  await record?.settled();
  for (const notice of record?.notices ?? []) await remark(context, `warning: ${notice}`);
}
