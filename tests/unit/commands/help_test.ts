import assert from "node:assert/strict";
import { allCommands } from "../../../src/commands/command_entry.ts";
import { COMMANDS } from "../../../src/commands/table.ts";
import { GLOBAL_OPTIONS } from "../../../src/commands/table_options.ts";
import { TestProfile } from "../../fakes/command_context.ts";

Deno.test("the help of Pyra names every command and every global option", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["--help"]);
  assert.equal(code, 0);
  assert.equal(err, "");
  for (const { name, summary } of COMMANDS) {
    assert.match(out, new RegExp(`^  ${name} +\\S`, "m"));
    assert.ok(out.replaceAll(/\s+/g, " ").includes(summary), name);
  }
  for (const { flag } of GLOBAL_OPTIONS) assert.ok(out.includes(flag), flag);
  assert.match(out, /Examples:\n {2}pyra\n/);
});

Deno.test("the help of every command has its usage, its options and its examples", async () => {
  await using profile = await TestProfile.create();
  for (const { words, entry } of allCommands(COMMANDS)) {
    const { code, out } = await profile.run([...words, "--help"]);
    assert.equal(code, 0);
    assert.ok(out.startsWith(`Usage: pyra ${words.join(" ")}`), out);
    const text = out.replaceAll(/\s+/g, " ");
    for (const { flag, description } of entry.options) {
      assert.ok(text.includes(flag), `${words} ${flag}`);
      assert.ok(text.includes(description), `${words} ${flag}`);
    }
    for (const inner of entry.commands) assert.match(out, new RegExp(`^  ${inner.name} `, "m"));
    for (const { line } of entry.examples) assert.ok(out.includes(`  ${line}\n`), line);
    assert.match(out, /^Examples:$/m);
    assert.deepEqual((await profile.run(["help", ...words])).out, out);
  }
});

Deno.test("the help of a command, as it looks on 60 columns", async () => {
  await using profile = await TestProfile.create();
  const { out } = await profile.run(["sessions", "export", "--help"], { columns: 60 });
  assert.equal(
    out,
    `Usage: pyra sessions export [options] ID

Writes a conversation as Markdown or JSON.

Options:
  -f, --format <FORMAT>  md or json (default md)
  --output <FILE>        writes to this file instead of standard output

Examples:
  pyra sessions export 1m7y91 --format md --output talk.md
      a file to read or share

Options that every command takes: see pyra --help
`,
  );
});

Deno.test("help as JSON is the command table", async () => {
  await using profile = await TestProfile.create();
  const { out } = await profile.run(["help"], { options: { json: true } });
  assert.deepEqual(JSON.parse(out).commands.map(({ name }: { name: string }) => name), [
    ...COMMANDS.map(({ name }) => name),
  ]);
});

Deno.test("help about what is no command names the nearest one", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err } = await profile.run(["help", "vualt"]);
  assert.equal(code, 2);
  assert.equal(out, "");
  assert.match(err, /^pyra: .*vault.*\n$/);
  assert.equal((await profile.run(["help", "ask", "more"])).code, 2);
});

Deno.test("the version, plain and as JSON", async () => {
  await using profile = await TestProfile.create();
  assert.equal((await profile.run(["version"])).out, "pyra 1.2.3\n");
  assert.equal((await profile.run(["--version"])).out, "pyra 1.2.3\n");
  const { out } = await profile.run(["version"], { options: { json: true } });
  assert.equal(JSON.parse(out).version, "1.2.3");
});

Deno.test("help loads neither providers nor schemas nor any heavy package", async () => {
  const entry = new URL("../../../src/commands/help.ts", import.meta.url);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry.href],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  // Types are free: only what is loaded counts, now or when it is asked for.
  const loads = new Map<string, string[]>(
    modules.map(({ specifier, dependencies = [] }: Module) => [
      specifier,
      dependencies.flatMap(({ specifier, code }) => code?.specifier ?? (code ? specifier : [])),
    ]),
  );
  const loaded = new Set([entry.href]);
  for (const name of loaded) for (const next of loads.get(name) ?? []) loaded.add(next);
  const names = [...loaded].join("\n");
  assert.match(names, /commander/);
  assert.doesNotMatch(names, /openai|zod|yaml|pi-tui|clack|src\/(providers|chat|sessions|config)/);
});

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
  }[];
}
