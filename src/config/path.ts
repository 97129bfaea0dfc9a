/**
 * Settings by their path: `ai.model`, or `plugin_settings.<plugin>.<name>`.
 * @module
 */
import { configInvalid, unknownField } from "./config_error.ts";
import { accepts, type Field, fieldAt, type FieldValue, PLUGIN_SETTINGS } from "./fields.ts";
import { isMapping } from "./layer.ts";
import type { Config } from "./schema.ts";

/** A segment of a path in `plugin_settings`. */
const NAME = /^(?!__proto__$)[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;
const TRUE = /^(?:true|yes|on|1)$/i;
const FALSE = /^(?:false|no|off|0)$/i;
const NUMBER = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;

/**
 * The segments of a path that may be set: a field's, or one to a plugin's settings.
 * @throws {PyraError} code `config_unknown_field`, with the nearest field
 */
export function parsePath(path: string): [block: string, ...names: string[]] {
  const [block = "", ...names] = path.split(".");
  if (fieldAt(path)) return [block, ...names];
  const known = block === PLUGIN_SETTINGS && (names.length === 1 || names.length === 2) &&
    names.every((name) => NAME.test(name));
  if (!known) throw unknownField(path);
  return [block, ...names];
}

/**
 * The value of a setting; `undefined` if it has none.
 * @throws {PyraError} code `config_unknown_field`, with the nearest field
 */
export function getValue(config: Config, path: string): unknown {
  let value: unknown = config;
  for (const name of parsePath(path)) {
    value = isMapping(value) && Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/**
 * A value as a person types it or a variable holds it: a list with commas or as JSON, a truth value as
 * true, yes, on or 1. A plugin's setting is JSON, or text where it is no JSON.
 * @throws {PyraError} code `config_unknown_field` or `config_invalid`
 */
export function parseFieldText(path: string, text: string): unknown {
  parsePath(path);
  const field = fieldAt(path);
  if (!field) return parseJson(text) ?? text;
  const value = convert(field, text);
  if (!accepts(field, value)) {
    throw configInvalid("the given text", path, `expected ${field.expects}`);
  }
  return value;
}

/** The text as the field's kind, `undefined` where it cannot be. */
export function convert(field: Field, text: string): FieldValue | undefined {
  const word = text.trim();
  switch (field.kind) {
    case "text":
      return text;
    case "boolean":
      return TRUE.test(word) ? true : FALSE.test(word) ? false : undefined;
    case "number":
      return NUMBER.test(word) ? Number(word) : undefined;
    case "list": {
      if (!word.startsWith("[")) {
        return word === "" ? [] : word.split(",").map((item) => item.trim());
      }
      const items = parseJson(word);
      return Array.isArray(items) && items.every((item) => typeof item === "string")
        ? items
        : undefined;
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is what the caller makes of it.
    return undefined;
  }
}
