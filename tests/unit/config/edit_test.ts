import assert from "node:assert/strict";
import { setValue, unsetValue } from "../../../src/config/edit.ts";
import { initialConfig } from "../../../src/config/initial.ts";
import { readLayer } from "../../../src/config/load.ts";
import { changes, valueAt } from "./texts.ts";
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
      ["ai.fallbacks", ["groq/llama", "xai/grok"], [
        "-        - openai/gpt",
        "+        - xai/grok",
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
