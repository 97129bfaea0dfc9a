/**
 * `pyra config …`: computes the new text; the kernel alone writes it.
 * @module
 */
import { FIELDS } from "../config/fields.ts";
import { getValue, parseFieldText } from "../config/path.ts";
import { readTextIfPresent } from "../durable/file.ts";
import { PyraError } from "../protocol/error.ts";
import type { CommandContext } from "./context.ts";
import { knownProvider } from "./known_provider.ts";
import { asShown, oneLine } from "./errors.ts";
import { jsonText, table } from "./output.ts";
import type { Parsed } from "./program.ts";
import type { CommandRunner } from "./runner.ts";

/** The second words of `pyra config`. */
export const CONFIG_COMMANDS: Readonly<Record<string, CommandRunner>> = {
  get,
  set,
  unset,
  edit: async (context) => (await import("./config_edit.ts")).runConfigEdit(context),
  path,
  list,
};

async function get(context: CommandContext, parsed: Parsed): Promise<number> {
  const [key = ""] = parsed.arguments;
  const { config } = await context.loadConfig();
  const value = getValue(config, key);
  if (value === undefined) {
    throw new PyraError("configuration", "config_unset", `${key} has no value`, {
      hint: `give it one with pyra config set ${key} VALUE`,
    });
  }
  await context.print(context.boot.options.json ? jsonText(value) : `${asText(value)}\n`);
  return 0;
}

async function set(context: CommandContext, parsed: Parsed): Promise<number> {
  const [key = "", typed = ""] = parsed.arguments;
  const value = await pluginSetting(context, key, typed) ?? parseFieldText(key, typed);
  if (key === "ai.provider_id") await knownProvider(typed);
  const { setValue } = await import("../config/edit.ts");
  const text = await readTextIfPresent(context.boot.profile.config) ?? "";
  await context.kernel.call("writeConfig", { text: setValue(text, key, value) });
  return await confirm(context, key, value);
}

async function pluginSetting(context: CommandContext, key: string, typed: string) {
  if (!key.startsWith("plugin_settings.")) return undefined;
  const { typedPluginSetting } = await import("./plugin/typed_setting.ts");
  return await typedPluginSetting(context, key, typed);
}

async function unset(context: CommandContext, parsed: Parsed): Promise<number> {
  const [key = ""] = parsed.arguments;
  const { unsetValue } = await import("../config/edit.ts");
  const before = await readTextIfPresent(context.boot.profile.config) ?? "";
  const text = unsetValue(before, key);
  if (text !== before) await context.kernel.call("writeConfig", { text });
  return await confirm(context, key, undefined);
}

/** Says what holds now, which need not be what was written. */
async function confirm(context: CommandContext, key: string, written: unknown): Promise<number> {
  const { json, quiet } = context.boot.options;
  const loaded = await context.loadConfig().catch((thrown) => asShown(thrown));
  if (loaded instanceof PyraError) {
    // Another setting is wrong: whoever mends several one by one must know that this one is kept.
    await context.printError(`pyra: ${key} is saved, but the settings are not right yet\n`);
    throw loaded;
  }
  const { config, sources } = loaded;
  const value = getValue(config, key);
  const source = sources[key];
  if (json) await context.print(jsonText({ key, value: value ?? null, source: source ?? null }));
  else if (!quiet) {
    await context.print(
      value === undefined
        ? `${key} has no value\n`
        : `${key} is ${asText(value) || "empty"} (${source})\n`,
    );
  }
  if (written !== undefined && source === "environment") {
    await context.printError(
      `pyra: the environment decides ${key}; the file's value holds without it\n`,
    );
  }
  return 0;
}

async function path({ boot, print }: CommandContext): Promise<number> {
  const { config } = boot.profile;
  await print(boot.options.json ? jsonText({ path: config }) : `${config}\n`);
  return 0;
}

async function list(context: CommandContext): Promise<number> {
  const { config, sources, warnings } = await context.loadConfig();
  const plugins = Object.keys(sources).filter((key) => key.startsWith("plugin_settings."));
  const keys = [...FIELDS.map((field) => field.path), ...plugins];
  const entries = keys.map((key) => ({
    key,
    value: getValue(config, key),
    source: sources[key],
    description: FIELDS.find((field) => field.path === key)?.description ?? "",
  }));
  if (context.boot.options.json) {
    await context.print(jsonText(Object.fromEntries(
      entries.map(({ key, value, source }) => [key, {
        value: value ?? null,
        source: source ?? null,
      }]),
    )));
  } else {
    const head = [
      { title: "setting" },
      { title: "value", shrinks: true },
      { title: "from", optional: true },
      { title: "meaning", shrinks: true, optional: true },
    ] as const;
    const rows = entries.map(({ key, value, source, description }) => [
      key,
      value === undefined ? "-" : asText(value),
      source ?? "",
      description,
    ]);
    await context.print(table(head, rows, context.columns()));
  }
  for (const warning of warnings) await context.printError(`pyra: ${oneLine(warning)}\n`);
  return 0;
}

/** A value as `pyra config set` takes it. */
function asText(value: unknown): string {
  if (typeof value === "string") return oneLine(value);
  const plain = Array.isArray(value) && value.every((item) => typeof item === "string");
  return plain ? value.join(",") : JSON.stringify(value);
}
