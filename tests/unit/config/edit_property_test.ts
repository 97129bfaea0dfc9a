import assert from "node:assert/strict";
import fc from "fast-check";
import { setValue, unsetValue } from "../../../src/config/edit.ts";
import { FIELDS } from "../../../src/config/fields.ts";
import { readLayer } from "../../../src/config/load.ts";
import { changes, valueAt } from "./texts.ts";

/** A text on one line, with what YAML finds special. */
const special = fc.oneof(
  fc.constantFrom(
    "- a",
    "a: b",
    "# c",
    "'",
    '"',
    "\\",
    "{",
    "[x]",
    "*a",
    "&a",
    "!a",
    "null",
    "~",
    "1",
    "true",
    "é",
    "日本",
    "👋",
    "\u2028",
    "a  b",
    " ",
  ),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
);
const setting = fc.oneof(
  fc.record({
    path: fc.constantFrom("general.user_name", "general.assistant_name"),
    value: special.filter((text) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)),
  }),
  fc.record({
    path: fc.constant("ai.temperature"),
    value: fc.double({ min: 0, max: 2, noNaN: true }),
  }),
  fc.record({ path: fc.constantFrom("daemon.enabled", "memory.auto_load"), value: fc.boolean() }),
  fc.record({
    path: fc.constant("plugins.enabled"),
    value: fc.array(fc.constantFrom("a", "b", "c-d", "true", "1")),
  }),
  fc.record({
    path: fc.constantFrom("plugin_settings.w.x", "plugin_settings.1.true"),
    // The two names that the reader refuses, wherever they stand.
    value: fc.jsonValue({ maxDepth: 2 }).filter((value) =>
      value !== null && !/"(__proto__|<<)":/.test(JSON.stringify(value))
    ),
  }),
  fc.record({
    path: fc.constant("plugin_settings.w"),
    value: fc.dictionary(fc.constantFrom("x", "y z", "1", "null"), special, {
      minKeys: 1,
      noNullPrototype: true,
    }),
  }),
);
const comment = fc.constantFrom("", " # c", "   #");
const fileOf = fc.record({
  unit: fc.constantFrom(1, 2, 4, 7),
  eol: fc.constantFrom("\n", "\r\n"),
  last: fc.boolean(),
  settings: fc.array(fc.tuple(setting, comment), { maxLength: 4 }),
  tail: fc.constantFrom("", "# end", "|# end"),
}).map(({ unit, eol, last, settings, tail }) => {
  const lines: string[] = ["# head"];
  const seen = new Set<string>();
  for (const [{ path, value }, note] of settings) {
    const [block = "", ...names] = path.split(".");
    if (seen.has(block)) continue;
    seen.add(block);
    lines.push(`${block}:${note}`);
    names.forEach((name, depth) => {
      const end = depth === names.length - 1 ? ` ${JSON.stringify(value)}` : "";
      lines.push(`${" ".repeat(unit * (depth + 1))}${name}:${end}${end ? note : ""}`);
    });
    lines.push(note.trim());
  }
  return [...lines, ...tail.split("|")].join(eol) + (last ? eol : "");
});

Deno.test("after a set the file says the new value and every other line is as it was", () => {
  fc.assert(
    fc.property(fileOf, setting, (text, { path, value }) => {
      const after = setValue(text, path, value);
      assert.deepEqual(valueAt(after, path), value);
      const removed = changes(text, after).filter((line) => line.startsWith("-"));
      assert.ok(removed.length <= (path === "plugin_settings.w" ? 2 : 1), `${removed}`);
      assert.equal(setValue(after, path, value), after, "a second set changes nothing");
      assert.equal(/(?<!\r)\n/.test(after) && after.includes("\r"), false, "line ends are mixed");
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("taking away what was just added gives the same bytes back", () => {
  fc.assert(
    fc.property(fileOf, setting, (text, { path, value }) => {
      if (valueAt(text, path) !== undefined) return;
      const [block = "", plugin = ""] = path.split(".");
      if (path.split(".").length === 3 && valueAt(text, `${block}.${plugin}`) !== undefined) return;
      assert.equal(unsetValue(setValue(text, path, value), path), text);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("every field can be set in an empty file and read back", async () => {
  const samples: Record<string, unknown> = { text: "x", number: 300, boolean: true, list: [] };
  let text = "";
  for (const field of FIELDS) {
    const value = field.default ??
      (field.path === "memory.embeddings"
        ? "a/b"
        : field.path === "ai.base_url"
        ? "http://x"
        : field.path === "ai.temperature"
        ? 1
        : samples[field.kind]);
    text = setValue(text, field.path, value);
    assert.deepEqual((await readLayer(text, "x")).fields.get(field.path), value);
  }
  for (const field of FIELDS) text = unsetValue(text, field.path);
  assert.equal(text, "");
});
