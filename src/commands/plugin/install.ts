/**
 * `pyra plugin install`
 * @module
 */
import * as z from "zod/mini";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import type { Parsed } from "../program.ts";
import { confirmEnabled } from "./enabled.ts";
import { readManifest } from "./manifest_text.ts";
import { findSource } from "./source.ts";

/** What was enabled under the name before the kernel asked; the question may have ended that room. */
const Before = z.object({ version: z.string(), hash: z.string() });
const Handed = z.object({ plugin_install: z.nullable(Before) });

/** `pyra plugin install SOURCE`: the kernel shows what the plugin asks for, and asks. */
export async function installPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, kernel } = context;
  const [typed = ""] = parsed.arguments;
  const files = await findSource(context, typed);
  const { name } = readManifest(files);
  const handed = Handed.safeParse(boot.remembered);
  const before = handed.success ? handed.data.plugin_install : await enabledNow(context, name);
  await kernel.call("remember", { state: { plugin_install: before } });
  const record = await kernel.call("installPlugin", { files });
  return await confirmEnabled(context, record, outcome(record, before));
}

async function enabledNow(
  { kernel }: CommandContext,
  name: string,
): Promise<z.infer<typeof Before> | null> {
  const records = await kernel.call("plugins", null);
  const there = records.find((record) => record.name === name && record.state === "enabled");
  return there ? { version: there.version, hash: there.hash } : null;
}

function outcome({ version, hash }: PluginRecord, before: z.infer<typeof Before> | null): string {
  if (before === null) return "is installed and enabled";
  if (before.hash === hash) return "was installed and enabled already";
  return before.version === version
    ? "is installed in place of other files of that version"
    : `is installed in place of ${before.version}`;
}
