/**
 * The plugins that are enabled, and what they give. A broken one is logged, told of once, and left out;
 * it never keeps another one, or the chat, from starting.
 * @module
 */
import type { PluginDescription, PluginRecord } from "../protocol/plugin_calls.ts";
import type { DescriptionCache } from "./description_cache.ts";
import { type PluginRooms, problemOf } from "./rooms.ts";

/** A plugin that is enabled. */
export interface DescribedPlugin {
  readonly record: PluginRecord;
  readonly description: PluginDescription;
}

/** The enabled plugins. */
export interface Catalogue {
  /** In the order of their names. */
  readonly plugins: readonly DescribedPlugin[];
  /** What the person should be told, one sentence each. */
  readonly notices: readonly string[];
}

/** What the catalogue needs. */
export interface CataloguePorts {
  readonly rooms: PluginRooms;
  readonly cache: DescriptionCache;
}

/** A plugin that has to be started to be described may take so long, ms. */
const DESCRIBE_LIMIT_MS = 15_000;

/**
 * The enabled plugins and what they give; none is started whose description is kept.
 * @param only where it is not empty, plugins that are not in it are left out (`plugins.enabled`)
 * @throws the signal's reason; what the kernel's list of plugins throws
 */
export async function loadCatalogue(
  { rooms, cache }: CataloguePorts,
  { only, signal }: { readonly only: readonly string[]; readonly signal: AbortSignal },
): Promise<Catalogue> {
  const records = await rooms.plugins();
  signal.throwIfAborted();
  const wanted = only.length === 0 ? records : records.filter(({ name }) => only.includes(name));
  const missing = only.filter((name) => !records.some((record) => record.name === name));
  const notices = [
    ...missing.map((name) => `there is no plugin ${name}, which plugins.enabled names`),
    ...wanted.flatMap(noticeOf),
  ];
  const enabled = wanted.filter(({ state }) => state === "enabled")
    .sort((one, other) => one.name < other.name ? -1 : 1);
  const described = await Promise.all(enabled.map(async (record) => {
    try {
      const description = await cache.read(record) ??
        await describePlugin({ rooms, cache }, record, signal);
      return [{ record, description }];
    } catch (thrown) {
      signal.throwIfAborted();
      const problem = problemOf(thrown);
      await rooms.report(record.name, problem);
      notices.push(`the plugin ${record.name} is left out: ${problem}`);
      return [];
    }
  }));
  return { plugins: described.flat(), notices };
}

/**
 * Starts a plugin to hear what it gives, and keeps that: when it was enabled, and when nothing is kept.
 * @throws {PyraError} `bad_description`, and what calls of plugins throw; the signal's reason
 */
export async function describePlugin(
  { rooms, cache }: CataloguePorts,
  record: PluginRecord,
  signal: AbortSignal,
): Promise<PluginDescription> {
  const { name } = record;
  const said = await rooms.call(
    { plugin: name, method: "describe", params: {}, limitMs: DESCRIBE_LIMIT_MS },
    { signal },
  );
  const { readDescription } = await import("./description.ts");
  const description = readDescription(said, name);
  await cache.write(record, description);
  return description;
}

function noticeOf({ name, state, problem }: PluginRecord): string[] {
  if (state === "changed") {
    return [
      `the plugin ${name} is not what you agreed to any more, and is left out: ` +
      `pyra plugin enable ${name} shows what is new`,
    ];
  }
  return state === "broken" ? [`the plugin ${name} is broken: ${problem}`] : [];
}
