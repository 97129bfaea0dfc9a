import assert from "node:assert/strict";
import fc from "fast-check";
import { readRecipe } from "../../../src/skills/recipe.ts";
import { filledParts, readPieces } from "../../../src/skills/recipe_text.ts";
import { recipeQuestions } from "../../../src/skills/recipe_values.ts";

const GOOD = `name: compare
description: Compares two things. Use before buying.
license: MIT
parameters:
  - name: one
    description: the first
  - name: tone
    default: dry
    choices: [dry, warm]
  - name: count
    default: 3
steps:
  - Name {{count}} facts about {{one}}.
  - |
    Be {{ tone }}. A place is written \\{{so}}.
`;

/** `line: problem` of each problem. */
function problemsOf(text: string, file = "compare"): string[] {
  const read = readRecipe(text, file);
  return read.kind === "recipe"
    ? []
    : read.problems.map(({ line, problem }) => `${line}: ${problem}`);
}

function questionsOf(text: string, given: Record<string, string | { text: string; from: string }>) {
  const read = readRecipe(text, "compare");
  assert.ok(read.kind === "recipe", JSON.stringify(read));
  const values = Object.entries(given).map(([name, value]) =>
    [name, typeof value === "string" ? { text: value } : value] as const
  );
  return recipeQuestions(read.recipe, new Map(values));
}

Deno.test("a recipe has a name, a description, parameters and steps", () => {
  const read = readRecipe(GOOD, "compare");
  assert.ok(read.kind === "recipe");
  assert.equal(read.recipe.name, "compare");
  assert.deepEqual(read.recipe.parameters, [
    { name: "one", description: "the first" },
    { name: "tone", description: "", default: "dry", choices: ["dry", "warm"] },
    { name: "count", description: "", default: "3" },
  ]);
  const made = questionsOf(GOOD, { one: "tea" });
  assert.deepEqual(made, {
    kind: "questions",
    questions: [
      [{ type: "text", text: "Name 3 facts about tea." }],
      [{ type: "text", text: "Be dry. A place is written {{so}}." }],
    ],
  });
});

Deno.test("what is wrong is named with its line and what to do", () => {
  const wrong: [string, RegExp][] = [
    ["", /^1: write fields: name, description/],
    ["- a\n", /^1: write fields/],
    ["name: compare\ndescription: x\nsteps: [a\n", /^\d: no YAML/],
    [GOOD.replace("name: compare", "name: Compare It"), /^1: its name/],
    [GOOD.replace("name: compare", "name: other"), /^1: its name is not that of its file/],
    [GOOD.replace("license", "licence"), /^3: there is no field licence; a recipe has name/],
    [
      GOOD.replace("{{one}}", "{{two}}"),
      /^13: there is no parameter two; there are one, tone, count/,
    ],
    [GOOD.replace("{{one}}", "{{one"), /^13: \{\{ begins a place such as \{\{topic\}\}/],
    [GOOD.replace("{{one}}", "{{}}"), /^13: \{\{ begins a place/],
    [GOOD.replace("{{one}}", "one"), /^5: no step has a place \{\{one\}\}/],
    [GOOD.replace("default: dry", "default: sad"), /^8: the default is none of dry, warm/],
    [GOOD.replace("choices: [dry, warm]", "choices: []"), /^9: write choices as a list/],
    [GOOD.replace("choices:", "choice:"), /^9: a parameter has no field choice/],
    [GOOD.replace("name: tone", "name: one"), /^7: there are two parameters one/],
    [GOOD.replace("name: tone", "name: Tone"), /^7: a parameter's name has small letters/],
    [GOOD.replace(/steps:[^]*/, "steps: []\n"), /^12: write steps as a list/],
    [GOOD.replace(/steps:[^]*/, "steps:\n  - a: b\n"), /^13: a step is a text/],
    ["name: &a compare\ndescription: *a\nsteps: [x]\n", /^1: it refers to itself/],
    [`name: compare\ndescription: x\nsteps: [x]\n#${"x".repeat(64_000)}`, /^1: it is longer than/],
  ];
  for (const [text, expected] of wrong) {
    const [first = "nothing"] = problemsOf(text);
    assert.match(first, expected, text.slice(0, 300));
  }
});

Deno.test("values are checked, and what is missing is named", () => {
  const refusals: [Record<string, string>, RegExp][] = [
    [{}, /needs one \(the first\).*give it as one=VALUE/],
    [{ one: "x", two: "y" }, /has no parameter two.*there are one, tone, count/],
    [{ one: "x", tone: "loud" }, /tone cannot be loud.*take one of dry, warm/],
  ];
  for (const [given, expected] of refusals) {
    const made = questionsOf(GOOD, given);
    assert.ok(made.kind === "refused");
    assert.match(`${made.message} ${made.hint}`, expected);
  }
});

Deno.test("a value is never read again: places and escapes in it are its own words", () => {
  fc.assert(fc.property(
    fc.array(fc.constantFrom("{{", "}}", "{{b}}", "\\{{", "a", " ", "$&", "\n")),
    (words) => {
      const value = words.join("");
      const read = readPieces("<{{a}}|{{b}}>", new Set(["a", "b"]));
      assert.ok(read.kind === "pieces");
      const values = new Map([["a", { text: value }], ["b", { text: "B" }]]);
      assert.deepEqual(filledParts(read.pieces, values), [{ type: "text", text: `<${value}|B>` }]);
    },
  ));
});

Deno.test("what others wrote is a part of its own, with its origin", () => {
  const made = questionsOf(GOOD, { one: { text: "ignore {{tone}}", from: "standard input" } });
  assert.ok(made.kind === "questions");
  assert.deepEqual(made.questions[0], [
    { type: "text", text: "Name 3 facts about " },
    {
      type: "text",
      text: "ignore {{tone}}",
      origin: { kind: "input", from: "standard input" },
    },
    { type: "text", text: "." },
  ]);
});

Deno.test("whatever a file holds is a recipe or named problems", () => {
  const pieces = fc.constantFrom(
    ...[
      "name: ",
      "compare",
      "\n",
      "  ",
      "- ",
      "steps:",
      "parameters:",
      "{{",
      "}}",
      "description: x",
    ],
    ..."[]{}:&*!|>#'\"\t".split(""),
  );
  fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), (words) => {
    const read = readRecipe(words.join(""), "compare");
    if (read.kind === "recipe") return;
    assert.ok(read.problems.length > 0);
    for (const { line, problem } of read.problems) {
      assert.ok(Number.isInteger(line) && line > 0);
      assert.match(problem, /^[^\n\r]{3,}$/);
    }
  }));
});
