/**
 * The part of the composition root that tells which plugins' tools are believed. Nothing is looked up before
 * one of the few answers.
 * @module
 */
import { sameFiles, TRUSTED_TOOLS } from "./guard/trusted_tools.ts";
import type { Kernel } from "./protocol/kernel_calls.ts";

/** Tells whether a tool's results are believed. It is, if it is the one that comes with Pyra. */
export function trustedTools(
  kernel: Pick<Kernel, "call">,
): (tool: string) => boolean | Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (tool) => {
    if (!TRUSTED_TOOLS.has(tool)) return false;
    const [plugin = ""] = tool.split(".");
    const asked = known.get(plugin) ?? isBundled(kernel, plugin);
    known.set(plugin, asked);
    return asked;
  };
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
