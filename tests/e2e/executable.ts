/**
 * The program under test: compiled where a runtime for `deno compile` can be had, else the source.
 * @module
 */
import { bundle, compile, PERMISSIONS, RUNTIME_FLAGS } from "../../.build/compile.ts";

/** The flags of `deno run` for a program that the compile step would give the same rights. */
export const RUN_FLAGS: readonly string[] = [
  ...PERMISSIONS,
  ...RUNTIME_FLAGS.filter((flag) => flag.startsWith("--v8-flags")),
];

/** A program and the arguments that come before its own. */
export interface Executable {
  readonly path: string;
  readonly args: readonly string[];
  readonly compiled: boolean;
}

/** Compiles an entry and its rooms into a temporary folder; undefined where that is not possible. */
export async function compileProgram(
  entry: string,
  rooms: readonly string[],
): Promise<Executable | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "pyra-compiled-" });
  const path = `${folder}/program${Deno.build.os === "windows" ? ".exe" : ""}`;
  try {
    await bundle([entry, ...rooms], `${folder}/bundle`);
    const main = (entry.split("/").at(-1) ?? entry).replace(/\.ts$/, ".js");
    await compile(`${folder}/bundle`, main, path);
    return { path, args: [], compiled: true };
  } catch (error) {
    console.warn(
      `tests run without a compiled program: ${error instanceof Error ? error.message : error}`,
    );
    return undefined;
  }
}

let made: Promise<Executable> | undefined;

/** Pyra as a person runs it: the compiled program, or the source where there is none. Made once. */
export function pyra(): Promise<Executable> {
  made ??= make();
  return made;
}

async function make(): Promise<Executable> {
  const given = Deno.env.get("PYRA_TEST_EXECUTABLE");
  if (given) return { path: given, args: [], compiled: true };
  const program = await compileProgram("main.ts", [
    "src/rooms/vault.ts",
    "src/rooms/egress.ts",
    "src/rooms/app.ts",
    "src/rooms/plugin.ts",
    "src/rooms/plugin_reader.ts",
  ]);
  console.warn(`end-to-end tests use the ${program ? "compiled program" : "source"}`);
  // The files of tests are modules of their own, in one process: the next ones find it.
  if (program) Deno.env.set("PYRA_TEST_EXECUTABLE", program.path);
  return program ?? sourceOfPyra();
}

/** Pyra from its source. */
export function sourceOfPyra(): Executable {
  const main = new URL("../../main.ts", import.meta.url).pathname;
  const config = new URL("../../deno.json", import.meta.url).pathname;
  return {
    path: Deno.execPath(),
    args: ["run", "--quiet", "--config", config, ...RUN_FLAGS, main],
    compiled: false,
  };
}
