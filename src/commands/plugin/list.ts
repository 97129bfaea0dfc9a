/**
 * `pyra plugin list` and `available`.
 * @module
 */
import type { PluginRecord } from "../../protocol/plugin_calls.ts";
import { BUNDLED_PLUGINS, sameFiles } from "../../guard/trusted_tools.ts";
import type { CommandContext } from "../context.ts";
import { jsonText, table } from "../output.ts";
import { newLines } from "./given_lines.ts";
import { remark } from "../remark.ts";

/** Whose a plugin is, by where it lies. */
export const OWNERS: Readonly<Record<PluginRecord["from"], string>> = {
  profile: "yours",
  system: "this machine's",
  dev: "under development",
};

/** `pyra plugin list` */
export async function listPlugins(context: CommandContext): Promise<number> {
  const { boot, kernel, print, columns } = context;
  const records = await kernel.call("plugins", null);
  if (boot.options.json) {
    await print(jsonText(records));
    return 0;
  }
  if (records.length === 0) {
    await remark(context, "no plugin is installed; pyra plugin available lists some");
    return 0;
  }
  const head = [
    { title: "name" },
    { title: "version" },
    { title: "state" },
    { title: "whose", optional: true },
    { title: "what it is", shrinks: true, optional: true },
  ] as const;
  const rows = records.map(({ name, version, state, from, description }) => [
    name,
    version === "" ? "-" : version,
    state,
    OWNERS[from],
    description,
  ]);
  await print(table(head, rows, columns()));
  for (const record of records) await tellProblem(context, record);
  await tellOlder(context, records);
  await tellLimited(context, records);
  return 0;
}

async function tellProblem(context: CommandContext, record: PluginRecord): Promise<void> {
  const { name, state, problem } = record;
  if (state === "changed") {
    const what = newLines(record).length === 0 ? "its files have changed" : "it asks for more";
    await remark(context, `${name} does not start: ${what}; pyra plugin enable ${name} shows it`);
  } else if (problem !== "") await remark(context, `${name}: ${problem}`);
}

/** Of a plugin that comes with Pyra, files other than this Pyra's are believed no more than a stranger's. */
async function tellOlder(
  context: CommandContext,
  records: readonly PluginRecord[],
): Promise<void> {
  const ours = records.filter(({ name, state, from }) =>
    state === "enabled" && from === "profile" && BUNDLED_PLUGINS.has(name)
  );
  if (ours.length === 0) return;
  const { kernel } = context;
  const bundled = await kernel.call("bundledPlugins", null);
  const others: string[] = [];
  for (const { name } of ours) {
    const fresh = bundled.find((one) => one.name === name)?.files ?? [];
    const files = await kernel.call("pluginFiles", { name, under: "" });
    if (!sameFiles(fresh, files)) others.push(name);
  }
  if (others.length === 0) return;
  const verb = others.length === 1 ? "is not the one" : "are not those";
  await remark(
    context,
    `${others.join(", ")} ${verb} of this Pyra; renew: pyra plugin install ${others.join(" ")}`,
  );
}

/** The settings may name fewer plugins than are enabled. */
async function tellLimited(
  context: CommandContext,
  records: readonly PluginRecord[],
): Promise<void> {
  const { config: { plugins: { enabled } } } = await context.loadConfig();
  if (enabled.length === 0) return;
  for (const { name, state } of records) {
    if (state !== "enabled" || enabled.includes(name)) continue;
    await remark(context, `${name} does not start: plugins.enabled in the settings leaves it out`);
  }
}

/** `pyra plugin available` */
export async function listAvailable(context: CommandContext): Promise<number> {
  const { boot, kernel, print, columns } = context;
  const [bundled, installed] = await Promise.all([
    kernel.call("bundledPlugins", null),
    kernel.call("plugins", null),
  ]);
  const plugins = bundled.map(({ name, version, description }) => {
    const there = installed.find((record) => record.name === name);
    return { name, version, description, installed: there?.version ?? null };
  });
  if (boot.options.json) await print(jsonText(plugins));
  else if (plugins.length === 0) await remark(context, "this Pyra comes without plugins");
  else {
    const head = [
      { title: "name" },
      { title: "version" },
      { title: "installed", optional: true },
      { title: "what it is", shrinks: true },
    ] as const;
    const rows = plugins.map(({ name, version, installed, description }) => [
      name,
      version,
      installed ?? "no",
      description,
    ]);
    await print(table(head, rows, columns()));
  }
  return 0;
}
