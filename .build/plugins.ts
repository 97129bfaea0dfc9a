/**
 * Bundles each plugin that comes with Pyra into one module, and writes them all as texts.
 *
 *     deno run --allow-read --allow-write --allow-env --allow-run .build/plugins.ts [--output FILE]
 *
 * The compiled program carries the file (`compile.ts`); from source the kernel runs this script.
 * @module
 */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import type { BundledPlugin, PluginFile } from "../src/protocol/plugin_calls.ts";

/** The file's name, beside the program's main module. */
export const BUNDLED_PLUGINS = "plugins.json";

const TOP = new URL("../", import.meta.url);
/** What lies in a plugin's folder for its developers. */
const LEFT_OUT = /_test\.ts$|\.ts$|^testdata$/;

/** Bundles every plugin in `plugins/`, by name. */
export async function bundlePlugins(): Promise<BundledPlugin[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL("plugins/", TOP))) {
    if (isDirectory) names.push(name);
  }
  return await Promise.all(names.sort().map(bundlePlugin));
}

async function bundlePlugin(folder: string): Promise<BundledPlugin> {
  const place = new URL(`plugins/${folder}/`, TOP);
  const module = await bundledModule(new URL("plugin.ts", place));
  const files = [...await textsOf(place), { path: "plugin.js", text: module }];
  const manifest = files.find(({ path }) => path === "manifest.json");
  const { name, version, description } = JSON.parse(manifest?.text ?? "{}");
  if (name !== folder) throw new Error(`plugins/${folder} has a manifest of ${name}`);
  return { name, version, description, files };
}

/** The module with everything that it imports, as plain JavaScript. */
async function bundledModule(entry: URL): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "deno", fileURLToPath(entry)],
    cwd: TOP,
    stdin: "null",
  }).output();
  if (code === 0) return withoutPaths(new TextDecoder().decode(stdout));
  const said = new TextDecoder().decode(stderr).slice(-2_000);
  throw new Error(`${entry.pathname} cannot be bundled: ${said}`);
}

/** The bundler's comments name each package's file, in a folder of the machine that bundled it. */
function withoutPaths(module: string): string {
  return module.replace(/^\/\/ \S*\/npm\/[^/\s]+\//gm, "// npm: ");
}

/** The plugin's other files, such as its manifest, README and skills. */
async function textsOf(place: URL, inside = ""): Promise<PluginFile[]> {
  const files: PluginFile[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(inside, place))) {
    if (LEFT_OUT.test(name)) continue;
    const path = `${inside}${name}`;
    if (isDirectory) files.push(...await textsOf(place, `${path}/`));
    else files.push({ path, text: await Deno.readTextFile(new URL(path, place)) });
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Writes the bundled plugins into a file, whole or not at all. */
export async function writePlugins(file: string): Promise<void> {
  const text = JSON.stringify(await bundlePlugins());
  const unfinished = `${file}.${Deno.pid}`;
  await Deno.writeTextFile(unfinished, text);
  await Deno.rename(unfinished, file);
}

if (import.meta.main) {
  const { values } = parseArgs({ args: Deno.args, options: { output: { type: "string" } } });
  const folder = fileURLToPath(new URL("dist/", TOP));
  await Deno.mkdir(folder, { recursive: true });
  await writePlugins(values.output ?? `${folder}${BUNDLED_PLUGINS}`);
}
