/**
 * Changes one setting in the text of `config.yaml` and leaves every other byte: comments, order,
 * quotes, indentation and line ends. It loads the libraries: import it when it is needed.
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { configInvalid } from "./config_error.ts";
import { accepts, fieldAt } from "./fields.ts";
import { isMapping } from "./layer.ts";
import { parsePath } from "./path.ts";
import { isPlainData } from "./schema.ts";
import { cannotEdit, YamlEdit } from "./yaml_edit.ts";
import { readYaml } from "./yaml_reader.ts";

/** What errors call the text. */
const NAME = "config.yaml";

/**
 * The text with a setting's value changed or added. Other settings may be wrong: this may correct them
 * one by one.
 * @param path a field's, or `plugin_settings.<plugin>[.<name>]`
 * @throws {PyraError} `config_unknown_field`, `config_invalid`, `config_broken` for a text that cannot
 * be read, `config_edit` where the place is written so that only a person can change it
 */
export function setValue(text: string, path: string, value: unknown): string {
  const names = parsePath(path);
  const field = fieldAt(path);
  if (field ? !accepts(field, value) : !isPluginValue(names, value)) {
    throw configInvalid("the new value", path, `expected ${field?.expects ?? PLUGIN_VALUE}`);
  }
  return checked(text, new YamlEdit(readYaml(text, NAME)).set(names, value), names, value);
}

/**
 * The text without a setting, so that the layer below decides it. A block that held nothing else goes
 * with it. A setting that is not there leaves the text as it is.
 * @throws {PyraError} as `setValue`
 */
export function unsetValue(text: string, path: string): string {
  const names = parsePath(path);
  return checked(text, new YamlEdit(readYaml(text, NAME)).unset(names), names, undefined);
}

const PLUGIN_VALUE = "text, numbers and lists, or a mapping of names to them";

/** Whether a plugin's setting can have that value; all settings of one plugin are a mapping. */
function isPluginValue(names: readonly string[], value: unknown): boolean {
  return value !== null && isPlainData(value) && (names.length > 2 || isMapping(value));
}

/** The new text, if it says what it should and nothing else has changed. */
function checked(before: string, after: string, names: readonly string[], value: unknown): string {
  const wanted = withValue(readYaml(before, NAME).data, names, value);
  if (!isDeepStrictEqual(pruned(readYaml(after, NAME).data), pruned(wanted))) {
    throw cannotEdit(names.join("."));
  }
  return after;
}

function withValue(data: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value;
  const content = isMapping(data) ? data : {};
  return { ...content, [name]: withValue(content[name], rest, value) };
}

/** Without what says nothing: empty values and mappings. */
function pruned(value: unknown): unknown {
  if (!isMapping(value)) return value ?? undefined;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, pruned(item)] as const)
    .filter(([, item]) => item !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
