/**
 * The plugins there are, and what was agreed to about each.
 * @module
 */
import type { PluginGrants, PluginRecord } from "../../protocol/plugin_calls.ts";
import { KernelError } from "../error.ts";
import { agreePlugin, type PluginAgreement, readGrants } from "../grants.ts";
import type { Profile } from "../profile.ts";
import { sanitise } from "../prompt.ts";
import { type PluginFolder, readPlugin } from "./folder.ts";
import { NAME, NO_WISHES } from "./manifest.ts";

/** Where a system's administrator puts plugins for everyone. */
export const SYSTEM_PLUGINS = "/etc/pyra/plugins";
const PLUGINS_LIMIT = 200;

/** A plugin with its files. */
export interface FoundPlugin {
  readonly record: PluginRecord;
  /** Undefined for a broken one. */
  readonly folder: PluginFolder | undefined;
}

/** A place where plugins are looked for. */
interface Place {
  readonly from: PluginRecord["from"];
  readonly path: string;
}

/** What plugins are looked for in, and looked up in. */
interface Ground {
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly agreed: (name: string, from: Place["from"]) => PluginAgreement | undefined;
}

/** The plugins of one run. */
export class PluginCatalog {
  /** The folder that `pyra plugin dev` names. */
  readonly devFolder: string | undefined;
  readonly #profile: Profile;
  readonly #system: string;
  /** Plugins that are tried without rights in this run. */
  readonly #tried = new Map<string, FoundPlugin>();
  /** What was agreed to about the folder under development, in this run. */
  #devAgreed: PluginAgreement | undefined;

  constructor(profile: Profile, devFolder: string | undefined, system = SYSTEM_PLUGINS) {
    this.#profile = profile;
    this.devFolder = devFolder;
    this.#system = system;
  }

  /** All plugins by name; of two with one name the first place's counts. */
  async all(): Promise<PluginRecord[]> {
    const ground = await this.#ground();
    const names = [...ground.places.keys()];
    const found = await Promise.all(names.map((name) => this.find(name, ground)));
    return found.map(({ record }) => record);
  }

  /** Makes a plugin callable in this run, with no rights at all; what its hooks are told is made up. */
  try(folder: PluginFolder): PluginRecord {
    const { name, wishes: { conversation } } = folder.manifest;
    const rights = { wishes: { ...NO_WISHES, conversation }, state: "enabled" } as const;
    const record = { ...recordOf(folder, "dev", undefined), ...rights };
    this.#tried.set(name, { record, folder });
    return record;
  }

  /** Whether a plugin is only tried. */
  isTried(name: string): boolean {
    return this.#tried.has(name);
  }

  /** One plugin, its files read now. @throws {KernelError} `no_such_plugin` */
  async find(name: string, known?: Ground): Promise<FoundPlugin> {
    const tried = this.#tried.get(name);
    if (tried) return tried;
    const { places, agreed } = known ?? await this.#ground();
    const [place, other] = places.get(name) ?? [];
    if (!place) {
      const message = `there is no plugin ${sanitise(name, 40)}`;
      throw new KernelError("no_such_plugin", message, "pyra plugin list shows them");
    }
    const also = other ? `there is one in ${other.path} too; this one is used` : "";
    try {
      const folder = await readPlugin(place.path);
      const found = folder.manifest.name;
      if (found !== name) {
        throw new KernelError("bad_plugin", `its manifest has another name: ${found}`);
      }
      const agreement = agreed(name, place.from);
      const record = recordOf(folder, place.from, agreement?.wishes);
      const state = agreement ? isSame(record, agreement) ? "enabled" : "changed" : "disabled";
      return { record: { ...record, state, problem: also }, folder };
    } catch (error) {
      const problem = error instanceof KernelError
        ? error.message
        : `its files cannot be read (${error instanceof Error ? error.name : "unknown"})`;
      const manifest = { name, version: "", description: "", wishes: NO_WISHES };
      const record = recordOf({ hash: "", manifest }, place.from, undefined);
      const broken = { state: "broken", problem: sanitise(problem) } as const;
      return { record: { ...record, ...broken }, folder: undefined };
    }
  }

  async #ground(): Promise<Ground> {
    const { plugins } = await readGrants(this.#profile);
    const agreed: Ground["agreed"] = (name, from) => {
      if (from === "dev") return this.#devAgreed;
      return Object.hasOwn(plugins, name) ? plugins[name] : undefined;
    };
    return { places: await this.#places(), agreed };
  }

  /** Keeps that the person agreed to a plugin as it is, with `wishes`; undefined: to nothing. */
  async agree({ record }: FoundPlugin, wishes: PluginGrants | undefined): Promise<void> {
    const { name, version, hash, from } = record;
    const agreement = wishes && { version, hash, wishes, agreed: new Date().toISOString() };
    if (from === "dev") this.#devAgreed = agreement;
    else await agreePlugin(this.#profile, name, agreement);
  }

  async #places(): Promise<Map<string, Place[]>> {
    const places = new Map<string, Place[]>();
    const add = (name: string, place: Place) =>
      places.set(name, [...places.get(name) ?? [], place]);
    const dev = this.devFolder;
    if (dev !== undefined) add(await devName(dev), { from: "dev", path: dev });
    const roots: readonly Place[] = [
      { from: "profile", path: this.#profile.plugins },
      { from: "system", path: this.#system },
    ];
    for (const { from, path } of roots) {
      for (const name of await foldersIn(path)) add(name, { from, path: `${path}/${name}` });
    }
    return new Map([...places].sort(([a], [b]) => a < b ? -1 : 1));
  }
}

/** What is shown of a plugin's folder. */
type Described = Pick<PluginFolder, "hash"> & {
  readonly manifest: Omit<PluginFolder["manifest"], "main">;
};

/** A plugin nobody agreed to yet. @param agreed what was agreed to about a version before */
export function recordOf(
  { hash, manifest: { name, version, description, wishes: asked } }: Described,
  from: PluginRecord["from"],
  agreed: PluginGrants | undefined,
): PluginRecord {
  const wishes = { ...asked, addedHosts: agreed?.addedHosts ?? [] };
  const shown = { name, version, description: sanitise(description) };
  const news = { wishes, agreed: agreed ?? null };
  return { ...shown, from, state: "disabled", problem: "", hash, ...news };
}

/** While it is developed a plugin's files may change; what it asks for may not. */
function isSame({ from, hash, wishes }: PluginRecord, agreed: PluginAgreement): boolean {
  return from === "dev"
    ? JSON.stringify(wishes) === JSON.stringify(agreed.wishes)
    : agreed.hash === hash;
}

/** A folder under development may have any name of its own. @throws {KernelError} `bad_plugin` */
async function devName(folder: string): Promise<string> {
  const { manifest } = await readPlugin(folder);
  return manifest.name;
}

async function foldersIn(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(path)) {
      if (isDirectory && NAME.test(name) && names.length < PLUGINS_LIMIT) names.push(name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}
