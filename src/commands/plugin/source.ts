/**
 * Where `pyra plugin install` finds a plugin: one that comes with Pyra, a folder, an archive, or a git
 * repository.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import type { CommandContext } from "../context.ts";
import { oneLine, usageError } from "../errors.ts";
import { nearest } from "../../config/nearest.ts";
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
    refuseAddress(typed);
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

/** Why git is not even asked; the kernel refuses these too, and others. */
const REFUSED: readonly (readonly [form: RegExp, why: string, hint: (typed: string) => string])[] =
  [
    [
      /^file:\/\//i,
      "a repository of this machine is named by its path",
      (typed) => `write ${typed.replace(/^file:\/\/(?:localhost)?/i, "") || "/its/path"}`,
    ],
    [
      /^http:\/\//i,
      "what comes by plain http may be anyone's",
      (typed) => `write https${typed.slice("http".length)}`,
    ],
    [
      /^https:\/\/[^/]*@/i,
      "an address with a name or password in it is not cloned",
      () => "Pyra clones what is public; for others clone it yourself, and install the folder",
    ],
    [/^https:\/\//i, "", () => ""],
    [/^(?:ssh|git\+ssh):\/\/|^[\w.-]+@[\w.-]+:/i, "Pyra clones by https only, without your keys", (
      typed,
    ) => `write ${byHttps(typed)}, or clone it yourself and install the folder`],
    [/^[a-z][a-z0-9+.-]*:\/\//i, "Pyra clones by https only", () => "write https://host/path"],
    [
      /^[^/]/,
      "a repository of this machine is named by its whole path",
      () => "write /its/whole/path.git",
    ],
  ];

/** @throws {PyraError} `usage`, with what to write instead */
function refuseAddress(typed: string): void {
  const [, why = "", hint] = REFUSED.find(([form]) => form.test(typed)) ?? [];
  if (why !== "" && hint) throw usageError(why, oneLine(hint(typed)));
}

/** `git@host:path` and `ssh://git@host/path` as most servers have them by https too. */
function byHttps(typed: string): string {
  const [, host = "host", path = "path"] =
    /^(?:[a-z+]+:\/\/)?(?:[^@/]*@)?([\w.-]+)(?::\d+)?[:/]+(.*)$/i.exec(typed) ?? [];
  return `https://${host}/${path}`;
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
