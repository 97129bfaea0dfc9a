/**
 * The README against the program: its commands exist, its examples run.
 * @module
 */
import assert from "node:assert/strict";
import { COMMANDS } from "../../src/commands/table.ts";
import { GLOBAL_OPTIONS } from "../../src/commands/table_options.ts";
import { VERSION } from "../../src/kernel/version.ts";
import { run, withHome } from "./command.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));
const project = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url)));

/** Every line of the README's shell examples, without its comment. */
const examples = [...readme.matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, block = ""]) => block.split("\n"))
  .map((line) => line.replace(/\s+#.*$/, "").trim())
  .filter((line) => line !== "");

/** A line of the README as words; quotes are the only syntax that its examples use. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}

Deno.test("the README's table of commands is the program's", () => {
  const rows = [...readme.matchAll(/^\| `pyra (\w+)` \| (.*) \|$/gm)];
  assert.deepEqual(rows.map(([, name]) => name), COMMANDS.map(({ name }) => name));
  for (const [, name, text = ""] of rows) {
    const entry = COMMANDS.find((command) => command.name === name);
    for (const { name: second } of entry?.commands ?? []) {
      assert.match(text, new RegExp(`\\b${second}\\b`), `pyra ${name} ${second}`);
    }
  }
});

Deno.test("the README names every global option", () => {
  for (const { flag } of GLOBAL_OPTIONS) {
    if (flag !== "--help" && flag !== "--version") assert.ok(readme.includes(flag), flag);
  }
});

Deno.test("the README's two commands are tasks, and the version is the project's", () => {
  for (const task of ["chat", "test", "compile", "release", "pyra"]) {
    assert.ok(task in project.tasks, task);
    assert.ok(readme.includes(`task ${task}`), task);
  }
  assert.equal(project.version, VERSION);
});

Deno.test("the README's examples with the demo run as they stand", async () => {
  const demos = examples.filter((line) => line.includes("--provider demo"));
  assert.ok(demos.length >= 3);
  await withHome(async (home) => {
    for (const line of demos) {
      const [before, after] = line.includes("|") ? line.split("|") : [undefined, line];
      const input = before === undefined ? {} : { input: words(before).slice(1).join(" ") };
      const result = await run(words(after ?? "").slice(1), { home, ...input });
      assert.equal(result.code, 0, `${line}: ${result.stderr}`);
      assert.notEqual(result.stdout, "", line);
    }
  });
});

Deno.test("the README's examples of settings run as they stand", async () => {
  await withHome(async (home) => {
    for (const line of examples.filter((line) => line.startsWith("pyra config"))) {
      const result = await run(words(line).slice(1), { home });
      assert.equal(result.code, 0, `${line}: ${result.stderr}`);
    }
    const got = await run(["config", "get", "ai.temperature"], { home });
    assert.equal(got.stdout.trim(), "0.2");
  });
});

Deno.test("the README's examples of notes run as they stand, one after the other", async () => {
  const notes = examples.filter((line) => /(^|\| )pyra memory /.test(line));
  assert.ok(notes.length >= 10);
  await withHome(async (home) => {
    for (const line of notes) {
      const [before, after] = line.includes("|") ? line.split("|") : [undefined, line];
      const input = before === undefined ? {} : { input: words(before).slice(1).join(" ") };
      const result = await run(words(after ?? "").slice(1), { home, ...input });
      assert.equal(result.code, 0, `${line}: ${result.stderr}`);
      assert.notEqual(result.stdout, "", line);
    }
  });
});

Deno.test("the README's examples of plugins and tools run as they stand", async () => {
  const plugins = examples.filter((line) => /^pyra (plugin|tools) /.test(line));
  assert.ok(plugins.length >= 10);
  await withHome(async (home) => {
    for (const line of plugins) {
      const result = await run(words(line).slice(1), { home });
      assert.equal(result.code, 0, `${line}: ${result.stderr}`);
      assert.notEqual(result.stdout + result.stderr, "", line);
    }
  });
});

Deno.test("the README's examples of the guard run as they stand", async () => {
  const guards = examples.filter((line) => line.includes("pyra security"));
  assert.ok(guards.length >= 4);
  await withHome(async (home) => {
    for (const line of guards) {
      const [shown = "", found] = line.split(" || ");
      const [before, after] = shown.includes("|") ? shown.split("|") : [undefined, shown];
      const input = before === undefined ? {} : { input: words(before).slice(1).join(" ") };
      const result = await run(words(after ?? "").slice(1), { home, ...input });
      assert.equal(result.code, found === undefined ? 0 : 1, `${line}: ${result.stderr}`);
      assert.notEqual(result.stdout, "", line);
    }
  });
});

Deno.test("every other example of the README is a command line that Pyra understands", async () => {
  await withHome(async (home) => {
    for (const line of examples.filter((line) => /(^|\| )pyra/.test(line))) {
      const command = words(line.slice(line.lastIndexOf("pyra ")).split(" <")[0] ?? "").slice(1);
      if (command[0] === undefined || /\s/.test(command[0])) continue;
      const result = await run([...command, "--help"], { home });
      assert.equal(result.code, 0, `${line}: ${result.stderr}`);
    }
  });
});
