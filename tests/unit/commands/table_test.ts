import assert from "node:assert/strict";
import { allCommands, type OptionEntry, usage } from "../../../src/commands/command_entry.ts";
import { COMMANDS } from "../../../src/commands/table.ts";
import { GLOBAL_OPTIONS } from "../../../src/commands/table_options.ts";
import { parseCommandLine, PATH_OPTIONS } from "../../../src/kernel/command_line.ts";
import { resolveInvocation } from "../../../src/commands/invocation.ts";
import { parseCommand } from "../../../src/commands/program.ts";

const ALL = allCommands(COMMANDS);

function flags(option: OptionEntry): string[] {
  return option.short === undefined ? [option.flag] : [option.flag, option.short];
}

Deno.test("every command of the architecture is in the table", () => {
  assert.deepEqual(
    ALL.filter(({ entry }) => entry.commands.length === 0).map(({ words }) => words.join(" ")),
    [
      ..."chat ask setup".split(" "),
      ..."get set unset edit path list".split(" ").map((name) => `config ${name}`),
      ..."list show resume fork export rm search".split(" ").map((name) => `sessions ${name}`),
      ..."list show search write append edit mv rm undo history reindex stats export import"
        .split(" ").map((name) => `memory ${name}`),
      ..."list run show new".split(" ").map((name) => `recipe ${name}`),
      ..."list available install enable disable setup info remove new dev grants logs test"
        .split(" ").map((name) => `plugin ${name}`),
      ..."list call rules".split(" ").map((name) => `tools ${name}`),
      ..."scan redact risk log".split(" ").map((name) => `security ${name}`),
      "usage",
      ..."status list set rm rotate unlock lock recipients import export passphrase".split(" ")
        .map((name) => `vault ${name}`),
      ..."run start stop restart status reload logs install uninstall".split(" ")
        .map((name) => `daemon ${name}`),
      ..."add list show run history enable disable rm".split(" ").map((name) => `schedule ${name}`),
      ..."doctor completions version help".split(" "),
    ],
  );
});

Deno.test("the kernel grants exactly the paths that the table names", () => {
  const wanted = Object.fromEntries(
    ALL.flatMap(({ words, entry }) => {
      const options = entry.options.flatMap(({ flag, path }) =>
        path === "read" || path === "write" ? [{ at: flag, access: path }] : []
      );
      const positions = entry.arguments.flatMap(({ path }, at) =>
        path === "read" || path === "write" ? [{ at, access: path }] : []
      );
      const all = [...options, ...positions];
      return all.length > 0 ? [[words.join(" "), all]] : [];
    }),
  );
  assert.deepEqual(PATH_OPTIONS, wanted);
});

Deno.test("the kernel reads every global option and leaves the rest to the table", () => {
  for (const { flag, value } of GLOBAL_OPTIONS) {
    if (flag === "--help" || flag === "--version") continue;
    const args = value === undefined ? [flag] : [flag, flag === "--passphrase-fd" ? "3" : "x"];
    assert.deepEqual(parseCommandLine([...args, "ask", "hello"]).rest, ["ask", "hello"], flag);
  }
  const global = new Set(GLOBAL_OPTIONS.flatMap(flags));
  for (const { entry, words } of ALL) {
    for (const flag of entry.options.flatMap(flags)) {
      assert.ok(!global.has(flag), `${words.join(" ")} ${flag}`);
    }
  }
});

Deno.test("the kernel sees the same command words as the table", () => {
  for (const { words, entry } of ALL) {
    if (entry.commands.length > 0) continue;
    assert.deepEqual(parseCommandLine([...words, "x"]).words.slice(0, words.length), words);
  }
});

Deno.test("a flag means the same in every command, so that completions can know it", () => {
  const seen = new Map<string, OptionEntry>();
  for (const option of [...GLOBAL_OPTIONS, ...ALL.flatMap(({ entry }) => entry.options)]) {
    for (const flag of flags(option)) {
      const other = seen.get(flag) ?? option;
      assert.equal(other.flag, option.flag, flag);
      assert.equal(other.value === undefined, option.value === undefined, flag);
      assert.deepEqual(other.complete, option.complete, flag);
      seen.set(flag, option);
    }
  }
});

Deno.test("every example of the table is a command line that it understands", () => {
  for (const { entry } of ALL) {
    for (const { line } of entry.examples) {
      const command = line.slice(line.indexOf("pyra")).split(/ [<>|]/, 1)[0] ?? "";
      const words = [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)]
        .map(([, single, double, plain]) => single ?? double ?? plain ?? "");
      const { rest } = parseCommandLine(words.slice(1));
      const invocation = resolveInvocation(rest, { piped: false });
      if (invocation.kind === "run") parseCommand(invocation.named, invocation.rest);
    }
  }
});

Deno.test("words, summaries and usages are written alike", () => {
  for (const named of ALL) {
    const { entry } = named;
    assert.match(entry.name, /^[a-z]+$/);
    assert.match(entry.summary, /^[a-z].*[^.]$/);
    assert.ok(entry.commands.length > 0 || entry.examples.length > 0, entry.name);
    for (const { flag, value, description } of entry.options) {
      assert.match(flag, /^--[a-z]+(-[a-z]+)*$/);
      assert.match(description, /^[a-z].*[^.]$/);
      if (value !== undefined) assert.match(value, /^[A-Z_]+$/);
    }
    assert.ok(usage(named).startsWith(named.words.join(" ")));
  }
});
