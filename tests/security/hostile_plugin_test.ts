/**
 * Every harm that a plugin has been thought to do, tried by hostile plugins in rooms that the kernel's own
 * code starts, from source and in a compiled program. Each is denied or contained, and a second plugin in
 * the same process of the plugins goes on.
 * @module
 */
import assert from "node:assert/strict";
import { bundle, compile } from "../../.build/compile.ts";
import { RUN_FLAGS } from "../e2e/executable.ts";
import { CANARY } from "./hostile/ground.ts";

/** The list may grow; a shorter one is a hole in the proof. */
const ATTEMPTS_AT_LEAST = 273;
/** So many processes share the work. */
const PARTS = 3;
const MAIN = "tests/security/hostile/main.ts";
const ROOMS = ["vault", "egress", "plugin", "plugin_reader"].map((name) => `src/rooms/${name}.ts`);
const PLUGIN = new URL("./hostile/plugin", import.meta.url).pathname;

/** An attempt and what came of it. */
interface Attempt {
  readonly group: string;
  readonly name: string;
  readonly escaped: boolean;
  readonly detail: string;
}

async function attempts(program: string, args: readonly string[]): Promise<Attempt[]> {
  const parts = Array.from({ length: PARTS }, async (_, part) => {
    const { stdout, stderr, code } = await new Deno.Command(program, {
      args: [...args, PLUGIN, String(part), String(PARTS)],
      env: { PYRA_TEST_SECRET: CANARY },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const said = new TextDecoder().decode(stderr);
    assert.equal(code, 0, `the kernel's process ended: ${said.slice(-2_000)}`);
    assert.ok(!said.includes(CANARY), "something secret is on the standard error");
    // A plugin that could write to the kernel's output would break a line.
    const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) =>
      JSON.parse(line)
    );
    assert.deepEqual(lines.pop(), { end: true });
    return lines as Attempt[];
  });
  return (await Promise.all(parts)).flat();
}

async function tryAll(
  test: Deno.TestContext,
  program: string,
  args: readonly string[],
): Promise<void> {
  const all = await attempts(program, args);
  assert.ok(all.length >= ATTEMPTS_AT_LEAST, `${all.length} attempts are left`);
  for (const group of ["reach", "load", "deceive", "contain"]) {
    const tried = all.filter((attempt) => attempt.group === group);
    const escapes = tried.filter(({ escaped }) => escaped);
    await test.step(`${group}: ${tried.length} attempts, none succeeds`, () => {
      assert.ok(tried.length > 20);
      assert.deepEqual(escapes, []);
    });
  }
}

Deno.test("no hostile plugin succeeds, run from source", async (test) => {
  await tryAll(test, Deno.execPath(), ["run", "--quiet", ...RUN_FLAGS, MAIN]);
});

Deno.test("no hostile plugin succeeds, compiled", async (test) => {
  const folder = await Deno.makeTempDir({ prefix: "pyra-hostile-" });
  try {
    const program = await compiled(folder);
    await test.step({
      name: "every attempt is denied or contained",
      ignore: program === undefined, // where no runtime for `deno compile` can be had
      fn: (step) => tryAll(step, program ?? "", []),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The harness as a program; undefined where none can be compiled. */
async function compiled(folder: string): Promise<string | undefined> {
  const program = `${folder}/program`;
  try {
    await bundle([MAIN, ...ROOMS], `${folder}/bundle`);
    await compile(`${folder}/bundle`, MAIN.replace(/\.ts$/, ".js"), program);
    return program;
  } catch (cause) {
    // The step that is left out then says so.
    if (!(cause instanceof Error)) throw cause;
    return undefined;
  }
}
