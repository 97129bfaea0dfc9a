/**
 * Bundles the kernel and each room, and compiles one executable.
 *
 *     deno run -A .build/compile.ts [--target TRIPLE] [--output FILE]
 *
 * `DENO_COMPILE` names another `deno` for the compile step and `DENORT_BIN` a runtime to put in, for
 * machines that cannot download one.
 * @module
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { BUNDLED_PLUGINS, writePlugins } from "./plugins.ts";

/** The program's entry and those of its rooms. */
export const ENTRIES: readonly string[] = [
  "main.ts",
  "src/rooms/vault.ts",
  "src/rooms/egress.ts",
  "src/rooms/app.ts",
  "src/rooms/plugin.ts",
  "src/rooms/plugin_reader.ts",
];

/** What the kernel may do; its rooms get less (`src/kernel/roles.ts`). No FFI, no prompts. */
export const PERMISSIONS: readonly string[] = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];

/** Flags of the compile step beside the rights. */
export const RUNTIME_FLAGS: readonly string[] = [
  // Any local user could plant the cache file that a compiled program would load.
  "--no-code-cache",
  // Ends `eval` and `new Function`, the ways round a check of what a plugin imports.
  // Young objects get 4 MB a room instead of 16: the program holds tens of megabytes less, and a chat
  // is no slower.
  // Where a package makes an `Error` while it is loaded, V8 would read its whole bundle a second time for
  // the positions that it left out.
  "--v8-flags=--disallow-code-generation-from-strings,--max-semi-space-size=4," +
  "--no-enable-lazy-source-positions",
];

async function run(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args],
    ...(cwd === undefined ? {} : { cwd }),
    stdout: "inherit",
    stderr: "piped",
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (code !== 0) {
    throw new Error(`${program} ${args[0]} ended with ${code}: ${said.slice(-2_000)}`);
  }
}

/** Bundles the entries into a folder, with what several share in chunks of its own. */
export async function bundle(entries: readonly string[], folder: string): Promise<void> {
  await Deno.remove(folder, { recursive: true }).catch(() => undefined);
  const flags = ["--quiet", "--platform", "deno", "--code-splitting"];
  await run(Deno.execPath(), ["bundle", ...flags, "--outdir", folder, ...entries]);
  for (const name of await scripts(folder)) {
    if (name.endsWith(".js")) await shorten(`${folder}/${name}`);
  }
  await Deno.writeTextFile(`${folder}/deno.json`, '{ "unstable": ["worker-options"] }\n');
  if (entries[0] === ENTRIES[0]) await writePlugins(`${folder}/${BUNDLED_PLUGINS}`);
}

/**
 * Takes comments, blanks and long names out of a module: a start reads some hundred kilobytes, and each of
 * them costs. Statements stay as they are: `deno bundle --minify` puts a value that is used once in the place
 * of its name, and forgets that `using` would have let go of it.
 */
async function shorten(path: string): Promise<void> {
  const { minify } = await import("terser");
  const { code } = await minify(await Deno.readTextFile(path), {
    module: true,
    compress: false,
    mangle: true,
    format: { comments: false },
  });
  if (code === undefined) throw new Error(`${path} cannot be made shorter`);
  await Deno.writeTextFile(path, code);
}

/** The bundle's modules and the plugins' texts, relative to its folder. */
async function scripts(folder: string, inside = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${inside}`)) {
    if (isDirectory) found.push(...await scripts(folder, `${inside}${name}/`));
    else if (name.endsWith(".js") || name === BUNDLED_PLUGINS) found.push(inside + name);
  }
  return found.sort();
}

/** Compiles what `bundle` made. @param main the entry's bundle @param output an absolute path */
export async function compile(
  folder: string,
  main: string,
  output: string,
  target?: string,
): Promise<void> {
  const others = (await scripts(folder)).filter((name) => name !== main);
  const args = [
    "compile",
    "--quiet",
    // The sources were checked; bundles are plain JavaScript whose comments mislead the checker.
    "--no-check",
    ...PERMISSIONS,
    ...RUNTIME_FLAGS,
    ...(target === undefined ? [] : ["--target", target]),
    ...others.flatMap((name) => ["--include", name]),
    "--output",
    output,
    main,
  ];
  await run(Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), args, folder);
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string" }, output: { type: "string", default: "dist/pyra" } },
  });
  await bundle(ENTRIES, "dist/bundle");
  await compile("dist/bundle", "main.js", resolve(values.output), values.target);
}
