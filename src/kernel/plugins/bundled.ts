/**
 * The plugins that come with Pyra: a file of texts that `.build/plugins.ts` makes, beside the compiled
 * program's own or in `dist/`.
 * @module
 */
import type { BundledPlugin } from "../../protocol/plugin_calls.ts";
import { KernelError } from "../error.ts";

/** Reads them. @param entries the folder of the rooms' entries @throws {KernelError} `no_such_plugin` */
export async function bundledPlugins(entries: URL): Promise<readonly BundledPlugin[]> {
  const isSource = import.meta.url.endsWith(".ts");
  const file = new URL(isSource ? "../../dist/plugins.json" : "../../plugins.json", entries);
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (cause) {
    const hint = isSource ? "make them with deno task plugins" : "install Pyra anew";
    throw new KernelError("no_such_plugin", "the bundled plugins are not there", hint, cause);
  }
}
