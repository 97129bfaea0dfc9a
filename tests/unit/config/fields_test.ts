import assert from "node:assert/strict";
import { accepts, BLOCKS, FIELDS } from "../../../src/config/fields.ts";
import { DEFAULTS } from "../../../src/config/layer.ts";
import { nearest } from "../../../src/config/nearest.ts";
import { getValue, parseFieldText } from "../../../src/config/path.ts";
import { ConfigFile } from "../../../src/config/schema.ts";
import { PyraError } from "../../../src/protocol/error.ts";

const SAMPLES = {
  text: ["x", "openai", "https://x.example/v1", "dark", "a b"],
  number: [0, 1, 300, 0.5, 1e9],
};

Deno.test("the schema has exactly the fields of the table", () => {
  const inSchema = Object.entries(ConfigFile.shape).flatMap(([block, schema]) => {
    const inner = schema.def.innerType;
    return "shape" in inner ? Object.keys(inner.shape).map((name) => `${block}.${name}`) : [];
  });
  assert.deepEqual(inSchema, FIELDS.map(({ path }) => path));
  assert.deepEqual(Object.keys(ConfigFile.shape), BLOCKS);
});

Deno.test("the schema and the table take the same values", () => {
  const values = [
    ...SAMPLES.text,
    ...SAMPLES.number,
    "",
    "a\nb",
    " ",
    "\ud800",
    "x".repeat(501),
    -1,
    NaN,
    Infinity,
    true,
    false,
    null,
    [],
    ["a/b"],
    ["weather"],
    [1],
    ["a", "b"],
    {},
    Array(101).fill("a"),
    "../x",
    "ftp://x",
  ];
  for (const field of FIELDS) {
    const [block = "", name = ""] = field.path.split(".");
    for (const value of values) {
      const { success } = ConfigFile.safeParse({ [block]: { [name]: value } });
      assert.equal(success, accepts(field, value), `${field.path}: ${JSON.stringify(value)}`);
    }
  }
});

Deno.test("every field has a one-line meaning, says what it expects, and its default is allowed", () => {
  for (const field of FIELDS) {
    assert.match(field.description, /^[a-z][^\n.]*[^.\s]$/, field.path);
    assert.match(field.expects, /^(an? |one |true )/, field.path);
    if (field.default !== undefined) assert.ok(accepts(field, field.default), field.path);
    assert.deepEqual(getValue(DEFAULTS, field.path), field.default);
  }
  assert.equal(new Set(FIELDS.map(({ path }) => path)).size, FIELDS.length);
});

Deno.test("an unknown path is refused with the nearest one", () => {
  for (
    const [path, near] of [
      ["ai.modle", "ai.model"],
      ["general.temperature", "ai.temperature"],
      ["model", "ai.model"],
      ["secutiry.log_injections", "security.log_injections"],
      ["AI.Model", "ai.model"],
      ["plugins.enabeld", "plugins.enabled"],
    ] as const
  ) {
    assert.throws(
      () => getValue(DEFAULTS, path),
      (error: PyraError) =>
        error.code === "config_unknown_field" && error.exitCode === 2 &&
        error.message.endsWith(`did you mean ${near}?`),
      path,
    );
  }
  for (
    const path of [
      "",
      ".",
      "ai",
      "ai.",
      "ai.model.x",
      "plugin_settings",
      "plugin_settings.a.b.c",
      "plugin_settings.__proto__",
      "plugin_settings.a..",
      "constructor.name",
      "\u001b[2J",
    ]
  ) {
    assert.throws(() => getValue(DEFAULTS, path), PyraError, path);
  }
  assert.equal(getValue(DEFAULTS, "plugin_settings.weather.city"), undefined);
  assert.equal(getValue(DEFAULTS, "plugin_settings.constructor"), undefined);
});

Deno.test("typed text becomes the field's kind of value", () => {
  assert.equal(parseFieldText("ai.temperature", "0.3"), 0.3);
  assert.equal(parseFieldText("ai.model", "4.1"), "4.1");
  assert.equal(parseFieldText("daemon.enabled", "off"), false);
  assert.deepEqual(parseFieldText("ai.fallbacks", "a/b,c/d:e"), ["a/b", "c/d:e"]);
  assert.deepEqual(parseFieldText("ai.fallbacks", '["a/b"]'), ["a/b"]);
  assert.deepEqual(parseFieldText("ai.fallbacks", ""), []);
  assert.equal(parseFieldText("plugin_settings.weather.city", "Bonn am Rhein"), "Bonn am Rhein");
  assert.deepEqual(parseFieldText("plugin_settings.weather.days", "[1, 2]"), [1, 2]);
  for (const text of ["", "1e400", "0x10", "1,5", "NaN", "2.1"]) {
    assert.throws(
      () => parseFieldText("ai.temperature", text),
      /ai\.temperature .*from 0 to 2/,
      text,
    );
  }
});

Deno.test("the nearest word is one with few mistakes, and none is better than a wild guess", () => {
  assert.equal(nearest("modle", ["model", "mode"]), "model");
  assert.equal(nearest("themee", ["theme"]), "theme");
  assert.equal(nearest("x", ["theme", "model"]), undefined);
  assert.equal(nearest("zzzz", ["theme", "model"]), undefined);
  assert.equal(nearest("x".repeat(100_000), ["theme"]), undefined);
});
