/**
 * The files of a git repository, for someone who installs a plugin from it. Nothing of it is run.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import { KernelError } from "../error.ts";
import { runProgram } from "../programs.ts";
import { readPlugin } from "./folder.ts";

const URL_FORM = /^https:\/\/[\w.-]+(?::\d{1,5})?\/[\w.~/+@%-]+$/;
/** A repository of this machine, by its whole path. */
const PATH_FORM = /^\/[^\p{Cc}]+$/u;

/** Clones into a new temporary folder, which is removed. @throws {KernelError} `usage`, `program`, `bad_plugin` */
export async function clonePlugin(url: string): Promise<readonly PluginFile[]> {
  const isPath = PATH_FORM.test(url);
  if (!isPath && !URL_FORM.test(url)) {
    const hint = "write https://host/path, or the whole path of a repository on this machine";
    throw new KernelError("usage", "that is no address of a repository", hint);
  }
  const folder = await Deno.makeTempDir({ prefix: "pyra_clone_" });
  try {
    const settings = [
      "core.symlinks=false",
      "core.hooksPath=/dev/null",
      "core.fsmonitor=false",
      "submodule.recurse=false",
      "credential.helper=",
      "protocol.allow=never",
      `protocol.${isPath ? "file" : "https"}.allow=always`,
      "http.followRedirects=initial",
      "transfer.fsckObjects=true",
    ].flatMap((setting) => ["-c", setting]);
    const options = ["--depth", "1", "--single-branch", "--no-tags", "--no-local", "--template="];
    const target = `${folder}/plugin`;
    const args = [...settings, "clone", "--quiet", ...options, "--", url, target];
    const { code, stderr } = await runProgram("git", args);
    if (code !== 0) {
      const said = stderr.trim().split("\n").at(-1) ?? "";
      throw new KernelError("program", `git could not clone it: ${said.slice(0, 200)}`);
    }
    return (await readPlugin(target)).files;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
