/**
 * Descriptions of plugins kept in files, so that a chat starts without starting a plugin. A file belongs
 * to one version of a plugin's files by their hash. It is checked when it is written, and holds a sum of
 * that: reading it takes no library. One that cannot be read, or is not what was written, counts as none.
 * @module
 */
import { writeAtomically } from "../durable/file.ts";
import type { PluginDescription, PluginRecord } from "../protocol/plugin_calls.ts";

/** A file larger than this is no description, bytes. */
const SIZE_LIMIT = 4 * 1024 * 1024;

/** The kept descriptions of a profile. */
export class DescriptionCache {
  readonly #folder: string;

  /** @param cache the profile's folder for what can be made again */
  constructor(cache: string) {
    this.#folder = `${cache}/plugins`;
  }

  /** The description of a plugin as it is now; `undefined` if none is kept. */
  async read({ name, hash }: PluginRecord): Promise<PluginDescription | undefined> {
    try {
      const path = this.#path(name, hash);
      if ((await Deno.stat(path)).size > SIZE_LIMIT) return undefined;
      const [sum, text = ""] = (await Deno.readTextFile(path)).split("\n", 2);
      return sum === await sumOf(text) ? JSON.parse(text) : undefined;
    } catch {
      // Missing, damaged, or of an older Pyra: it is made again.
      return undefined;
    }
  }

  /** Keeps a description in place of those of other versions. Never rejects: it is only a cache. */
  async write(record: PluginRecord, description: PluginDescription): Promise<void> {
    // Without it the plugin is asked again at the next start.
    await this.#write(record, description).catch(() => undefined);
  }

  async #write({ name, hash }: PluginRecord, description: PluginDescription): Promise<void> {
    await Deno.mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const text = JSON.stringify(description);
    await writeAtomically(this.#path(name, hash), `${await sumOf(text)}\n${text}\n`, 0o600);
    await this.#removeOthers(name, hash);
  }

  /** Forgets a plugin. Never rejects. */
  async forget(name: string): Promise<void> {
    await this.#removeOthers(name, "").catch(() => undefined);
  }

  async #removeOthers(name: string, hash: string): Promise<void> {
    const kept = fileName(name, hash);
    for await (const { name: file } of Deno.readDir(this.#folder)) {
      const isOwn = file.startsWith(`${name}-`) && /^[0-9a-f]{64}\.json$/.test(
        file.slice(name.length + 1),
      );
      if (isOwn && file !== kept) await Deno.remove(`${this.#folder}/${file}`);
    }
  }

  #path(name: string, hash: string): string {
    return `${this.#folder}/${fileName(name, hash)}`;
  }
}

/** The first line of a file. Another number: descriptions of before do not count. */
async function sumOf(text: string): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return `1 ${new Uint8Array(sum).toHex()}`;
}

function fileName(name: string, hash: string): string {
  return `${name}-${hash}.json`;
}
