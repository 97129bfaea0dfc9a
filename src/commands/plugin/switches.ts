/**
 * `pyra plugin enable`, `disable` and `remove`.
 * @module
 */
import { KeptListings } from "../../mcp/kept_listings.ts";
import { DescriptionCache } from "../../plugins/description_cache.ts";
import type { CommandContext } from "../context.ts";
import { oneLine } from "../errors.ts";
import { isOn } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { forgetRulesOf } from "../stored_rules.ts";
import { findPlugin } from "./described.ts";
import { confirmEnabled } from "./enabled.ts";

/** `pyra plugin enable NAME`: the kernel shows what the plugin asks for, and asks. */
export async function enablePlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { name, state } = await findPlugin(context, parsed.arguments[0] ?? "");
  const record = await context.kernel.call("enablePlugin", { name });
  const what = state === "enabled" ? "was enabled already" : "is enabled";
  return await confirmEnabled(context, record, what);
}

/** `pyra plugin disable NAME` */
export async function disablePlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { name } = await findPlugin(context, parsed.arguments[0] ?? "");
  const record = await context.kernel.call("disablePlugin", { name });
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText(record));
  else if (!quiet) await context.print(`${name} is disabled; its files and data stay\n`);
  return 0;
}

/** `pyra plugin remove NAME [--data]` */
export async function removePlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { name } = await findPlugin(context, parsed.arguments[0] ?? "");
  const withData = isOn(parsed.options, "--data");
  await context.kernel.call("removePlugin", { name });
  await new DescriptionCache(context.boot.profile.cache).forget(name);
  await new KeptListings(context.boot.profile.cache).forget(name);
  const rules = await forgetRulesOf(context, name);
  const { json, quiet } = context.boot.options;
  if (json) await context.print(jsonText({ removed: name, data: withData, rules }));
  else if (!quiet) {
    await context.print(
      withData
        ? `${name} and what it had stored are removed\n`
        : `${name} is removed; what it has stored stays (--data)\n`,
    );
    for (const rule of rules) await context.print(`forgotten: ${oneLine(rule)}\n`);
  }
  return 0;
}
