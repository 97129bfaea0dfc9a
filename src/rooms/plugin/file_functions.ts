/**
 * The `Deno` that a plugin sees: files by their paths, within the room's rights. No open files, no links,
 * no modes, nothing of the process.
 * @module
 */

const FUNCTIONS = [
  "copyFile",
  "copyFileSync",
  "lstat",
  "lstatSync",
  "mkdir",
  "mkdirSync",
  "readDir",
  "readDirSync",
  "readFile",
  "readFileSync",
  "readTextFile",
  "readTextFileSync",
  "realPath",
  "realPathSync",
  "remove",
  "removeSync",
  "rename",
  "renameSync",
  "stat",
  "statSync",
  "truncate",
  "truncateSync",
  "writeFile",
  "writeFileSync",
  "writeTextFile",
  "writeTextFileSync",
] as const;

type Callable = (...given: unknown[]) => unknown;

/** The frozen namespace. */
export function fileFunctions(runtime: typeof Deno): object {
  const given: Record<string, unknown> = {
    errors: Object.freeze({ ...runtime.errors }),
    build: Object.freeze({ os: runtime.build.os, arch: runtime.build.arch }),
    inspect: (...values: Parameters<typeof Deno.inspect>) => runtime.inspect(...values),
  };
  for (const name of FUNCTIONS) {
    const wanted = runtime[name] as Callable;
    // A function of the room's, so that nothing can be hung onto the runtime's own.
    given[name] = Object.freeze((...values: unknown[]) => wanted(...values));
  }
  return Object.freeze(given);
}
