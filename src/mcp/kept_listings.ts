/**
 * What servers of plugins offered, kept in files, so that a chat starts without asking them. A file belongs
 * to one version of a plugin by its hash. One that cannot be read counts as none.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import type { PluginRecord } from "../protocol/plugin_calls.ts";
import { readListing, type ServerListing } from "./listing.ts";

/** A file larger than this is no list of tools, bytes. */
const SIZE_LIMIT = 16 * 1024 * 1024;

/** A plugin as these files know it. */
export type ListedPlugin = Pick<PluginRecord, "name" | "hash">;

/** The kept listings of a profile. */
export class KeptListings {
  readonly #folder: string;

  /** @param cache the profile's folder for what can be made again */
  constructor(cache: string) {
    this.#folder = `${cache}/mcp`;
  }

  /** What is kept of a plugin's servers. Never rejects. */
  async read(plugin: ListedPlugin): Promise<readonly ServerListing[]> {
    try {
      const path = this.#path(plugin);
      if ((await Deno.stat(path)).size > SIZE_LIMIT) return [];
      const given: unknown = JSON.parse(await Deno.readTextFile(path));
      const listings = Array.isArray(given) ? given.map(readListing) : [];
      return listings.filter((listing) => listing !== undefined);
    } catch {
      // Missing, or damaged: the servers are asked again.
      return [];
    }
  }

  /** Keeps listings in place of all others of the plugin. Never rejects: it is only a cache. */
  async write(plugin: ListedPlugin, listings: readonly ServerListing[]): Promise<void> {
    // Without it the servers are asked again at the next start.
    await this.#write(plugin, listings).catch(() => undefined);
  }

  async #write(plugin: ListedPlugin, listings: readonly ServerListing[]): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeAtomically(this.#path(plugin), `${JSON.stringify(listings)}\n`, 0o600);
    await this.#removeOthers(plugin);
  }

  /** Forgets what a plugin's servers offered; they are asked again when their tools are. Never rejects. */
  async forget(name: string): Promise<void> {
    await this.#removeOthers({ name, hash: "" }).catch(() => undefined);
  }

  async #removeOthers(kept: ListedPlugin): Promise<void> {
    for await (const { name } of Deno.readDir(this.#folder)) {
      const isOwn = name.startsWith(`${kept.name}-`) &&
        /^[0-9a-f]{64}\.json$/.test(name.slice(kept.name.length + 1));
      if (isOwn && name !== fileName(kept)) await Deno.remove(`${this.#folder}/${name}`);
    }
  }

  #path(plugin: ListedPlugin): string {
    return `${this.#folder}/${fileName(plugin)}`;
  }
}

function fileName({ name, hash }: ListedPlugin): string {
  return `${name}-${hash}.json`;
}
