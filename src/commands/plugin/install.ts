/**
 * `pyra plugin install`
 * @module
 */
import * as z from "zod/mini";
import { EXIT } from "../../protocol/error.ts";
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import type { Parsed } from "../program.ts";
import { usageError } from "../errors.ts";
import { confirmEnabled } from "./enabled.ts";
import { readManifest } from "./manifest_text.ts";
import { findSource } from "./source.ts";

/** What was enabled under the name before the kernel asked; the question may have ended that room. */
const Before = z.object({ version: z.string(), hash: z.string() });
type Enabled = z.infer<typeof Before> | null;
const Handed = z.object({ plugin_install: z.nullable(Before) });
/** Of several, those of which was said what became of them. */
const HandedDone = z.object({ plugins_done: z.array(z.string()) });

/** `pyra plugin install SOURCE…`: for each the kernel shows what the plugin asks for, and asks. */
export async function installPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot } = context;
  const sources = [...new Set(parsed.arguments)];
  if (sources.length > 1) await refuseOthers(context, sources);
  const handed = Handed.safeParse(boot.remembered);
  let before = handed.success ? handed.data.plugin_install : undefined;
  let done = HandedDone.safeParse(boot.remembered).data?.plugins_done ?? [];
  let code: number = EXIT.done;
  for (const source of sources) {
    if (done.includes(source)) continue;
    code = Math.max(code, await installOne(context, source, { before, done }));
    before = undefined;
    done = [...done, source];
  }
  return code;
}

async function installOne(
  context: CommandContext,
  source: string,
  { before: handed, done }: { before: Enabled | undefined; done: string[] },
): Promise<number> {
  const { kernel } = context;
  const files = await findSource(context, source);
  const { name } = readManifest(files);
  const before = handed === undefined ? await enabledNow(context, name) : handed;
  await kernel.call("remember", { state: { plugin_install: before, plugins_done: done } });
  const record = await kernel.call("installPlugin", { files });
  return await confirmEnabled(context, record, outcome(record, before));
}

/** Of several each is one that comes with Pyra: a path that was typed is granted as the only one. */
async function refuseOthers({ kernel }: CommandContext, sources: readonly string[]): Promise<void> {
  const names = (await kernel.call("bundledPlugins", null)).map(({ name }) => name);
  const other = sources.find((source) => !names.includes(source));
  if (other === undefined) return;
  throw usageError(
    `several at once are plugins that come with Pyra, and ${other} is none`,
    "install it alone; pyra plugin available lists those that come with Pyra",
  );
}

async function enabledNow(
  { kernel }: CommandContext,
  name: string,
): Promise<Enabled> {
  const records = await kernel.call("plugins", null);
  const there = records.find((record) => record.name === name && record.state === "enabled");
  return there ? { version: there.version, hash: there.hash } : null;
}

function outcome({ version, hash }: PluginRecord, before: Enabled): string {
  if (before === null) return "is installed and enabled";
  if (before.hash === hash) return "was installed and enabled already";
  return before.version === version
    ? "is installed in place of other files of that version"
    : `is installed in place of ${before.version}`;
}
