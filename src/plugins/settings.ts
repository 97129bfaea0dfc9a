/**
 * The settings that a plugin declares: their values with defaults, checked. Secrets are not among them:
 * those are the kernel's.
 * @module
 */
import { isPlain, oneLine } from "../protocol/foreign_text.ts";
import type { Json } from "../protocol/plugin.ts";
import type { PluginDescription } from "../protocol/plugin_calls.ts";

/** A setting that a plugin declares. */
export type SettingField = PluginDescription["configFields"][number];

/** A value, or what it should have been. */
export type SettingValue =
  | { readonly kind: "value"; readonly value: Json }
  /** To follow "expected": `a number`. */
  | { readonly kind: "wrong"; readonly expects: string };

/** The settings in force. */
export interface PluginSettings {
  readonly values: Readonly<Record<string, Json>>;
  /** What was given and is not right, or is missing; one sentence each. */
  readonly problems: readonly string[];
}

/** UTF-16 units of a text, entries of a list. */
const TEXT_UNITS = 4_000;
const LIST_ENTRIES = 200;

/** The values of a plugin's settings; what is missing or wrong has its default. */
export function settingValues(
  plugin: string,
  fields: readonly SettingField[],
  given: Readonly<Record<string, unknown>>,
): PluginSettings {
  const values: Record<string, Json> = {};
  const problems: string[] = [];
  for (const field of fields) {
    if (field.kind === "secret") continue;
    const { key, required, default: usual } = field;
    const path = `plugin_settings.${plugin}.${key}`;
    const own = Object.hasOwn(given, key) ? given[key] : undefined;
    values[key] = usual;
    if (own === undefined || own === null) {
      if (required && usual === null) {
        problems.push(`${path} is not set; pyra plugin setup ${plugin} asks for it`);
      }
      continue;
    }
    const checked = checkSetting(field, own);
    if (checked.kind === "value") values[key] = checked.value;
    else problems.push(`${path}: expected ${checked.expects}`);
  }
  return { values, problems };
}

/** Whether a value, which may be anything, is one for that setting. */
export function checkSetting(field: SettingField, value: unknown): SettingValue {
  switch (field.kind) {
    case "text":
    case "secret":
      return typeof value === "string" && value.length <= TEXT_UNITS && isPlain(value)
        ? { kind: "value", value }
        : wrong(`one line of text, ${TEXT_UNITS} characters at most`);
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? { kind: "value", value }
        : wrong("a number");
    case "bool":
      return typeof value === "boolean" ? { kind: "value", value } : wrong("true or false");
    case "select":
      return typeof value === "string" && field.options.includes(value)
        ? { kind: "value", value }
        : wrong(`one of ${oneLine(field.options.join(", "), 300)}`);
    case "list":
      return isTextList(value)
        ? { kind: "value", value }
        : wrong(`a list of texts, ${LIST_ENTRIES} at most`);
  }
}

/** A setting as a person types it: a list with commas, a truth value as true, yes or on. */
export function typedSetting(field: SettingField, text: string): SettingValue {
  const typed = text.trim();
  switch (field.kind) {
    case "number":
      return checkSetting(field, typed === "" ? Number.NaN : Number(typed));
    case "bool":
      if (/^(?:true|yes|y|on|1)$/i.test(typed)) return { kind: "value", value: true };
      if (/^(?:false|no|n|off|0)$/i.test(typed)) return { kind: "value", value: false };
      return wrong("yes or no");
    case "list":
      return checkSetting(
        field,
        typed.split(",").map((entry) => entry.trim()).filter((entry) => entry !== ""),
      );
    case "text":
    case "select":
    case "secret":
      return checkSetting(field, typed);
  }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= LIST_ENTRIES &&
    value.every((entry) =>
      typeof entry === "string" && entry.length <= TEXT_UNITS && isPlain(entry)
    );
}

function wrong(expects: string): SettingValue {
  return { kind: "wrong", expects };
}
