import assert from "node:assert/strict";
import fc from "fast-check";
import { PyraError } from "../../../src/protocol/error.ts";
import { findCommand, resolveInvocation } from "../../../src/commands/invocation.ts";
import { nearest } from "../../../src/commands/nearest.ts";
import { editDistance } from "../../../src/protocol/edit_distance.ts";
import { parseCommand } from "../../../src/commands/program.ts";

function resolved(argv: readonly string[], { piped = false } = {}) {
  const invocation = resolveInvocation(argv, { piped });
  return invocation.kind === "help"
    ? `help ${invocation.named?.words.join(" ") ?? ""}`.trim()
    : [...invocation.named.words, "|", ...invocation.rest].join(" ");
}

function parsed(words: readonly string[], rest: readonly string[]) {
  const named = findCommand(words);
  assert.ok(named);
  return parseCommand(named, rest);
}

function usage(code: () => unknown): PyraError {
  try {
    code();
  } catch (error) {
    assert.ok(error instanceof PyraError, String(error));
    assert.equal(error.exitCode, 2);
    assert.equal(error.code, "usage");
    assert.ok(!/\n/.test(error.message + error.hint));
    return error;
  }
  throw new Error("nothing was thrown");
}

Deno.test("no words are the chat on a terminal, and a question when input is piped", () => {
  assert.equal(resolved([]), "chat |");
  assert.equal(resolved([], { piped: true }), "ask |");
  assert.equal(resolved(["--provider", "demo"]), "chat | --provider demo");
  assert.equal(resolved(["--provider", "demo"], { piped: true }), "ask | --provider demo");
});

Deno.test("a first word with white space is a question, also when it begins with a dash", () => {
  assert.equal(resolved(["why is it?"]), "ask | why is it?");
  assert.equal(resolved(["why is it?", "--json"]), "ask | why is it? --json");
  assert.equal(resolved(["two\nlines"]), "ask | two\nlines");
  assert.equal(resolved(["-5 + 3", "-m", "x"]), "ask | -m x -- -5 + 3");
  assert.deepEqual(parsed(["ask"], ["-m", "x", "--", "-5 + 3"]), {
    arguments: ["-5 + 3"],
    options: { "--model": "x" },
  });
});

Deno.test("options before a question do not hide it", () => {
  assert.equal(resolved(["--model", "x", "why is it?"]), "ask | --model x why is it?");
  assert.equal(resolved(["--system=be brief"]), "chat | --system=be brief");
});

Deno.test("commands are found, and what follows is theirs", () => {
  assert.equal(resolved(["ask", "hello", "you"]), "ask | hello you");
  assert.equal(resolved(["vault", "set", "name", "--stdin"]), "vault set | name --stdin");
  assert.equal(resolved(["sessions", "export", "1"]), "sessions export | 1");
});

Deno.test("help wins over everything before --, and knows what it is about", () => {
  assert.equal(resolved(["--help"]), "help");
  assert.equal(resolved(["-h"]), "help");
  assert.equal(resolved(["ask", "--help"]), "help ask");
  assert.equal(resolved(["--help", "ask"]), "help ask");
  assert.equal(resolved(["vault", "-h"]), "help vault");
  assert.equal(resolved(["vault", "set", "--nonsense", "--help"]), "help vault set");
  assert.equal(resolved(["some words", "--help"]), "help ask");
  assert.equal(resolved(["ask", "--", "--help"]), "ask | -- --help");
});

Deno.test("the version can be asked for by an option", () => {
  assert.equal(resolved(["--version"]), "version |");
});

Deno.test("an unknown word is refused with the nearest command and pyra ask", () => {
  const error = usage(() => resolveInvocation(["setpu"], { piped: false }));
  assert.match(error.message, /"setpu"/);
  assert.match(error.hint, /pyra setup\b/);
  assert.match(error.hint, /pyra ask setpu/);
  usage(() => resolveInvocation([""], { piped: false }));
  usage(() => resolveInvocation(["setpu", "--help"], { piped: false }));
});

