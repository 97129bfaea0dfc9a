/**
 * A setting of a plugin as a person types it for `pyra config set`, held to what the plugin declares.
 * @module
 */
import { DescriptionCache } from "../../plugins/description_cache.ts";
import { checkSetting, type SettingField, typedSetting } from "../../plugins/settings.ts";
import { jsonOf } from "../../protocol/foreign_text.ts";
import type { Json } from "../../protocol/plugin.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { nearest } from "../nearest.ts";

/** What begins the paths of plugins' settings. */
const PREFIX = "plugin_settings.";

/**
 * The value as the plugin takes it; `undefined` where nothing is known of it: the path is none of a
 * plugin's setting, or the plugin is not enabled, or was never started.
 * @throws {PyraError} `usage` for a setting that it does not have, or a value that it does not take
 */
export async function typedPluginSetting(
  { kernel, boot }: Pick<CommandContext, "kernel" | "boot">,
  path: string,
  typed: string,
): Promise<Json | undefined> {
  const [name, key = "", ...inside] = path.startsWith(PREFIX)
    ? path.slice(PREFIX.length).split(".")
    : [];
  if (name === undefined) return undefined;
  const records = await kernel.call("plugins", null);
  const record = records.find((one) => one.name === name && one.state === "enabled");
  if (record === undefined) return undefined;
  const fields = (await new DescriptionCache(boot.profile.cache).read(record))?.configFields;
  if (fields === undefined) return undefined;
  // Most values are typed as they are, and are no JSON.
  const given = jsonOf(typed);
  if (key === "") {
    const all = isRecord(given) ? Object.entries(given) : [];
    // What is no mapping the settings themselves refuse.
    for (const [own, value] of all) checked(record.name, fields, own, value);
    return undefined;
  }
  const isList = Array.isArray(given);
  return checked(name, fields, [key, ...inside].join("."), isList ? given : undefined, typed);
}

/** @param typed what stands in the place of a value that is not given as JSON */
function checked(
  plugin: string,
  fields: readonly SettingField[],
  key: string,
  given: unknown,
  typed?: string,
): Json {
  const field = fields.find((one) => one.key === key);
  if (field === undefined) throw noSuchSetting(plugin, key, fields);
  const { kind, label, description } = field;
  if (kind === "secret") {
    const hint = `secrets go to the vault: pyra plugin setup ${plugin} --secret ${key}`;
    throw usageError(`${key} of ${plugin} is a secret`, hint);
  }
  const setting = given === undefined
    ? typedSetting(field, typed ?? "")
    : checkSetting(field, given);
  if (setting.kind === "value") return setting.value;
  const shown = oneLine(typed ?? JSON.stringify(given) ?? "").slice(0, 60);
  throw usageError(
    `${PREFIX}${plugin}.${key} has to be ${setting.expects}, not ${shown}`,
    oneLine(description === "" ? label : description),
  );
}

function noSuchSetting(plugin: string, key: string, fields: readonly SettingField[]): Error {
  const keys = fields.filter(({ kind }) => kind !== "secret").map((field) => field.key);
  const near = nearest(key, keys);
  if (keys.length === 0) throw usageError(`${plugin} has no settings`, "nothing was changed");
  const message = `${plugin} has no setting ${oneLine(key).slice(0, 60)}`;
  return usageError(
    message,
    near === undefined
      ? `pyra plugin info ${plugin} shows what it has`
      : `did you mean ${PREFIX}${plugin}.${near}? pyra plugin info ${plugin} shows all`,
  );
}
