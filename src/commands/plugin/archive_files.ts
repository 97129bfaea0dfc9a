/**
 * A plugin's files from a `.tgz`, unpacked in memory: nothing is written before the person agreed.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import { badSource, FileCollector, isLeftOut, TOTAL_LIMIT_BYTES } from "./file_bounds.ts";
import { type TarFile, tarFiles } from "./tar_entries.ts";

/** An archive holds headers and what is left out, too, bytes. */
const UNPACKED_LIMIT_BYTES = 2 * TOTAL_LIMIT_BYTES;

/** Reads an archive. @throws {PyraError} `bad_plugin` */
export async function archiveFiles(path: string): Promise<readonly PluginFile[]> {
  const { size } = await Deno.stat(path);
  if (size > TOTAL_LIMIT_BYTES) throw tooLarge();
  const collector = new FileCollector();
  const files = tarFiles(await unpacked(await Deno.readFile(path)));
  if (files.length === 0) {
    throw badSource(
      "that is no archive, or an empty one",
      "pack the folder: tar czf NAME.tgz NAME",
    );
  }
  const seen = new Set<string>();
  for (const { path, bytes } of withoutTopFolder(files)) {
    if (path.split("/").some(isLeftOut)) continue;
    if (seen.has(path)) throw badSource(`the archive holds ${path} twice`, "pack it anew");
    seen.add(path);
    collector.add(path, bytes);
  }
  return collector.finish();
}

/** Archives of a folder, and those of `npm pack`, have one folder at the top. */
function withoutTopFolder(files: readonly TarFile[]): readonly TarFile[] {
  if (files.some(({ path }) => path === "manifest.json")) return files;
  const own = files.filter(({ path }) => !path.split("/").some(isLeftOut));
  const tops = new Set(own.map(({ path }) => path.slice(0, path.indexOf("/") + 1)));
  const [top = ""] = tops;
  if (tops.size !== 1 || top === "") return files;
  return own.map(({ path, bytes }) => ({ path: path.slice(top.length), bytes }));
}

/** The bytes of the archive; a plain tar is taken as it is. */
async function unpacked(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return packed;
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      size += part.length;
      if (size > UNPACKED_LIMIT_BYTES) break;
      parts.push(part);
    }
  } catch (cause) {
    throw badSource("the archive is damaged", "fetch it or pack it again", cause);
  }
  if (size > UNPACKED_LIMIT_BYTES) throw tooLarge();
  const all = new Uint8Array(size);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.length;
  }
  return all;
}

function tooLarge(): Error {
  return badSource("the archive is larger than a plugin may be", "16 MB are allowed");
}
