import assert from "node:assert/strict";
import * as z from "zod/mini";
import { buildViolations, taskViolations } from "./build_flags.ts";

const TOP = new URL("../../", import.meta.url);

const Tasks = z.object({
  tasks: z.record(z.string(), z.union([z.string(), z.object({ command: z.string() })])),
});

async function tasks(): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(new URL("deno.json", TOP));
  const entries = Object.entries(Tasks.parse(JSON.parse(text)).tasks);
  return Object.fromEntries(
    entries.map(([name, task]) => [name, typeof task === "string" ? task : task.command]),
  );
}

async function buildSources(): Promise<string[]> {
  const sources: string[] = [];
  for await (const { name } of Deno.readDir(new URL(".build/", TOP))) {
    if (name.endsWith(".ts")) sources.push(await Deno.readTextFile(new URL(`.build/${name}`, TOP)));
  }
  return sources;
}

const SOUND = `
  // never -A
  const args = ["compile", "--no-prompt", "--allow-read", "--no-code-cache",
    "--v8-flags=--disallow-code-generation-from-strings", "--output", output, main];
`;

Deno.test("the program is compiled with named rights, without a code cache and native code", async () => {
  assert.deepEqual(buildViolations(await buildSources()), []);
});

Deno.test("no task gives all rights", async () => {
  assert.deepEqual(taskViolations(await tasks()), []);
});

Deno.test("the tasks that the README names are there", async () => {
  const names = Object.keys(await tasks());
  for (const name of ["pyra", "chat", "test", "bench", "ok", "compile", "release"]) {
    assert.ok(names.includes(name), `deno task ${name} is missing`);
  }
});

Deno.test("each planted flag, and each one that is missing, is found", () => {
  assert.deepEqual(buildViolations([SOUND]), []);
  for (
    const flag of [
      "-A",
      "--allow-all",
      "--allow-ffi",
      "--allow-ffi=lib.so",
      "--unstable-raw-imports",
    ]
  ) {
    assert.equal(buildViolations([SOUND, `const more = ["${flag}"];`]).length, 1, flag);
    assert.equal(taskViolations({ pyra: `deno run ${flag} main.ts` }).length, 1, flag);
  }
  for (
    const flag of [
      "--no-code-cache",
      "--no-prompt",
      "--disallow-code-generation-from-strings",
      "compile",
    ]
  ) {
    assert.equal(buildViolations([SOUND.replaceAll(flag, "")]).length, 1, flag);
    assert.equal(buildViolations([SOUND.replaceAll(flag, "") + `\n// ${flag}`]).length, 1, flag);
  }
  assert.deepEqual(taskViolations({ pyra: "deno run --allow-read main.ts" }), []);
});
