/**
 * One source of settings, and how several of them become the settings in force.
 * @module
 */
import {
  accepts,
  BLOCKS,
  fieldAt,
  FIELDS,
  type FieldValue,
  PLUGIN_SETTINGS,
  splitPath,
} from "./fields.ts";
import type { Config } from "./schema.ts";

/** Where a setting's value came from. */
export type Source = "environment" | "profile" | "system" | "default";

/** By plugin and name. */
export type PluginSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What one source says. Every value is one that its field takes. */
export interface Layer {
  /** By path, such as `ai.model`. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  readonly pluginSettings: PluginSettings;
  /** One sentence each. */
  readonly warnings: readonly string[];
}

/** A source that says nothing. */
export const EMPTY_LAYER: Layer = { fields: new Map(), pluginSettings: {}, warnings: [] };

/** Whether a value is a mapping. */
export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The content of a file as a layer, or `undefined` if anything in it is unknown or not as it should
 * be. An empty value (`model:`) means that the file does not say.
 */
export function toLayer(data: Readonly<Record<string, unknown>>): Layer | undefined {
  const fields = new Map<string, FieldValue>();
  const pluginSettings: Record<string, Record<string, unknown>> = {};
  for (const [block, content] of Object.entries(data)) {
    if (!BLOCKS.includes(block)) return undefined;
    if (content === null) continue;
    if (!isMapping(content)) return undefined;
    for (const [name, value] of Object.entries(content)) {
      if (block === PLUGIN_SETTINGS) {
        if (value === null) continue;
        if (!isMapping(value)) return undefined;
        pluginSettings[name] = value;
      } else {
        const field = fieldAt(`${block}.${name}`);
        if (!field) return undefined;
        if (value === null) continue;
        if (!accepts(field, value)) return undefined;
        fields.set(field.path, value);
      }
    }
  }
  return { fields, pluginSettings, warnings: [] };
}

/** The settings in force: the first layer that has a value for a setting decides it. */
export function mergeLayers(
  layers: readonly (readonly [Source, Layer])[],
): { config: Config; sources: Record<string, Source> } {
  const sources: Record<string, Source> = {};
  const blocks: Record<string, Record<string, unknown>> = {};
  for (const field of FIELDS) {
    const [block, name] = splitPath(field.path);
    const content = blocks[block] ??= {};
    const [source, layer] = layers.find(([, layer]) => layer.fields.has(field.path)) ?? [];
    const value = layer ? layer.fields.get(field.path) : field.default;
    if (value === undefined) continue;
    content[name] = value;
    sources[field.path] = source ?? "default";
  }
  const pluginSettings: Record<string, Record<string, unknown>> = {};
  for (const [source, layer] of layers.toReversed()) {
    for (const [plugin, settings] of Object.entries(layer.pluginSettings)) {
      const content = pluginSettings[plugin] ??= {};
      for (const [name, value] of Object.entries(settings)) {
        content[name] = value;
        sources[`${PLUGIN_SETTINGS}.${plugin}.${name}`] = source;
      }
    }
  }
  // Each value has been checked against its field, and a test compares the table with the type.
  return { config: { ...blocks, [PLUGIN_SETTINGS]: pluginSettings } as unknown as Config, sources };
}

/** The settings where no source says anything. */
export const DEFAULTS: Config = mergeLayers([]).config;