Deno.test("an unknown word of a group is refused with the nearest one of the group", () => {
  assert.match(
    usage(() => resolveInvocation(["vault", "lst"], { piped: false })).hint,
    /vault list/,
  );
  assert.match(
    usage(() => resolveInvocation(["config"], { piped: false })).message,
    /get, set, unset, edit, path, list/,
  );
});

Deno.test("an unknown option is refused with the nearest one", () => {
  assert.match(usage(() => parsed(["ask"], ["--modle", "x"])).hint, /--model\b/);
  assert.match(usage(() => parsed(["ask"], ["--modle=x"])).hint, /--model\b/);
  assert.match(usage(() => parsed(["ask"], ["--modle=x"])).message, /--modle$/);
  assert.match(usage(() => parsed(["vault", "set"], ["n", "--orgin", "u"])).hint, /--origin\b/);
  assert.match(usage(() => parsed(["version"], ["--jsn"])).hint, /--json\b/);
  assert.match(usage(() => parsed(["ask"], ["-z"])).message, /-z$/);
});

Deno.test("missing and surplus words, and missing values, are refused with the usage", () => {
  assert.match(usage(() => parsed(["config", "set"], ["ai.model"])).message, /VALUE/);
  assert.match(usage(() => parsed(["sessions", "rm"], [])).message, /ID/);
  assert.match(usage(() => parsed(["config", "path"], ["x"])).hint, /usage: pyra config path$/);
  assert.match(usage(() => parsed(["ask"], ["--model"])).message, /^--model needs a value$/);
});

Deno.test("a command or JSON that the shell took apart is told to be quoted", () => {
  const risk = usage(() => parsed(["security", "risk"], ["rm", "-rf", "build"]));
  assert.match(risk.hint, /^put COMMAND in quotes: '…'/);
  assert.match(
    usage(() => parsed(["security", "risk"], ["git", "status"])).hint,
    /COMMAND in quotes/,
  );
  const call = usage(() => parsed(["tools", "call"], ["a", '{"b":', "1}"]));
  assert.match(call.hint, /^put JSON in quotes/);
  assert.match(usage(() => parsed(["tools", "call"], ["a", "--jsn"])).hint, /--json\b/);
});

Deno.test("values are read in all the ways that people write them", () => {
  const values = parsed(["ask"], [
    "--attach",
    "a.png",
    "what",
    "-m=x",
    "--attach=b c.txt",
    "--no-stream",
    "is",
    "this",
    "--max-tokens",
    "5",
  ]);
  assert.deepEqual(values.arguments, ["what", "is", "this"]);
  assert.deepEqual(values.options["--attach"], ["a.png", "b c.txt"]);
  assert.equal(values.options["--no-stream"], true);
  assert.equal(values.options["--max-tokens"], "5");
  assert.deepEqual(parsed(["ask"], ["hello"]).options, {});
});

Deno.test("no command line makes the parser throw anything but a usage error", () => {
  const word = fc.oneof(
    fc.constantFrom("ask", "vault", "set", "--", "--help", "-h", "-", "--attach", "--model", "="),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.boolean(), (argv, piped) => {
      try {
        const invocation = resolveInvocation(argv, { piped });
        if (invocation.kind === "run") parseCommand(invocation.named, invocation.rest);
      } catch (error) {
        assert.ok(error instanceof PyraError && error.code === "usage", String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("the distance of two words is a metric, with swaps as one step", () => {
  assert.equal(editDistance("model", "modle"), 1);
  assert.equal(editDistance("kitten", "sitting"), 3);
  fc.assert(fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
    assert.equal(editDistance(a, b), editDistance(b, a));
    assert.equal(editDistance(a, b) === 0, a === b);
    assert.ok(editDistance(a, b) <= Math.max([...a].length, [...b].length));
  }));
  assert.equal(nearest("x", []), undefined);
  assert.equal(nearest("CHAT", ["ask", "chat"]), "chat");
});
