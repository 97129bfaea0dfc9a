/**
 * What a plugin gives, learned when it is enabled so that a chat need not start it.
 * @module
 */
import { describePlugin } from "../../plugins/catalogue.ts";
import { KeptListings } from "../../mcp/kept_listings.ts";
import { DescriptionCache } from "../../plugins/description_cache.ts";
import { kernelRooms } from "../../plugins/rooms.ts";
import type { PluginDescription, PluginRecord } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { asShown } from "../errors.ts";
import type { PyraError } from "../../protocol/error.ts";

/** What a plugin gives, or why it does not start. */
export type Described =
  | { readonly kind: "described"; readonly description: PluginDescription }
  | { readonly kind: "broken"; readonly error: PyraError };

/** Asks an enabled plugin what it gives; what is kept from an earlier time does. */
export async function describe(
  context: CommandContext,
  record: PluginRecord,
  { anew = false }: { readonly anew?: boolean } = {},
): Promise<Described> {
  const ports = {
    rooms: kernelRooms(context.kernel),
    cache: new DescriptionCache(context.boot.profile.cache),
  };
  try {
    // Its servers are asked anew, too, when their tools are needed.
    if (anew) await new KeptListings(context.boot.profile.cache).forget(record.name);
    const kept = anew ? undefined : await ports.cache.read(record);
    return {
      kind: "described",
      description: kept ?? await describePlugin(ports, record, context.signal),
    };
  } catch (thrown) {
    context.signal.throwIfAborted();
    const error = asShown(thrown);
    await ports.rooms.report(record.name, error.message);
    return { kind: "broken", error };
  }
}

/** The plugin of that name. @throws {PyraError} `no_such_plugin`, with the nearest name */
export async function findPlugin(context: CommandContext, name: string): Promise<PluginRecord> {
  const records = await context.kernel.call("plugins", null);
  const record = records.find((one) => one.name === name);
  if (record) return record;
  const { noSuchPlugin } = await import("./unknown_plugin.ts");
  const bundled = await context.kernel.call("bundledPlugins", null);
  const namesOf = (all: readonly { readonly name: string }[]) => all.map((one) => one.name);
  throw noSuchPlugin(name, namesOf(records), namesOf(bundled));
}
