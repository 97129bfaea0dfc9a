import assert from "node:assert/strict";
import fc from "fast-check";
import { CODE_LANGUAGES, LANGUAGE_ALIASES } from "../../../../src/repl/markdown/code_languages.ts";
import { highlighterFor } from "../../../../src/repl/markdown/highlight.ts";

/** The parts that are not plain, as `scope:text`. */
function colored(language: string, code: string): string[] {
  const highlighter = highlighterFor(language);
  assert.ok(highlighter, language);
  return code.split("\n").flatMap((line) => highlighter.line(line)).filter((part) =>
    part.scope !== "plain"
  ).map((part) => `${part.scope}:${part.text}`);
}

Deno.test("comments, strings, numbers and words are told apart", () => {
  assert.deepEqual(colored("ts", 'const a = f("x\\"y", 0x1f); // c'), [
    "keyword:const",
    "title:f",
    'string:"x\\"y"',
    "number:0x1f",
    "comment:// c",
  ]);
  assert.deepEqual(colored("sql", "SELECT 1 -- x"), ["keyword:SELECT", "number:1", "comment:-- x"]);
  assert.deepEqual(colored("sh", 'echo "$x" a#b # c'), [
    "keyword:echo",
    'string:"$x"',
    "comment:# c",
  ]);
  assert.deepEqual(colored("yaml", "- key: 1 # c"), ["key:key", "number:1", "comment:# c"]);
  assert.deepEqual(colored("diff", "+a\n-b\n c"), ["addition:+a", "deletion:-b"]);
});

Deno.test("what is open goes on in the next line, and ends", () => {
  assert.deepEqual(colored("js", "a /* b\nc */ let d = `e\nf`; if"), [
    "comment:/*",
    "comment: b",
    "comment:c */",
    "keyword:let",
    "string:`",
    "string:e",
    "string:f`",
    "keyword:if",
  ]);
  assert.deepEqual(colored("py", '"""a\nb""" def'), [
    'string:"""',
    "string:a",
    'string:b"""',
    "keyword:def",
  ]);
  assert.deepEqual(colored("html", "<a href='x'><!-- b\nc --></a>"), [
    "tag:<a",
    "key:href",
    "string:'x'",
    "tag:>",
    "comment:<!--",
    "comment: b",
    "comment:c -->",
    "tag:</a",
    "tag:>",
  ]);
});

Deno.test("an unknown language has no colours; a name from the prototype is unknown", () => {
  for (const name of ["", "brainfuck", "constructor", "__proto__"]) {
    assert.equal(highlighterFor(name), undefined, name);
  }
});

Deno.test("every alias names a language", () => {
  for (const [alias, name] of Object.entries(LANGUAGE_ALIASES)) {
    assert.ok(name in CODE_LANGUAGES, alias);
    assert.ok(!(alias in CODE_LANGUAGES), `${alias} is a language already`);
  }
});

Deno.test("no character is lost, in any language, and a copy goes on alike", () => {
  const names = [...Object.keys(CODE_LANGUAGES), "html", "diff"];
  const line = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.array(
      fc.constantFrom(...'/* */ // # " \' ` \\ <!-- --> < > = """ $x {} 1.5e3 if é'.split(" ")),
    )
      .map((parts) => parts.join(" ")),
  );
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.array(line), (name, lines) => {
      const highlighter = highlighterFor(name);
      assert.ok(highlighter);
      for (const text of lines) {
        const copy = highlighter.fork();
        const parts = highlighter.line(text);
        assert.equal(parts.map((part) => part.text).join(""), text);
        assert.deepEqual(copy.line(text), parts);
      }
    }),
    { numRuns: 2_000 },
  );
});
