/**
 * The refusal of a name that no tool has.
 * @module
 */
import { nearest } from "../../config/nearest.ts";
import type { PyraError } from "../../protocol/error.ts";
import type { ToolRegistry } from "../../tools/registry.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";

/** Says how to get a plugin's tool whose plugin does not start, or names the nearest of those there are. */
export async function noSuchTool(
  { kernel }: Pick<CommandContext, "kernel">,
  name: string,
  registry: ToolRegistry,
): Promise<PyraError> {
  const near = registry.near(name)?.name ?? nearest(name, registry.list().map((one) => one.name));
  const hint = near === undefined
    ? await pluginHint(kernel, name.split(".")[0] ?? "")
    : `did you mean ${near}?`;
  return usageError(`there is no tool "${oneLine(name)}"`, hint);
}

async function pluginHint(kernel: CommandContext["kernel"], plugin: string): Promise<string> {
  const [records, bundled] = await Promise.all([
    kernel.call("plugins", null),
    kernel.call("bundledPlugins", null),
  ]);
  const record = records.find(({ name }) => name === plugin);
  if (record !== undefined && record.state !== "enabled") {
    return `the plugin ${plugin} is ${record.state}: pyra plugin enable ${plugin}`;
  }
  if (record === undefined && bundled.some(({ name }) => name === plugin)) {
    return `the plugin ${plugin} is not installed: pyra plugin install ${plugin}`;
  }
  return "pyra tools list shows them";
}
