import assert from "node:assert/strict";
import fc from "fast-check";
import { setValue, unsetValue } from "../../../src/config/edit.ts";
import { FIELDS } from "../../../src/config/fields.ts";
import { initialConfig } from "../../../src/config/initial.ts";
import { readLayer } from "../../../src/config/load.ts";
import { readYaml } from "../../../src/config/yaml_reader.ts";
import type { PyraError } from "../../../src/protocol/error.ts";

const FILE = `# Mine.   keep the blanks
ai:   # who answers
    provider_id:   'openai'   # single
    model: "gpt-4.1" # double

    # temperature: 1
    fallbacks: # in order
        - groq/llama # fast
        # then
        - openai/gpt
general: {}
memory:

plugins:
    enabled: [ weather,  mail ]   # flow
    require_approval: true
# the end
`;

function valueAt(text: string, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    readYaml(text, "x").data,
  );
}

/** The lines that are in one text only, as a diff shows them. */
function changes(before: string, after: string): string[] {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let head = 0;
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++;
  let tail = 0;
  while (
    tail < old.length - head && tail < fresh.length - head &&
    old.at(-1 - tail) === fresh.at(-1 - tail)
  ) tail++;
  return [
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...fresh.slice(head, fresh.length - tail).map((line) => `+${line}`),
  ];
}

Deno.test("a changed value is the only change, in the file's own style", () => {
  for (
    const [path, value, expected] of [
      ["ai.provider_id", "groq", [
        "-    provider_id:   'openai'   # single",
        "+    provider_id:   'groq'   # single",
      ]],
      ["ai.model", "o3", ['-    model: "gpt-4.1" # double', '+    model: "o3" # double']],
      ["ai.temperature", 0.5, ["+    temperature: 0.5"]],
      ["ai.fallbacks", ["openai/gpt"], ["-        - groq/llama # fast", "-        # then"]],
      ["ai.fallbacks", ["openai/gpt", "xai/grok"], [
        "-        - groq/llama # fast",
        "-        # then",
        "-        - openai/gpt",
        "+        - openai/gpt",
        "+        - xai/grok",
      ]],
      ["ai.fallbacks", [], [
        "-    fallbacks: # in order",
        "-        - groq/llama # fast",
        "-        # then",
        "-        - openai/gpt",
        "+    fallbacks: [] # in order",
      ]],
      ["general.theme", "dark", ["-general: {}", "+general:", "+    theme: dark"]],
      ["memory.auto_load", false, ["+    auto_load: false"]],
      ["plugins.enabled", ["mail"], [
        "-    enabled: [ weather,  mail ]   # flow",
        "+    enabled: [mail]   # flow",
      ]],
      ["plugins.log_executions", true, ["+    log_executions: true"]],
      ["daemon.ipc_port", 7000, ["+daemon:", "+    ipc_port: 7000"]],
      ["plugin_settings.weather.city", "Köln: West", [
        "+plugin_settings:",
        "+    weather:",
        '+        city: "Köln: West"',
      ]],
      ["plugin_settings.weather", { a: [1, "b"], "c d": null }, [
        "+plugin_settings:",
        "+    weather: { a: [1, b], c d: null }",
      ]],
      ["general.user_name", 'it\'s #1: "x"', [
        "-general: {}",
        "+general:",
        '+    user_name: "it\'s #1: \\"x\\""',
      ]],
      ["general.user_name", "true", ["-general: {}", "+general:", '+    user_name: "true"']],
    ] as const
  ) {
    const text = setValue(FILE, path, value);
    assert.deepEqual(changes(FILE, text), expected, path);
    assert.deepEqual(valueAt(text, path), value);
    const windows = FILE.replaceAll("\n", "\r\n");
    assert.equal(
      setValue(windows, path, value),
      text.replaceAll("\n", "\r\n"),
      `${path} with CRLF`,
    );
    assert.equal(setValue(`\ufeff${FILE}`, path, value), `\ufeff${text}`, `${path} after a BOM`);
  }
});

Deno.test("a setting is taken away with its line, and a block that held nothing else with it", () => {
  for (
    const [path, expected] of [
      ["ai.model", ['-    model: "gpt-4.1" # double']],
      ["ai.fallbacks", [
        "-    fallbacks: # in order",
        "-        - groq/llama # fast",
        "-        # then",
        "-        - openai/gpt",
      ]],
      ["general.theme", []],
      ["daemon.enabled", []],
      ["plugin_settings.weather.city", []],
    ] as const
  ) assert.deepEqual(changes(FILE, unsetValue(FILE, path)), expected, path);
  assert.equal(
    unsetValue("ai:\n  model: x\ngeneral:\n  theme: dark\n", "general.theme"),
    "ai:\n  model: x\n",
  );
  assert.equal(unsetValue("ai:\n  model: x", "ai.model"), "");
  assert.equal(unsetValue("# c\nai:\n  model: x", "ai.model"), "# c");
  for (
    const kept of ["ai: # c\n  model: x\n", "ai:\n  # c\n  model: x\n", "ai:\n  model: x\n  # c\n"]
  ) {
    assert.equal(unsetValue(kept, "ai.model"), kept.replace("  model: x\n", ""));
  }
});

