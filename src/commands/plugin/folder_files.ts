/**
 * A plugin's files from a folder.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import {
  badSource,
  DEPTH_LIMIT,
  FILE_LIMIT_BYTES,
  FileCollector,
  FILES_LIMIT,
  isLeftOut,
} from "./file_bounds.ts";

/** Reads a plugin's folder. @param folder links resolved @throws {PyraError} `bad_plugin` */
export async function folderFiles(folder: string): Promise<readonly PluginFile[]> {
  const collector = new FileCollector();
  let entries = 0;
  const look = async (inside: string, depth: number): Promise<void> => {
    if (depth > DEPTH_LIMIT) {
      throw badSource("its folders lie too deep in each other", `${DEPTH_LIMIT} are allowed`);
    }
    for await (const { name } of Deno.readDir(`${folder}/${inside}`)) {
      if (isLeftOut(name)) continue;
      const path = `${inside}${name}`;
      if (++entries > FILES_LIMIT) {
        throw badSource(
          `there are more than ${FILES_LIMIT} files`,
          "name the plugin's own folder, which holds manifest.json",
        );
      }
      const info = await Deno.lstat(`${folder}/${path}`);
      if (info.isDirectory) await look(`${path}/`, depth + 1);
      else collector.add(path, await read(folder, path, info));
    }
  };
  await checkFolder(folder);
  await look("", 1);
  return collector.finish();
}

/** What was typed may be anything. @throws {PyraError} `bad_plugin` */
async function checkFolder(path: string): Promise<void> {
  const hint = "name the folder that holds manifest.json";
  try {
    if ((await Deno.stat(path)).isDirectory) return;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw badSource(`there is no folder ${path}`, hint, cause);
  }
  throw badSource(`${path} is no folder`, hint);
}

async function read(folder: string, path: string, info: Deno.FileInfo): Promise<Uint8Array> {
  if (!info.isFile || (info.nlink ?? 1) > 1) {
    throw badSource(`${path} is a link or no plain file`, "a plugin has plain files only");
  }
  if (info.size > FILE_LIMIT_BYTES) {
    throw badSource(`${path} is larger than 2 MB`, "leave it out of the plugin");
  }
  return await Deno.readFile(`${folder}/${path}`);
}
