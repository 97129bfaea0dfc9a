/**
 * Where `pyra plugin install` finds a plugin: one that comes with Pyra, a folder, an archive, or a git
 * repository.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { usageError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { badSource } from "./file_bounds.ts";

const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:|\.git\/?$/i;
const NAME = /^[a-z][a-z0-9-]{1,31}$/;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/i;

/** Finds a plugin's files. Nothing is written and none of them run. @throws {PyraError} and `RpcError`s */
export async function findSource(
  context: CommandContext,
  typed: string,
): Promise<readonly PluginFile[]> {
  if (ADDRESS.test(typed)) {
    return await context.kernel.call("clonePlugin", { url: typed });
  }
  // A name alone is one of Pyra's own; a folder of that name is written ./NAME.
  const bundled = NAME.test(typed) ? await context.kernel.call("bundledPlugins", null) : [];
  const own = bundled.find(({ name }) => name === typed);
  if (own) return own.files;
  const path = context.boot.granted[0] ?? typed;
  const info = await stat(path);
  if (info === undefined) throw nothingThere(typed, bundled.map(({ name }) => name));
  if (info.isDirectory) {
    const { folderFiles } = await import("./folder_files.ts");
    return await folderFiles(path);
  }
  if (!ARCHIVE.test(path)) {
    throw badSource(
      `${typed} is no folder and no archive`,
      "name the plugin's folder, or a .tgz of it",
    );
  }
  const { archiveFiles } = await import("./archive_files.ts");
  return await archiveFiles(path);
}

async function stat(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function nothingThere(typed: string, names: readonly string[]): Error {
  const near = nearest(typed, names);
  return usageError(
    `there is no plugin, folder or archive ${typed}`,
    near === undefined
      ? "pyra plugin available lists the plugins that come with Pyra"
      : `did you mean ${near}? pyra plugin available lists them`,
  );
}
