import assert from "node:assert/strict";
import fc from "fast-check";
import { readPlainFields } from "../../../../src/memory/note/plain_fields.ts";
import { readYamlFields } from "../../../../src/memory/note/yaml_fields.ts";
import { yamlLike } from "./yaml_like.ts";

function read(text: string): Record<string, unknown> | undefined {
  const fields = readPlainFields(text);
  return fields && Object.fromEntries(fields);
}

Deno.test("the plain reader reads what Pyra, Obsidian and Logseq write", () => {
  const text = [
    "summary: The lock jams: turn the key to the left # from Ana",
    "keywords: [door, \"key, left\", 'it''s']",
    "tags:",
    "  - home/door",
    '  - "#repair"',
    "aliases: []",
    "created: 2026-01-31T08:00:00Z",
    "pinned: true",
    "# a comment",
    "",
    "empty:",
    "unit: 10 °C",
  ].join("\r\n");
  assert.equal(read(text), undefined, "a bare text with a colon in it is not plain");
  assert.deepEqual(read(text.replace("jams: turn", "jams, turn")), {
    summary: "The lock jams, turn the key to the left",
    keywords: ["door", "key, left", "it's"],
    tags: ["home/door", "#repair"],
    aliases: [],
    created: "2026-01-31T08:00:00Z",
    pinned: "true",
    empty: "",
    unit: "10 °C",
  });
});

Deno.test("the plain reader leaves to the package what it does not know", () => {
  for (
    const text of [
      "a: |\n  block",
      "a: &x 1",
      "a: {b: 1}",
      "a: one\n  two",
      "a:\n  b: 1",
      "a: [1,\n  2]",
      "a: [[x]]",
      'a: "\\x41"',
      "a:\tb",
      "a: - b",
      "? a",
      "a:\n- b\n -c",
      "a:\n- b\n  - c",
    ]
  ) assert.equal(read(text), undefined, JSON.stringify(text));
});

Deno.test("the plain reader agrees with YAML, or refuses", () => {
  let agreed = 0;
  fc.assert(
    fc.property(yamlLike, (text) => {
      const plain = read(text);
      if (!plain) return;
      const yaml = readYamlFields(text);
      assert.equal(yaml.kind, "read", "YAML reads what the plain reader reads");
      if (yaml.kind === "read") assert.deepEqual(plain, Object.fromEntries(yaml.fields));
      agreed++;
    }),
    { numRuns: 5_000 },
  );
  assert.ok(agreed > 300, `only ${agreed} texts were plain`);
});
