/**
 * How much a plugin keeps in its data folder. A room's writes go straight to the disk, so none is stopped
 * in the middle: a plugin that keeps too much is ended, and not started again.
 * @module
 */
import { KernelError } from "../error.ts";

/** Of one plugin, bytes. */
const DATA_LIMIT_BYTES = 256 * 1024 * 1024;
/** What a file or folder takes at least: empty ones fill a disk too. */
const ENTRY_BYTES = 4_096;

/** Bytes in a folder, counted no further than past the limit; 0 if it is not there. */
export async function dataSize(folder: string): Promise<number> {
  const queue = [folder];
  let bytes = 0;
  for (let path; bytes <= DATA_LIMIT_BYTES && (path = queue.pop()) !== undefined;) {
    try {
      for await (const { name, isDirectory } of Deno.readDir(path)) {
        const { size } = await Deno.lstat(`${path}/${name}`);
        bytes += Math.max(size, ENTRY_BYTES);
        if (isDirectory) queue.push(`${path}/${name}`);
        if (bytes > DATA_LIMIT_BYTES) break;
      }
    } catch (error) {
      // What is counted may be removed meanwhile.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return bytes;
}

/** Refuses a plugin that keeps too much. @throws {KernelError} `plugin_too_large` */
export async function refuseFull(name: string, folder: string): Promise<void> {
  if (await dataSize(folder) <= DATA_LIMIT_BYTES) return;
  const message = `${name} keeps more than 256 MB of data, and does not run`;
  const hint = `remove what it does not need from ${folder}, or all with the plugin: ` +
    `pyra plugin remove ${name} --data`;
  throw new KernelError("plugin_too_large", message, hint);
}
