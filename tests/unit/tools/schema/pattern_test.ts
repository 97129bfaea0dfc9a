import assert from "node:assert/strict";
import fc from "fast-check";
import { BudgetSpent, Pattern } from "../../../../src/tools/schema/pattern.ts";

function occurs(source: string, text: string, budget = { left: 1_000_000 }): boolean {
  const pattern = Pattern.of(source);
  assert.ok(pattern instanceof Pattern, source);
  return pattern.occursIn(text, budget);
}

Deno.test("patterns find what the engine finds", () => {
  const patterns = [
    "^[a-z]+(-[a-z0-9]+)*$",
    "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?)?$",
    "a|b",
    "^(?:ab|a)(?<rest>c|bcd)?$",
    "\\bcat\\B",
    "^$",
    "",
    "^.{2,}$",
    "[^\\]a]",
    "\\p{L}\\u{1F600}?",
    "^a{0}b{2}c{1,3}d*?e+?$",
    "x*",
    "(a*)*b",
    "^[\\w.+-]+@[\\w-]+\\.[a-z]{2,}$",
    "\\/\\.\\$",
    "(^a|b$)",
    "()",
    "(|a)+",
  ];
  const texts = [
    "",
    "a",
    "ab",
    "abcd",
    "abc",
    "b",
    "bbcc",
    "bbcccde",
    "a-b-c9",
    "a--b",
    "2026-11-21",
    "2026-11-21T10:20",
    "cats",
    "cat",
    "concat",
    "]",
    "é😀",
    "😀",
    "me@x.org",
    "me@x",
    "/.$",
    "aa\nb",
  ];
  for (const pattern of patterns) {
    for (const text of texts) {
      assert.equal(
        occurs(pattern, text),
        new RegExp(pattern, "u").test(text),
        `${pattern} ${text}`,
      );
    }
  }
});

Deno.test("random patterns find what the engine finds", () => {
  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "^", "$", "\\b", "\\B", "é");
  const mark = fc.constantFrom("", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?");
  const { pattern } = fc.letrec<{ pattern: string; piece: string }>((tie) => ({
    piece: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atom, mark).map(([part, count]) =>
        /^(\^|\$|\\b)$/i.test(part) ? part : part + count
      ),
      fc.tuple(tie("pattern"), mark).map(([inner, count]) => `(${inner})${count}`),
    ),
    pattern: fc.array(fc.oneof(tie("piece"), fc.constant("|")), { maxLength: 4 })
      .map((parts) => parts.join("")),
  }));
  const text = fc.array(fc.constantFrom("a", "b", "é", " ", "\n"), { maxLength: 7 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(pattern, text, (source, text) => {
      assert.equal(occurs(source, text), new RegExp(source, "u").test(text));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("patterns that bring the engine to a halt do not matter", () => {
  const text = "a".repeat(10_000);
  for (const source of ["^(a+)+$b", "^(a|a)*b", "(.*)*(.*)*(.*)*x", "^(a|aa|a*){20}b"]) {
    const budget = { left: 5_000_000 };
    try {
      assert.equal(occurs(source, text, budget), false);
    } catch (thrown) {
      assert.ok(thrown instanceof BudgetSpent);
    }
    assert.ok(budget.left < 5_000_000);
  }
});

Deno.test("what cannot be used says why", () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["(", /not a regular expression/],
    ["a(?=b)", /not supported here/],
    ["(?<!a)b", /not supported here/],
    ["(a)\\1", /not supported here/],
    ["(?<n>a)\\k<n>", /not supported here/],
    ["a".repeat(1_001), /longer than/],
    ["((a{500}){500}){500}", /too large/],
    ["(((){5000}){5000}){5000}", /too large/],
    [`${"(".repeat(100)}a${")".repeat(100)}`, /not supported/],
  ];
  for (const [source, problem] of refused) {
    const pattern = Pattern.of(source);
    assert.ok(!(pattern instanceof Pattern), source);
    assert.match(pattern.problem, problem);
  }
});
