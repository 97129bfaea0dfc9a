/**
 * Runs a plugin's modules from memory: each as a native module under an address that holds its text. What
 * they import was judged by the room that read them; no path is ever imported.
 * @module
 */
import type { ReadImport, ReadModule } from "../plugin_reader/read_modules.ts";
import { moduleAddress } from "./fault.ts";

/** Modules of a plugin that exist for its types alone. */
const SDK = "data:text/javascript,export{}";
/** Where modules find those that they import: those of the plugin, in its own room. */
const LOADED = "pyra.modules";

/** A module's exports. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Runs the modules in order and returns what the last one exports.
 * @param tcp what `node:net` and `node:tls` export, for those who may import them
 * @throws what the modules throw
 */
export async function importModules(
  modules: readonly ReadModule[],
  tcp: Readonly<Record<string, Exports>>,
): Promise<Exports> {
  const loaded = new Map(Object.entries(tcp).map(([name, exports]) => [`node:${name}`, exports]));
  Object.defineProperty(globalThis, LOADED, { value: loaded });
  let last: Exports = {};
  for (const module of modules) {
    const code = linked(module, loaded);
    // The text was read: nothing in it imports but what `linked` wrote there.
    // deno-lint-ignore pyra/trusted-imports
    last = await import(moduleAddress(module.path, code));
    loaded.set(module.path, last);
  }
  return last;
}

/** The code with an address for each import. */
function linked({ code, imports }: ReadModule, loaded: ReadonlyMap<string, Exports>): string {
  let text = "";
  let from = 0;
  for (const { start, end, to } of imports) {
    text += code.slice(from, start) + JSON.stringify(addressOf(to, loaded));
    from = end;
  }
  return text + code.slice(from);
}

function addressOf(to: ReadImport["to"], loaded: ReadonlyMap<string, Exports>): string {
  switch (to.kind) {
    case "sdk":
      return SDK;
    case "built_in": {
      const name = `node:${to.name}`;
      const own = loaded.get(name);
      return own ? passage(name, own) : name;
    }
    case "own":
      return passage(to.path, loaded.get(to.path) ?? {});
  }
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
  return moduleAddress(path, `const m=${from};${taken}export{${given}};`);
}
