/**
 * The plugins that come with Pyra: texts beside the compiled program's modules.
 * @module
 */
import { fileURLToPath } from "node:url";
import type { BundledPlugin } from "../../protocol/plugin_calls.ts";
import { KernelError } from "../error.ts";

/** The bundled plugins, by name. @param entries the folder of the rooms' entries */
export async function bundledPlugins(entries: URL): Promise<readonly BundledPlugin[]> {
  const isCompiled = !import.meta.url.endsWith(".ts");
  if (!isCompiled) await bundle(new URL("../../.build/plugins.ts", entries));
  const file = new URL(`../../${isCompiled ? "" : "dist/"}plugins.json`, entries);
  return JSON.parse(await Deno.readTextFile(file));
}

/** From source they are bundled when they are asked for. @throws {KernelError} `program` */
async function bundle(script: URL): Promise<void> {
  const rights = ["--allow-read", "--allow-write", "--allow-env", "--allow-run"];
  const args = ["run", "--quiet", "--no-prompt", ...rights, fileURLToPath(script)];
  // What was secret in the environment has been taken out of it.
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, stdin: "null" })
    .output();
  if (code === 0) return;
  const cause = new TextDecoder().decode(stderr).slice(-2_000);
  const hint = "run deno task compile, which says why";
  throw new KernelError("program", "the plugins of this source cannot be bundled", hint, cause);
}
