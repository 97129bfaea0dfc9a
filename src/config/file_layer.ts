/**
 * A file that the plain reader gave up on, read with both libraries: either a layer with warnings, or
 * an error that names line and column.
 * @module
 */
import { isMap, isScalar, isSeq, type Pair } from "yaml";
import { configInvalid, shown, suggestion } from "./config_error.ts";
import { BLOCKS, fieldAt, PLUGIN_SETTINGS } from "./fields.ts";
import { isMapping, type Layer, toLayer } from "./layer.ts";
import { ConfigFile } from "./schema.ts";
import { offsetOf, readYaml, type YamlFile } from "./yaml_reader.ts";

/** Names that people give to what belongs into the vault. */
const SECRET_NAME = /key|token|secret|passw/i;

/**
 * A config file's text as a layer. `file` is its name for errors and warnings.
 * @throws {PyraError} code `config_broken` or `config_invalid`
 */
export function readFileLayer(text: string, file: string): Layer {
  const yaml = readYaml(text, file);
  const warnings: string[] = [];
  const known: Record<string, unknown> = {};
  const warn = (path: readonly string[]) => {
    const { line } = yaml.position(offsetOf(nodeAt(yaml, path).pair?.key));
    const name = path.join(".");
    const advice = SECRET_NAME.test(name)
      ? "; keys belong into the vault: `pyra vault set`"
      : suggestion(name);
    warnings.push(`${shown(file)}, line ${line}: there is no setting ${shown(name)}${advice}`);
  };
  for (const [block, content] of Object.entries(yaml.data)) {
    if (!BLOCKS.includes(block)) warn([block]);
    else if (block === PLUGIN_SETTINGS || !isMapping(content)) {
      if (content !== null) known[block] = withoutNulls(content);
    } else {
      const kept: Record<string, unknown> = known[block] = {};
      for (const [name, value] of Object.entries(content)) {
        if (!fieldAt(`${block}.${name}`)) warn([block, name]);
        else if (value !== null) kept[name] = value;
      }
    }
  }
  const parsed = ConfigFile.safeParse(known);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = (issue?.path ?? []).map(String);
    const { item, value } = nodeAt(yaml, path);
    const wrong = item ?? value;
    const { line, column } = yaml.position(offsetOf(wrong));
    const found = isScalar(wrong) ? `, found ${kindOf(wrong.value)}` : "";
    throw configInvalid(
      `${shown(file)}, line ${line}, column ${column}`,
      (item ? path.slice(0, -1) : path).join("."),
      `${issue?.message ?? "expected something else"}${found}`,
    );
  }
  const layer = toLayer(known);
  // The schema and the table name the same fields and limits; a test compares them.
  if (!layer) throw configInvalid(shown(file), "a setting", "expected one of the known settings");
  return { ...layer, warnings };
}

/** A plugin's mapping that is left empty says nothing. */
function withoutNulls(content: unknown): unknown {
  return isMapping(content)
    ? Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null))
    : content;
}

/** What stands at a path: the nearest pair on the way there, its value, and an item of that if it is a list. */
function nodeAt(
  yaml: YamlFile,
  path: readonly string[],
): { pair?: Pair; value?: unknown; item?: unknown } {
  let map: unknown = yaml.root;
  let pair: Pair | undefined;
  for (const name of path) {
    if (isSeq(map)) return { ...(pair && { pair }), value: map, item: map.items[Number(name)] };
    const next: Pair | undefined = isMap(map)
      ? map.items.find(({ key }) => isScalar(key) && key.value === name)
      : undefined;
    if (!next) break;
    [pair, map] = [next, next.value];
  }
  return pair ? { pair, value: pair.value } : {};
}

function kindOf(value: unknown): string {
  if (value === null) return "nothing";
  if (typeof value === "string") return "text";
  return typeof value === "number" ? "a number" : `${value}`;
}
