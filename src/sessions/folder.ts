/**
 * The session files in a folder.
 * @module
 */
import { join } from "node:path";
import { idOfFileName } from "./format.ts";

/** So many files are open at once when a folder is looked through. */
const PARALLEL = 32;

/** A session file, as the file system knows it. */
export interface FoundFile {
  readonly id: string;
  /** The last change: milliseconds since 1970. */
  readonly modified: number;
  readonly bytes: number;
}

/**
 * Every session file in a folder, the last changed first; none if there is no such folder.
 * @throws other `Deno.errors`
 */
export async function findSessionFiles(folder: string): Promise<FoundFile[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(entry.name);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  const files = await inParallel(names, async (name): Promise<FoundFile[]> => {
    const id = idOfFileName(name);
    if (id === undefined) return [];
    try {
      const { mtime, size } = await Deno.stat(join(folder, name));
      return [{ id, modified: mtime?.getTime() ?? 0, bytes: size }];
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return [];
      throw cause;
    }
  });
  return files.flat().sort((a, b) => b.modified - a.modified || (a.id < b.id ? 1 : -1));
}

/** Works on all items, on a few of them at a time; the results are in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += PARALLEL) {
    results.push(...await Promise.all(items.slice(at, at + PARALLEL).map(work)));
  }
  return results;
}
