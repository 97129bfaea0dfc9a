/**
 * Bundles the kernel and each room, and compiles one executable.
 *
 *     deno run -A .build/compile.ts [--target TRIPLE] [--output FILE]
 *
 * `DENO_COMPILE` names another `deno` for the compile step and `DENORT_BIN` a runtime to put in, for
 * machines that cannot download one.
 * @module
 */
import { parseArgs } from "node:util";

const ROOMS = ["vault", "egress", "app"];
const BUNDLE = "dist/bundle";

/** What the kernel may do; its rooms get less (`src/kernel/roles.ts`). No FFI, no prompts. */
const PERMISSIONS = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
  "--allow-sys",
];
const RUNTIME_FLAGS = [
  // Any local user could plant the cache file that a compiled program would load.
  "--no-code-cache",
  "--v8-flags=--disallow-code-generation-from-strings",
];

async function run(program: string, args: readonly string[], cwd = "."): Promise<void> {
  const { code } = await new Deno.Command(program, { args: [...args], cwd }).spawn().status;
  if (code !== 0) Deno.exit(code);
}

/** Bundles the entries into `dist/bundle`, with what several share in chunks of its own. */
export async function bundle(): Promise<void> {
  await Deno.remove(BUNDLE, { recursive: true }).catch(() => undefined);
  const entries = ["main.ts", ...ROOMS.map((room) => `src/rooms/${room}.ts`)];
  const flags = ["--quiet", "--platform", "deno", "--code-splitting", "--outdir", BUNDLE];
  await run(Deno.execPath(), ["bundle", ...flags, ...entries]);
  await Deno.writeTextFile(`${BUNDLE}/deno.json`, '{ "unstable": ["worker-options"] }\n');
}

/** Compiles what `bundle` made. */
export async function compile(output: string, target?: string): Promise<void> {
  const included: string[] = ROOMS.flatMap((room) => ["--include", `src/rooms/${room}.js`]);
  for await (const { name } of Deno.readDir(BUNDLE)) {
    if (name.endsWith(".js") && name !== "main.js") included.push("--include", name);
  }
  const place = target === undefined ? [] : ["--target", target];
  await run(
    Deno.env.get("DENO_COMPILE") ?? Deno.execPath(),
    [
      "compile",
      "--quiet",
      ...PERMISSIONS,
      ...RUNTIME_FLAGS,
      ...place,
      ...included,
      "--output",
      `${Deno.cwd()}/${output}`,
      "main.js",
    ],
    BUNDLE,
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: { target: { type: "string" }, output: { type: "string", default: "dist/pyra" } },
  });
  await bundle();
  await compile(values.output, values.target);
}
