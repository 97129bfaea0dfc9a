/**
 * The files of a git repository, for someone who installs a plugin from it. Nothing of it is run, nothing
 * of the person's own settings is used, and nothing is written out before its size is known.
 * @module
 */
import type { PluginFile } from "../../protocol/plugin_calls.ts";
import type { Environment } from "../environment.ts";
import { KernelError } from "../error.ts";
import { runProgram } from "../programs.ts";
import { sanitise } from "../prompt.ts";
import { readPlugin } from "./folder.ts";
import { badPlugin } from "./manifest.ts";

const URL_FORM = /^https:\/\/[\w.-]+(?::\d{1,5})?\/[\w.~/+@%-]+$/;
/** A repository of this machine, by its whole path. */
const PATH_FORM = /^\/[^\p{Cc}]+$/u;
const FILES_LIMIT = 1_000;
const TOTAL_LIMIT_BYTES = 16 * 1024 * 1024;
/** What one file of the repository may take on the disk while it is fetched, in blocks of 512 bytes. */
const FETCH_LIMIT_BLOCKS = 64 * 1024 * 2;
const SETTINGS = [
  "core.symlinks=false",
  "core.hooksPath=/dev/null",
  "core.fsmonitor=false",
  "core.autocrlf=false",
  "submodule.recurse=false",
  "credential.helper=",
  "http.followRedirects=initial",
  "transfer.fsckObjects=true",
  "gc.auto=0",
  "protocol.allow=never",
];
/** Its own settings of the person and the machine could name programs; a question would take the terminal. */
const ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_ASKPASS: "true",
  // A repository on this machine could name a program that brings what it lacks.
  GIT_NO_LAZY_FETCH: "1",
};

/**
 * Clones into a new temporary folder, which is removed.
 * @throws {KernelError} `usage`, `program`, `bad_plugin`
 */
export async function clonePlugin(
  url: string,
  { proxy, caFile }: Pick<Environment, "proxy" | "caFile">,
): Promise<readonly PluginFile[]> {
  const isPath = PATH_FORM.test(url);
  if (!isPath && !URL_FORM.test(url)) {
    const hint = "write https://host/path, or the whole path of a repository on this machine";
    throw new KernelError("usage", "that is no address of a repository", hint);
  }
  const folder = await Deno.makeTempDir({ prefix: "pyra_clone_" });
  try {
    const target = `${folder}/plugin`;
    const settings = [
      ...SETTINGS,
      `protocol.${isPath ? "file" : "https"}.allow=always`,
      ...(proxy.https === undefined ? [] : [`http.proxy=${proxy.https}`]),
      ...(caFile === undefined ? [] : [`http.sslCAInfo=${caFile}`]),
    ].flatMap((setting) => ["-c", setting]);
    const options =
      "--quiet --depth=1 --single-branch --no-tags --no-checkout --no-local --template="
        .split(" ");
    await git([...settings, "clone", ...options, "--", url, target]);
    refuseLarge(await git([...settings, "-C", target, "ls-tree", "-r", "-l", "-z", "HEAD"]));
    await git([...settings, "-C", target, "checkout", "--quiet", "HEAD"]);
    return (await readPlugin(target)).files;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs git; what it writes into one file is limited where there is a shell. */
async function git(args: readonly string[]): Promise<string> {
  const limited = ["-c", `ulimit -f ${FETCH_LIMIT_BLOCKS}; exec git "$@"`, "sh", ...args];
  const [program, given] = Deno.build.os === "windows" ? ["git", args] : ["sh", limited];
  const { code, stdout, stderr } = await runProgram(program, given, new Uint8Array(), ENVIRONMENT);
  if (code === 0) return new TextDecoder().decode(stdout);
  const said = sanitise(stderr.trim().split("\n").at(-1) ?? "", 200);
  const hint = "check its address; Pyra clones what needs no password, up to 64 MB";
  throw new KernelError("program", `git could not clone it: ${said}`, hint);
}

/** @param listed `<mode> <type> <object> <size>\t<path>`, each ended by a zero byte */
function refuseLarge(listed: string): void {
  const lines = listed.split("\0").filter(Boolean);
  let total = 0;
  for (const line of lines) {
    const [mode = "", , , size] = line.split(/[\t ]+/);
    // Links, and repositories in repositories.
    if (!mode.startsWith("100")) throw badPlugin("its repository holds a link or a submodule");
    total += Number(size);
  }
  if (lines.length > FILES_LIMIT || !(total <= TOTAL_LIMIT_BYTES)) {
    throw badPlugin(`its repository has more than ${FILES_LIMIT} files, or more than 16 MB`);
  }
}
