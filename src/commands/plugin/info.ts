/**
 * `pyra plugin info`: what a plugin is, what it gives, what it may do.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import type { PluginDescription, PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { firstSentence } from "../first_sentence.ts";
import { byteText, jsonText } from "../output.ts";
import type { Parsed } from "../program.ts";
import { describe, type Described, findPlugin } from "./described.ts";
import { factRows } from "./fact_rows.ts";
import { givenLines, grantLines, newLines } from "./given_lines.ts";
import { OWNERS } from "./list.ts";

/** `pyra plugin info NAME` */
export async function showPlugin(context: CommandContext, parsed: Parsed): Promise<number> {
  const { boot, kernel, print } = context;
  const record = await findPlugin(context, parsed.arguments[0] ?? "");
  const { name } = record;
  // One that is not enabled is not started.
  const described = record.state === "enabled" ? await describe(context, record) : undefined;
  const secrets = record.state === "broken" ? [] : await kernel.call("pluginSecrets", { name });
  const size = await kernel.call("pluginDataSize", { name });
  if (boot.options.json) {
    await print(jsonText({
      ...record,
      gives: described?.kind === "described" ? described.description : null,
      error: described?.kind === "broken" ? described.error.report() : null,
      secrets_set: secrets,
      data_bytes: size,
    }));
    return 0;
  }
  const columns = context.columns();
  await print(factRows(rowsOf(record, described, { secrets, size }), columns));
  if (described?.kind === "described") {
    const { config } = await context.loadConfig();
    const details = detailRows(described.description, config.plugin_settings[name] ?? {});
    if (details.length > 0) await print(`\n${factRows(details, columns)}`);
  }
  return 0;
}

function rowsOf(
  record: PluginRecord,
  described: Described | undefined,
  { secrets, size }: { readonly secrets: readonly string[]; readonly size: number },
): string[][] {
  const { name, version, description, state, problem, from, wishes } = record;
  const listed = (title: string, lines: readonly string[]) =>
    lines.map((line, index) => [index === 0 ? title : "", line]);
  const may = state === "broken" ? [] : grantLines(wishes);
  return [
    ["name", name],
    ...(version === "" ? [] : [["version", version]]),
    ...(description === "" ? [] : [["description", description]]),
    ["state", state],
    ["whose", OWNERS[from]],
    ...(problem === "" ? [] : [["problem", problem]]),
    ...listed(state === "enabled" ? "may" : "asks to", may.length > 0 ? may : ["compute only"]),
    ...(state === "changed" ? listed("new", newLines(record)) : []),
    ...listed(
      "secrets",
      Object.entries(wishes.secrets).map(([key, { label }]) =>
        `${key} (${label}): ${secrets.includes(key) ? "set" : "not set"}`
      ),
    ),
    ...(size === 0 ? [] : [["keeps", `${byteText(size)} in data/${name}`]]),
    ...(described?.kind === "described"
      ? listed("gives", givenLines(name, described.description))
      : []),
    ...(described?.kind === "broken" ? [["does not start", described.error.message]] : []),
    ...(state === "enabled" ? [] : [["", `pyra plugin enable ${name} lets it start`]]),
  ];
}

/** The tools, commands and settings, each with what the plugin says of it, and what is set. */
function detailRows(
  { tools, commands, configFields }: PluginDescription,
  set: Readonly<Record<string, unknown>>,
): string[][] {
  const settings = configFields.filter(({ kind }) => kind !== "secret");
  return [
    ...tools.map(({ name, description }) => [name, oneLine(firstSentence(description), 160)]),
    ...commands.map(({ name, usage, description }) => [
      `/${name} ${usage}`.trim(),
      oneLine(description, 160),
    ]),
    ...settings.map(({ key, label, default: usual }) => [
      `setting ${key}`,
      `${label}: ${valueText(set[key] ?? usual)}`,
    ]),
  ];
}

function valueText(value: unknown): string {
  if (value === null || value === undefined || value === "") return "not set";
  return oneLine(Array.isArray(value) ? value.join(", ") : String(value), 160);
}
