/**
 * The versions that lie in a history's folder, found by their files: what is left when the journal is
 * lost.
 * @module
 */
import { isNoteName } from "../note/name.ts";
import { isVersionId, momentOfId, type VersionRecord } from "./version_record.ts";

/** More than this is not looked at: the history keeps 10,000. */
const FILE_LIMIT = 50_000;
const SLICE_MS = 5;

function entriesOf(path: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (cause) {
    // A folder that cannot be read holds nothing that could be put back.
    if (cause instanceof Error) return [];
    throw cause;
  }
}

function sizeOf(path: string): number | undefined {
  try {
    return Deno.lstatSync(path).size;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw cause;
  }
}

/** The versions found, each as one that was changed; in no order. */
export async function foundVersions(folder: string): Promise<VersionRecord[]> {
  const found: VersionRecord[] = [];
  const folders = [""];
  let end = performance.now() + SLICE_MS;
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const entry of entriesOf(`${folder}/${below}`)) {
      if (found.length >= FILE_LIMIT) return found;
      if (entry.isDirectory) {
        folders.push(below === "" ? entry.name : `${below}/${entry.name}`);
        continue;
      }
      const id = entry.name.replace(/\.md$/, "");
      const name = below.normalize("NFC");
      if (!entry.isFile || !isVersionId(id) || !isNoteName(name)) continue;
      const size = sizeOf(`${folder}/${below}/${entry.name}`);
      const moment = momentOfId(id);
      if (size === undefined || Number.isNaN(moment)) continue;
      const replaced = new Date(moment).toISOString();
      found.push({ id, name, replaced, change: "changed", size_bytes: size });
    }
    if (performance.now() > end) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      end = performance.now() + SLICE_MS;
    }
  }
  return found;
}