Deno.test("texts over several lines, empty values and braces are changed in place", () => {
  const text = `plugin_settings:
  a:
    text: |
      one
      two
    empty: # yet
    quoted: "one
      two"
    braces: { x: 1, y: [2, 3], }
  b: {x: 1}
  c: {}
ai:
  model:
`;
  const set = (path: string, value: unknown) => changes(text, setValue(text, path, value));
  assert.deepEqual(set("plugin_settings.a.text", "x"), [
    "-    text: |",
    "-      one",
    "-      two",
    "+    text: x",
  ]);
  assert.deepEqual(set("plugin_settings.a.empty", 1), ["-    empty: # yet", "+    empty: 1 # yet"]);
  assert.deepEqual(set("plugin_settings.a.quoted", "x"), [
    '-    quoted: "one',
    '-      two"',
    '+    quoted: "x"',
  ]);
  assert.deepEqual(set("plugin_settings.b.y", "z"), ["-  b: {x: 1}", "+  b: { y: z,x: 1}"]);
  assert.deepEqual(set("plugin_settings.c.y", "z"), ["-  c: {}", "+  c: { y: z }"]);
  assert.deepEqual(set("plugin_settings.d.y", "z"), ["+  d:", "+    y: z"]);
  assert.deepEqual(set("ai.model", "z"), ["-  model:", "+  model: z"]);
  assert.deepEqual(changes(text, unsetValue(text, "plugin_settings.a.braces")), [
    "-    braces: { x: 1, y: [2, 3], }",
  ]);
  assert.deepEqual(changes(text, unsetValue(text, "plugin_settings.b.x")), [
    "-  b: {x: 1}",
    "+  b: {}",
  ]);
  assert.deepEqual(changes(text, unsetValue(text, "plugin_settings.a.text")), [
    "-    text: |",
    "-      one",
    "-      two",
  ]);
});

Deno.test("wrong values, unknown settings and broken files are refused", () => {
  const refused = (code: string, act: () => unknown) =>
    assert.throws(act, (error: PyraError) => error.code === code);
  refused("config_invalid", () => setValue(FILE, "ai.temperature", 3));
  refused("config_invalid", () => setValue(FILE, "ai.model", ""));
  refused("config_invalid", () => setValue(FILE, "plugins.enabled", ["../x"]));
  refused("config_invalid", () => setValue(FILE, "plugin_settings.a.b", () => 1));
  refused("config_invalid", () => setValue(FILE, "plugin_settings.a", 1));
  refused("config_edit", () => setValue("plugin_settings:\n  a: 1\n", "plugin_settings.a.b", 1));
  refused("config_unknown_field", () => setValue(FILE, "ai.modle", "x"));
  refused("config_unknown_field", () => setValue(FILE, "ai", { model: "x" }));
  refused("config_unknown_field", () => unsetValue(FILE, "ai.modle"));
  refused("config_broken", () => setValue("ai: [\n", "ai.model", "x"));
  refused("config_broken", () => unsetValue("ai: [\n", "ai.model"));
  // A file with a wrong value can be corrected.
  assert.equal(
    setValue("ai:\n  temperature: hot\n", "ai.temperature", 1),
    "ai:\n  temperature: 1\n",
  );
});

Deno.test("the first config of a profile is plain, small and says what it was told", async () => {
  const text = initialConfig({
    provider: "custom",
    model: "a:b#c:",
    baseUrl: "http://127.0.0.1:1234/v1",
  });
  const { fields, warnings } = await readLayer(text, "x");
  assert.deepEqual(Object.fromEntries(fields), {
    "ai.provider_id": "custom",
    "ai.model": "a:b#c:",
    "ai.base_url": "http://127.0.0.1:1234/v1",
  });
  assert.deepEqual(warnings, []);
  assert.match(text, /^# /);
  assert.equal(initialConfig({ provider: "demo", model: "demo" }).includes("base_url"), false);
});

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
    value: fc.jsonValue({ maxDepth: 2 }).filter((value) =>
      value !== null && !JSON.stringify(value).includes("__proto__")
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
      (field.path === "ai.base_url"
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
