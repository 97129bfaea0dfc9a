/**
 * `pyra plugin install`
 * @module
 */
import type { CommandContext } from "../context.ts";
import type { Parsed } from "../program.ts";
import { confirmEnabled } from "./enabled.ts";
import { findSource } from "./source.ts";

/** `pyra plugin install SOURCE`: the kernel shows what the plugin asks for, and asks. */
export async function installPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const [typed = ""] = parsed.arguments;
  const files = await findSource(context, typed);
  const record = await context.kernel.call("installPlugin", { files });
  return await confirmEnabled(context, record, "is installed and enabled");
}
