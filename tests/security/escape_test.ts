/**
 * Every way out of a room that anyone has thought of, tried in a room with the app's rights and in
 * one with a plugin's, from source and in a compiled program.
 * @module
 */
import assert from "node:assert/strict";
import { FILE_ATTACKS } from "./escape/attacks_files.ts";
import { PROCESS_ATTACKS } from "./escape/attacks_process.ts";
import { compileProgram, RUN_FLAGS } from "../e2e/executable.ts";

/** The list may grow; a shorter one is a hole in the proof. */
const ATTACKS_AT_LEAST = 118;
const CANARY = "CANARY-5f0c1e";

async function tryAttacks(program: string, args: readonly string[]): Promise<void> {
  const { stdout, code } = await new Deno.Command(program, {
    args: [...args],
    env: { PYRA_TEST_SECRET: CANARY },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).output();
  assert.equal(code, 0, "an attack ended the process");
  const lines = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.pop(), { intact: true }, "the vault was changed");
  const escapes = lines.filter(({ escaped }) => escaped);
  assert.deepEqual(escapes, []);
  const names = [...Object.keys(FILE_ATTACKS), ...Object.keys(PROCESS_ATTACKS)];
  assert.ok(names.length >= ATTACKS_AT_LEAST, `${names.length} attacks are left`);
  for (const role of ["app", "plugin"]) {
    const tried = lines.filter((line) => line.role === role).map(({ name }) => name);
    assert.deepEqual(tried, names, `attacks that were tried as ${role}`);
  }
}

Deno.test("no attack from an app or plugin room succeeds, run from source", async () => {
  await tryAttacks(Deno.execPath(), [
    "run",
    "--quiet",
    ...RUN_FLAGS,
    "tests/security/escape/main.ts",
  ]);
});

Deno.test("no attack from an app or plugin room succeeds, compiled", async (test) => {
  const program = await compileProgram("tests/security/escape/main.ts", [
    "tests/security/escape/rooms/app.ts",
  ]);
  await test.step({
    name: "every attack is denied",
    ignore: program === undefined, // where no runtime for `deno compile` can be had
    fn: () => tryAttacks(program?.path ?? "", []),
  });
});
