import assert from "node:assert/strict";
import fc from "fast-check";
import { isPlainText, readPlain } from "../../../src/config/plain_reader.ts";
import { readYaml } from "../../../src/config/yaml_reader.ts";

/** Lines that make interesting files when they follow each other. */
const LINES = [
  "ai:",
  "general:",
  "plugins:",
  "plugin_settings:",
  "ai: # c",
  "ai: {}",
  "ai: x",
  "  model: x",
  "  model: gpt-4.1 mini # c",
  "  model: 'it''s'",
  '  model: "a # b"',
  "  model: 'a'#b",
  "  model: a#b",
  "  model: a: b",
  "  model: a:b",
  "  model: https://x.y/z",
  "  model: -1",
  "  model: 007",
  "  model: 1e3",
  "  model: 0x1f",
  "  model: .5",
  "  model: 5.",
  "  model: 1_000",
  "  model: yes",
  "  model: True",
  "  model: null",
  "  model: ~",
  "  model: - a",
  "  model: -a",
  "  model: @a",
  "  model: %a",
  "  model: |",
  "  model: >-",
  "  model: &a",
  "  model: *a",
  "  model: !a b",
  "  model: [a, b]",
  "  model: [a:b, c]",
  "  model: [a: b]",
  "  model: [a,]",
  "  model: [,]",
  "  model: [true, 1]",
  "  model: []",
  "  model: [ ]",
  "  model: [a] # c",
  "  model: [a]# c",
  "  model: [[a]]",
  "  model: {a: b}",
  "  model: ",
  "  model:",
  "  list:",
  "    - a",
  "    - b c",
  "    - a: b",
  "    -",
  "    - - a",
  "  - a",
  "- a",
  "   odd: 1",
  "    deep: x",
  "      deeper: y",
  "    text",
  "  true: x",
  "  null: x",
  "  12: x",
  "  a b: x",
  "  a : x",
  "  é: x",
  "  model: é ü",
  "  model: 日本",
  "  model: 👋",
  "  model: a\tb",
  "\tmodel: x",
  "# c",
  "  # c",
  "",
  "   ",
  "---",
  "...",
  "  model: x\r",
  "  model: x  ",
  "? a",
  "  model: a,b",
  "  model: a]b",
  "  model: a?",
  "  model: ?a",
  "  x: 2001-01-01",
  "  x: 1:30",
  "  x: 12345678901234567890",
  "  x: 1.10",
  "  x: -0",
  "  x: +1",
  "  x: a  b",
  '  x: ""',
  "  x: ''",
  '  x: "a" b',
  "  __proto__: x",
];

Deno.test("what the plain reader reads, the library reads the same", () => {
  let read = 0;
  const anyLine = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...LINES) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: "binary-ascii", maxLength: 12 }).map((text) => `  k: ${text}`),
    },
    {
      weight: 1,
      arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }).map((text) => `  k: ${text}`),
    },
  );
  const file = fc.tuple(
    fc.constantFrom("ai:\n", "plugins:\n", ""),
    fc.array(anyLine, { maxLength: 4 }),
    fc.constantFrom("\n", "\r\n"),
  )
    .map(([head, lines, eol]) => head + lines.join(eol) + eol);
  fc.assert(
    fc.property(file, (text) => {
      const plain = readPlain(text);
      if (plain === undefined) return;
      read++;
      assert.deepEqual(plain, readYaml(text, "x").data);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(read > 2_000, `only ${read} files were plain enough`);
});

Deno.test("every single line is read like the library reads it, or not at all", () => {
  let read = 0;
  for (const line of LINES) {
    const text = `ai:\n${line}\n`;
    const plain = readPlain(text);
    if (plain === undefined) continue;
    read++;
    assert.deepEqual(plain, readYaml(text, "x").data, JSON.stringify(line));
  }
  assert.ok(read > 30, `${read}`);
});

Deno.test("an ordinary config is plain", () => {
  const text = `# Pyra
ai:
  provider_id: openai
  model: "gpt-4.1"
  base_url: http://127.0.0.1:8080/v1 # mine
  temperature: 0.3
  fallbacks: [groq/llama-3.3-70b, openrouter/meta:free]

general:
  user_name: Ada Lovelace
plugins:
  enabled:
    - weather
  require_approval: true
plugin_settings:
  weather:
    city: Köln
`;
  for (const variant of [text, text.replaceAll("\n", "\r\n")]) {
    assert.deepEqual(readPlain(variant), readYaml(variant, "x").data);
    assert.ok(readPlain(variant));
  }
});

Deno.test("a text that may stand without quotes is read back as itself, also in a list", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (word) => {
      if (!isPlainText(word)) return;
      assert.deepEqual(readYaml(`ai:\n  a: ${word}\n  b: [${word}, ${word}]\n`, "x").data, {
        ai: { a: word, b: [word, word] },
      });
    }),
    { numRuns: 5_000 },
  );
});
