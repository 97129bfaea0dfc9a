import assert from "node:assert/strict";
import fc from "fast-check";
import { readArguments } from "../../../src/tools/arguments.ts";
import { readJson } from "../../../src/tools/json_text.ts";
import { vetSchema } from "../../../src/tools/schema/vet.ts";
import { someText } from "./some_rules.ts";

const SCHEMA = vetSchema({
  type: "object",
  properties: {
    city: { type: "string" },
    days: { type: "integer", minimum: 1 },
    exact: { type: "boolean" },
    tags: { type: "array", items: { enum: ["a", "b", 3] } },
    where: { anyOf: [{ type: "null" }, { type: "object", properties: { x: { type: "number" } } }] },
  },
  additionalProperties: false,
});

function read(text: string): unknown {
  const found = readArguments(text, SCHEMA);
  return found.kind === "valid" ? found.value : found.message;
}

Deno.test("arguments that fit are taken as they are, and cannot be changed afterwards", () => {
  const given = { city: "Bonn", days: 3, exact: true, tags: ["a"], where: { x: 1.5 } };
  const found = readArguments(JSON.stringify(given), SCHEMA);
  assert.ok(found.kind === "valid");
  assert.deepEqual(found.value, given);
  assert.ok(Object.isFrozen(found.value) && Object.isFrozen(found.value["tags"]));
});

Deno.test("what models often get wrong is mended if it fits then", () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ["", {}],
    ["  \n", {}],
    ["null", {}],
    ['""', {}],
    ['"{\\"city\\": \\"Bonn\\"}"', { city: "Bonn" }],
    ['{"days": "3", "exact": "True"}', { days: 3, exact: true }],
    ['{"tags": "[\\"a\\", \\"3\\"]"}', { tags: ["a", 3] }],
    ['{"where": "{\\"x\\": \\"1.5\\"}"}', { where: { x: 1.5 } }],
    ['{"where": "null"}', { where: null }],
    ['{"city": 5}', { city: "5" }],
  ];
  for (const [text, value] of cases) assert.deepEqual(read(text), value);
});

Deno.test("what is not surely meant is not mended, and the sentence is about what was written", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{"days": "0"}', "the arguments do not fit: days must be integer, not string"],
    ['{"days": "three"}', "the arguments do not fit: days must be integer, not string"],
    ['{"days": "1e3"}', "the arguments do not fit: days must be integer, not string"],
    ['{"days": 1e999}', "the arguments do not fit: days must be integer, not infinity"],
    ['{"city": ["Bonn"]}', "the arguments do not fit: city must be string, not array"],
    ["[1]", "the arguments do not fit: the arguments must be object, not array"],
    ['"hello"', "the arguments do not fit: the arguments must be object, not string"],
    [
      '{"town": 1, "days": []}',
      'the arguments do not fit: town is not known; the names are "city", "days", "exact", ' +
      '"tags", "where"; days must be integer, not array',
    ],
  ];
  for (const [text, message] of cases) assert.equal(read(text), message);
});

Deno.test("a name that is a trap is refused wherever it stands", () => {
  for (
    const text of [
      '{"__proto__": {"x": 1}}',
      '{"where": {"x": 1, "__proto__": {}}}',
      '{"tags": [{"__proto__": 1}]}',
      '"{\\"__proto__\\": {}}"',
      '{"where": "{\\"__proto__\\": {}}"}',
    ]
  ) assert.equal(typeof read(text), "string", text);
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.deepEqual(
    readArguments('{"constructor": {"prototype": {}}}', vetSchema({})),
    { kind: "valid", value: { constructor: { prototype: {} } } },
  );
});

Deno.test("a mistake in the JSON is said with its line, its column and what should be there", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['{"a": x}', '"x}" at line 1, column 7: expected a value'],
    ['{"a": 1,\n}', '"}" at line 2, column 1: expected a name in double quotes'],
    ['{"a": 1', "the JSON ends too early at line 1, column 8: expected , or }"],
    ['{"a" 1}', '"1}" at line 1, column 6: expected :'],
    ["[1 2]", '"2]" at line 1, column 4: expected , or ]'],
    ["{'a': 1}", "\"'a': 1}\" at line 1, column 2: expected a name in double quotes or }"],
    ['{"a": 1}}', '"}" at line 1, column 9: nothing may follow the value'],
    ['{"a": 01}', '"01}" at line 1, column 7: expected a value'],
    [
      '{"a": "b\n"}',
      "the text that begins at line 1, column 7 is not closed, or holds a line end or a wrong escape",
    ],
  ];
  for (const [text, message] of cases) {
    assert.deepEqual(readJson(text), { kind: "problem", message });
  }
});

Deno.test("arguments have a limit of length and depth", () => {
  assert.match(String(read(`{"city": "${"x".repeat(1_000_000)}"}`)), /1000000 is the limit/);
  assert.match(String(read(`{"where": ${"[".repeat(100)}${"]".repeat(100)}}`)), /64 levels/);
  assert.match(String(read("[".repeat(900_000))), /deeper than 64/);
  assert.match(String(read(`{"a": "${"x".repeat(900_000)}`)), /is not closed/);
  const long = read(JSON.stringify({ ["n".repeat(5_000)]: 1 }));
  assert.ok(String(long).length <= 1_200);
});

Deno.test("any JSON is read as the engine reads it, and any text gives a value or a sentence", () => {
  const piece = fc.constantFrom(
    ...'{ } [ ] , : " \\ 0 1 - . e true null a \n'.split(" "),
    '"a"',
    "\\u00e9",
    " ",
  );
  const broken = fc.array(piece, { maxLength: 14 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(broken, someText, fc.json()), (text) => {
      const found = readJson(text);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch (thrown) {
        assert.ok(thrown instanceof SyntaxError);
        assert.ok(found.kind === "problem");
        assert.match(found.message, /line \d+, column \d+/);
        return;
      }
      assert.deepEqual(found, { kind: "value", value });
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("any text and any value give valid arguments or a sentence", () => {
  const given = fc.oneof(someText, fc.json(), fc.object().map((value) => JSON.stringify(value)));
  fc.assert(fc.property(given, (text) => {
    const found = readArguments(text, SCHEMA);
    if (found.kind === "invalid") assert.doesNotMatch(found.message, /[\p{Cc}]/u);
    else assert.equal(readArguments(JSON.stringify(found.value), SCHEMA).kind, "valid");
  }));
});
