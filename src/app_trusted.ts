/**
 * The part of the composition root that tells which plugins are those that come with Pyra, and which tools
 * are believed. Nothing is looked up before the first call of one that has such a name.
 * @module
 */
import { BUNDLED_PLUGINS, sameFiles, TRUSTED_TOOLS } from "./guard/trusted_tools.ts";
import type { Kernel } from "./protocol/kernel_calls.ts";

/** Tells whether a plugin is the one that comes with Pyra, as the person agreed to it. */
export type IsBundled = (plugin: string) => boolean | Promise<boolean>;

/** Looks each plugin up once. */
export function bundledCheck(kernel: Pick<Kernel, "call">): IsBundled {
  const known = new Map<string, Promise<boolean>>();
  return (plugin) => {
    if (!BUNDLED_PLUGINS.has(plugin)) return false;
    const asked = known.get(plugin) ?? isBundled(kernel, plugin);
    known.set(plugin, asked);
    return asked;
  };
}

/** Tells whether a tool's results are believed: those of a short list are, of plugins that come with Pyra. */
export function trustedTools(isBundled: IsBundled): (tool: string) => boolean | Promise<boolean> {
  return (tool) => TRUSTED_TOOLS.has(tool) && isBundled(tool.split(".")[0] ?? "");
}

/** Whether what runs under that name are the files that come with Pyra. Never rejects. */
async function isBundled(kernel: Pick<Kernel, "call">, name: string): Promise<boolean> {
  try {
    const [all, agreed] = await Promise.all([
      kernel.call("bundledPlugins", null),
      kernel.call("pluginFiles", { name, under: "" }),
    ]);
    return sameFiles(all.find((one) => one.name === name)?.files ?? [], agreed);
  } catch {
    // What cannot be compared is not believed.
    return false;
  }
}
