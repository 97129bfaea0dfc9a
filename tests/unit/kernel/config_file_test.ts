import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCommandLine } from "../../../src/kernel/command_line.ts";
import { changedProtectedBlocks, isTypedChange } from "../../../src/kernel/config_file.ts";
import { KernelError } from "../../../src/kernel/error.ts";

const BEFORE = `# mine
ai:
  provider_id: demo
security:
  injection_detection: true # keep
plugins:
  enabled: []
`;

Deno.test("a change outside the protected blocks is no protected change", () => {
  assert.deepEqual(changedProtectedBlocks(BEFORE, BEFORE.replace("demo", "openai")), []);
  assert.deepEqual(changedProtectedBlocks(BEFORE, `${BEFORE}\n# more\ngeneral:\n  theme: x\n`), []);
});

Deno.test("a change, a removal and an addition of a protected block are each named", () => {
  assert.deepEqual(changedProtectedBlocks(BEFORE, BEFORE.replace("true", "false")), ["security"]);
  assert.deepEqual(changedProtectedBlocks(BEFORE, BEFORE.replace(/plugins:[^]*/, "")), ["plugins"]);
  assert.deepEqual(changedProtectedBlocks(BEFORE, `${BEFORE}mcp:\n  a: 1\n`), ["mcp"]);
});

Deno.test("what could hide a block from a comparison of lines is refused", () => {
  const tricks = [
    '"security": {injection_detection: false}',
    "{security: {injection_detection: false}}",
    "? security\n: {injection_detection: false}",
    "security: {}\nsecurity: {injection_detection: false}",
    "---\nsecurity: {}",
    "...\nsecurity: {}",
    "!!map security: {}",
    "&a security: {}",
    "<<: *a",
    "%YAML 1.2",
    "security :\n  injection_detection: false",
    "security\u00a0: {}",
  ];
  for (const trick of tricks) {
    assert.throws(
      () => changedProtectedBlocks(BEFORE, `${BEFORE.replace(/security:[^]*/, "")}${trick}\n`),
      (error) => error instanceof KernelError && error.code === "config_shape",
      trick,
    );
  }
});

Deno.test("whatever is written into other blocks, the protected ones are seen to be the same", () => {
  fc.assert(fc.property(fc.array(fc.string()), (lines) => {
    const text = `ai:\n${lines.map((line) => `  ${line.replace(/[\r\n]/g, "")}\n`).join("")}`;
    return changedProtectedBlocks(`${text}security:\n  a: 1\n`, `ai:\n  b: 2\nsecurity:\n  a: 1\n`)
      .length === 0;
  }));
});

Deno.test("a typed change is of the field that the command line sets, and of nothing else", () => {
  const config = "ai:\n  model: m\nplugins:\n  enabled:\n    - a\n  require_approval: true\n";
  const typed = (after: string, ...args: string[]) =>
    isTypedChange(parseCommandLine(["config", ...args]), config, after);
  const list = config.replace("- a", "- a\n    - b");
  assert.ok(typed(list, "set", "plugins.enabled", '["a","b"]'));
  assert.ok(typed(config.replace("true", "false"), "set", "plugins.require_approval", "false"));
  assert.ok(typed(`${config}daemon:\n  enabled: true\n`, "set", "daemon.enabled", "true"));
  const both = list.replace("true", "false");
  assert.ok(!typed(both, "set", "plugins.enabled", '["a","b"]'));
  assert.ok(!typed(`${list}security:\n  x: 1\n`, "set", "plugins.enabled", '["a","b"]'));
  assert.ok(!typed(list, "set", "ai.model", "m"));
  assert.ok(!typed(list, "edit", "plugins.enabled"));
});

Deno.test("blanks at a line's end that YAML takes for a part of the value are a change", () => {
  const before = "security:\n  injection_detection: true\n";
  for (const blank of ["\u00a0", "\u3000", "\ufeff", "\u2028", "\v"]) {
    const after = before.replace("true", `true${blank}`);
    assert.deepEqual(changedProtectedBlocks(before, after), ["security"], JSON.stringify(blank));
  }
  assert.deepEqual(changedProtectedBlocks(before, before.replace("true", "true \t")), []);
});
