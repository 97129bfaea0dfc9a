/**
 * Imports a plugin from the texts that were agreed to: types stripped, every import looked at, then run as
 * modules from memory. No path is ever imported.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import { PluginFault } from "./fault.ts";
import { type ImportSite, importSites } from "./module_check.ts";

/** Built-in modules that only compute. */
const BUILT_IN: ReadonlySet<string> = new Set(
  ("assert assert/strict buffer crypto events path path/posix path/win32 querystring stream " +
    "stream/consumers stream/promises stream/web string_decoder timers timers/promises url util " +
    "util/types zlib").split(" "),
);
/** Modules of a plugin that exist for its types alone. */
const SDK = "data:text/javascript,export{}";
const TYPED = /\.m?ts$/;
const MODULE = /\.m?[jt]s$/;
/** Where modules find those that they import: those of the plugin, in its own room. */
const LOADED = "pyra.modules";

interface Module {
  readonly path: string;
  readonly code: string;
  readonly imports: readonly ImportSite[];
}

/** A module's exports. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Runs the plugin's modules and returns what its main one exports.
 * @throws {PluginFault} for an import that is not allowed; what the modules throw
 */
export async function importPlugin(files: readonly PluginFile[], main: string): Promise<Exports> {
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const order = await checked(texts, main);
  const loaded = new Map<string, Exports>();
  Object.defineProperty(globalThis, LOADED, { value: loaded });
  for (const module of order) {
    const code = linked(module, loaded);
    // The text was checked: nothing in it imports but what `linked` wrote there.
    // deno-lint-ignore pyra/trusted-imports
    loaded.set(module.path, await import(address(code)));
  }
  return loaded.get(main) ?? {};
}

/** All modules that `main` needs, each after those that it imports. */
async function checked(texts: ReadonlyMap<string, string>, main: string): Promise<Module[]> {
  const order: Module[] = [];
  const begun = new Map<string, "open" | "done">();
  const visit = async (path: string, from: string): Promise<void> => {
    if (begun.get(path) === "done") return;
    if (begun.has(path)) {
      const sentence =
        `${from} and ${path} import each other: put what both need into a third file`;
      throw new PluginFault("plugin_failed", sentence);
    }
    begun.set(path, "open");
    const text = texts.get(path) ?? "";
    const code = TYPED.test(path) ? await stripped(path, text) : text;
    const imports = importSites(path, code);
    for (const { specifier } of imports) {
      if (builtIn(specifier)) continue;
      const target = ownFile(path, specifier);
      if (target === undefined || !texts.has(target)) {
        throw new PluginFault("plugin_failed", refusal(path, specifier, target));
      }
      await visit(target, path);
    }
    begun.set(path, "done");
    order.push({ path, code, imports });
  };
  await visit(main, main);
  return order;
}

async function stripped(path: string, text: string): Promise<string> {
  const { stripTypes } = await import("./type_stripper.ts");
  try {
    return stripTypes(text);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PluginFault("plugin_failed", `${path} is no TypeScript: ${message}`, cause);
  }
}

/** The address of a module that is not the plugin's own. */
function builtIn(specifier: string): string | undefined {
  if (specifier === "pyra/sdk") return SDK;
  const name = specifier.replace(/^node:/, "");
  return BUILT_IN.has(name) ? `node:${name}` : undefined;
}

/** The path of a relative import in the plugin's folder; undefined if it is not relative or leaves it. */
function ownFile(from: string, specifier: string): string | undefined {
  if (!/^\.\.?\//.test(specifier) || !MODULE.test(specifier)) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join("/");
}

function refusal(path: string, specifier: string, target: string | undefined): string {
  const shown = JSON.stringify(specifier.slice(0, 100));
  if (target !== undefined) return `${path} imports ${shown}, which is no file of the plugin`;
  return `${path} imports ${shown}: a plugin imports its own .ts and .js files, pyra/sdk, and of ` +
    `node: ${
      [...BUILT_IN].filter((name) => !name.includes("/")).join(", ")
    }; bundle what else it needs`;
}

/** The code with an address for each import. */
function linked({ path, code, imports }: Module, loaded: ReadonlyMap<string, Exports>): string {
  let text = "";
  let from = 0;
  for (const { specifier, start, end } of imports) {
    const target = ownFile(path, specifier) ?? "";
    const url = builtIn(specifier) ?? passage(target, loaded.get(target) ?? {});
    text += code.slice(from, start) + JSON.stringify(url);
    from = end;
  }
  return text + code.slice(from);
}

/**
 * A module that passes on what another exports. To put the other's text here would repeat it for each
 * module that imports it, and again for each that imports those.
 */
function passage(path: string, exports: Exports): string {
  const from = `globalThis[${JSON.stringify(LOADED)}].get(${JSON.stringify(path)})`;
  const names = Object.keys(exports).map((name) => JSON.stringify(name));
  const taken = names.map((name, at) => `const v${at}=m[${name}];`).join("");
  const given = names.map((name, at) => `v${at} as ${name}`).join();
  return address(`const m=${from};${taken}export{${given}};`);
}

function address(code: string): string {
  return `data:text/javascript;charset=utf-8,${encodeURIComponent(code)}`;
}
