import assert from "node:assert/strict";
import fc from "fast-check";
import { namedPaths, optionValues, parseCommandLine } from "../../../src/kernel/command_line.ts";
import { KernelError } from "../../../src/kernel/error.ts";

Deno.test("global options are read anywhere before -- and kept from the rest", () => {
  const line = parseCommandLine(["ask", "--json", "hi", "--home", "/h", "--", "--verbose"]);
  assert.deepEqual(line.rest, ["ask", "hi", "--", "--verbose"]);
  assert.equal(line.options.json, true);
  assert.equal(line.options.verbose, false);
  assert.equal(line.home, "/h");
});

Deno.test("a value may be joined with =, and --no-color turns colour off", () => {
  const line = parseCommandLine(["--profile=work", "--no-color", "chat"]);
  assert.equal(line.profile, "work");
  assert.equal(line.options.color, false);
  assert.deepEqual(line.words, ["chat"]);
});

Deno.test("a global option without its value is a usage error", () => {
  for (const args of [["--home"], ["--profile", ""], ["--passphrase-fd", "x"], ["--workspace="]]) {
    assert.throws(
      () => parseCommandLine(args),
      (error) => error instanceof KernelError && error.exitCode === 2,
    );
  }
});

Deno.test("the words of a group are two, a prompt has none", () => {
  assert.deepEqual(parseCommandLine(["vault", "set", "x"]).words, ["vault", "set"]);
  assert.deepEqual(parseCommandLine(["ask", "vault"]).words, ["ask"]);
  assert.deepEqual(parseCommandLine(["two words"]).words, []);
});

Deno.test("paths that the person named are found in both spellings, and not behind --", () => {
  const line = parseCommandLine(["ask", "--attach", "a", "--attach=b", "--", "--attach", "c"]);
  assert.deepEqual(namedPaths(line).map(({ path }) => path), ["a", "b"]);
  const prompt = parseCommandLine(["what is this", "--attach", "a"]);
  assert.deepEqual(namedPaths(prompt), [{ path: "a", access: "read" }]);
});

Deno.test("a path may be an argument, and only the one in its place is granted", () => {
  const line = parseCommandLine(["memory", "import", "--dry-run", "notes", "knowledge", "--json"]);
  assert.deepEqual(namedPaths(line), [{ path: "notes", access: "read" }]);
  assert.deepEqual(namedPaths(parseCommandLine(["memory", "import"])), []);
  assert.deepEqual(namedPaths(parseCommandLine(["memory", "show", "notes"])), []);
});

Deno.test("no command line makes the parser throw anything but a usage error", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom("--home", "--json", "--"))),
      (args) => {
        try {
          const line = parseCommandLine(args);
          optionValues(line, "--attach");
          return line.rest.length <= args.length;
        } catch (error) {
          return error instanceof KernelError && error.code === "usage";
        }
      },
    ),
  );
});

Deno.test("words that every object has are words", () => {
  const words = ["ask", "explain", "toString", "constructor", "valueOf", "__proto__"];
  assert.deepEqual(parseCommandLine(words).rest, words);
});

Deno.test("an address of a repository is no path", () => {
  const pathsOf = (typed: string) =>
    namedPaths(parseCommandLine(["plugin", "install", typed])).map(({ path }) => path);
  for (const address of ["https://a.example/b", "git@a.example:b/c.git", "ssh://git@a.example/b"]) {
    assert.deepEqual(pathsOf(address), []);
  }
  for (const path of ["./git@a.example:b", "/srv/b.git", "b@c"]) {
    assert.deepEqual(pathsOf(path), [path]);
  }
});
