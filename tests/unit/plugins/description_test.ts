import assert from "node:assert/strict";
import fc from "fast-check";
import { readDescription } from "../../../src/plugins/description.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { describedTool, NOTHING_GIVEN } from "../../fakes/plugin_rooms.ts";

const field = {
  key: "engine",
  kind: "select",
  label: "which engine",
  description: "",
  default: null,
  options: ["a", "b"],
  required: true,
} as const;

const whole = {
  ...NOTHING_GIVEN,
  tools: [describedTool("now", { effects: [{ kind: "network", host: "api.example.com" }] })],
  commands: [{ name: "time", usage: "[PLACE]", description: "tells the time" }],
  systemPrompt: "Be brief.",
  hooks: ["beforeTurn", "beforeTurn"],
  skills: ["skills/brew"],
  mcpServers: [{ name: "files", url: "https://mcp.example.com/" }],
  tasks: ["watch"],
  channel: "mail",
  runtime: { name: "podman", cli: "podman", priority: 10 },
  configFields: [field],
  hasSetup: true,
};

const isRefused = (given: unknown): boolean => {
  try {
    readDescription(given, "p");
    return false;
  } catch (thrown) {
    assert.ok(thrown instanceof PyraError && thrown.code === "bad_description", String(thrown));
    assert.match(thrown.message, /^the plugin p: [^\n]{1,200}$/);
    return true;
  }
};

Deno.test("a whole description is read as it is, hooks named twice once", () => {
  assert.deepEqual(readDescription(whole, "p"), { ...whole, hooks: ["beforeTurn"] });
});

Deno.test("what has the wrong shape, name or size is refused by a sentence that names the place", () => {
  const wrong: Record<string, unknown>[] = [
    { tools: [describedTool("Now")] },
    { tools: [describedTool("a__b")] },
    { tools: [describedTool("now", { timeLimit: 300_001 })] },
    { tools: [describedTool("now", { timeLimit: 0 })] },
    { tools: [describedTool("now", { parameters: null as never })] },
    { tools: Array.from({ length: 65 }, (_, at) => describedTool(`t${at}`)) },
    { tools: [describedTool("now"), describedTool("now")] },
    { tools: [describedTool("now", { effects: [{ kind: "melts", where: "x" } as never] })] },
    { commands: [{ name: "/time", usage: "", description: "" }] },
    { commands: [{ name: "a\u001b[2J", usage: "", description: "" }] },
    { hooks: ["beforeAll"] },
    { skills: ["../other"] },
    { skills: ["/etc"] },
    { skills: ["a/../../b"] },
    { skills: [".git"] },
    { runtime: { name: "podman", cli: "/usr/bin/podman", priority: 1 } },
    { runtime: { name: "podman", cli: "podman", priority: Infinity } },
    { configFields: [{ ...field, key: "__proto__" }] },
    { configFields: [{ ...field, kind: "password" }] },
    { configFields: [field, field] },
    { tasks: ["poll", "poll"] },
    { systemPrompt: 5 },
    { hasSetup: "yes" },
  ];
  for (const part of wrong) {
    assert.ok(isRefused({ ...whole, ...part }), JSON.stringify(part).slice(0, 100));
  }
});

Deno.test("foreign words lose control characters and what is too long", () => {
  const read = readDescription({
    ...whole,
    tools: [describedTool("now", { description: `\u001b]52;c;x\u0007tells ${"x".repeat(5_000)}` })],
    commands: [{ name: "time", usage: "a\nb", description: "\u202etells" }],
    systemPrompt: `\u001b[2J${"y".repeat(5_000)}`,
  }, "p");
  assert.doesNotMatch(JSON.stringify(read), /\\u001b|\\u0007|\u202e/);
  assert.equal(read.tools[0]?.description.length, 1_024);
  assert.equal(read.commands[0]?.usage, "a b");
  assert.equal(String(read.systemPrompt).length, 2_000);
});

Deno.test("whatever a plugin says is a description or refused, and nothing else happens", () => {
  const keys = Object.keys(whole) as (keyof typeof whole)[];
  fc.assert(fc.property(
    fc.constantFrom(...keys),
    fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }),
    (key, value) => {
      isRefused({ ...whole, [key]: value });
      isRefused(value);
    },
  ));
});
