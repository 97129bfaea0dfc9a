/**
 * `pyra plugin grants`: what a plugin may do, and the addresses it may reach beside its manifest's.
 * @module
 */
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { listOf } from "../option_values.ts";
import { jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { remark } from "../remark.ts";
import { findPlugin } from "./described.ts";
import { factLines } from "./fact_rows.ts";
import { grantLines } from "./given_lines.ts";

/** `pyra plugin grants NAME [--add ORIGIN] [--remove ORIGIN]` */
export async function changeGrants(context: CommandContext, parsed: Parsed): Promise<number> {
  const add = listOf(parsed.options, "--add").map(originOf);
  const remove = listOf(parsed.options, "--remove").map(originOf);
  let record = await findPlugin(context, parsed.arguments[0] ?? "");
  const { name } = record;
  for (const origin of remove) {
    // Taken back twice, should the room begin anew for a question after it, is taken back.
    record = await context.kernel.call("changePluginHost", { name, origin, change: "remove" });
  }
  for (const origin of add) {
    if (record.wishes.addedHosts.includes(origin)) continue;
    record = await context.kernel.call("changePluginHost", { name, origin, change: "add" });
  }
  return await show(context, record);
}

async function show(context: CommandContext, record: PluginRecord): Promise<number> {
  const { boot, print } = context;
  const { name, state, wishes } = record;
  if (boot.options.json) {
    await print(jsonText({ name, state, grants: wishes }));
    return 0;
  }
  const lines = grantLines(wishes);
  const may = state === "enabled" ? "may" : "asks to";
  if (lines.length === 0) await print(`${name} ${may} compute, and keep files of its own\n`);
  else await print(`beside keeping files of its own, ${name} ${may}\n`);
  await print(factLines(lines, context.columns()));
  if (state !== "enabled") {
    await remark(context, `${name} is ${state}: nothing of this holds until it is enabled`);
  }
  return 0;
}

/** An address as an origin: what people type has a slash at its end. @throws {PyraError} `usage` */
function originOf(typed: string): string {
  const url = URL.parse(typed);
  if (url && /^https?:$/.test(url.protocol) && /^\/?$/.test(url.pathname) && url.search === "") {
    return url.origin;
  }
  throw usageError(`${oneLine(typed)} is no origin`, "write https://host, or http://host:port");
}
