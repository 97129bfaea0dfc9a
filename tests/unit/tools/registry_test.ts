import assert from "node:assert/strict";
import fc from "fast-check";
import { ToolRegistry } from "../../../src/tools/registry.ts";
import { fullName, isToolName, modelName, nameOfModel } from "../../../src/tools/tool_name.ts";
import { fakeTool } from "../../fakes/tools.ts";

function codeOf(add: () => unknown): readonly [unknown, string] {
  try {
    add();
  } catch (thrown) {
    return [Reflect.get(thrown as Error, "code"), (thrown as Error).message];
  }
  return ["none", ""];
}

Deno.test("tools are found by the name that a model sees, and by the name that people use", () => {
  const registry = new ToolRegistry();
  registry.add(fakeTool({ owner: "pyra", name: "memory_search" }));
  registry.add(fakeTool({ owner: "web-search", name: "find_all" }));
  registry.add(fakeTool({ owner: "clock", name: "now" }));
  assert.deepEqual(registry.descriptions().map(({ name }) => name), [
    "clock__now",
    "memory_search",
    "web-search__find_all",
  ]);
  assert.equal(registry.find("clock__now")?.name, "clock.now");
  assert.equal(registry.get("web-search.find_all")?.modelName, "web-search__find_all");
  for (const wrong of ["clock.now", "Clock__now", "clock_now", "", "x".repeat(1_000)]) {
    assert.equal(registry.find(wrong), undefined);
  }
  assert.equal(registry.get("clock__now"), undefined);
  assert.equal(registry.near("Web_Search.findAll")?.name, "web-search.find_all");
  registry.remove("clock");
  assert.equal(registry.find("clock__now"), undefined);
  assert.equal(registry.list().length, 2);
});

Deno.test("a name that another tool has, or nearly, is refused, and both are named", () => {
  const registry = new ToolRegistry();
  registry.add(fakeTool({ owner: "pyra", name: "memory_search" }));
  registry.add(fakeTool({ owner: "clock", name: "now" }));
  const shadows = [["clock", "now"], ["Clock", "Now"], ["clo-ck", "now"], ["memory", "search"]];
  for (const [owner = "", name = ""] of shadows) {
    const [code, message] = codeOf(() => registry.add(fakeTool({ owner, name })));
    assert.equal(code, "tool_collision");
    assert.ok(message.includes(`${owner}.${name}`));
    assert.match(message, /clock\.now|memory_search/);
  }
  assert.equal(registry.list().length, 2);
});

Deno.test("a name that a provider would refuse is refused here", () => {
  const registry = new ToolRegistry();
  const names = ["", "a.b", "a__b", "_a", "a_", "a b", "ä", "a/b", "x".repeat(60), "a\n", "*"];
  for (const name of names) {
    const [code, message] = codeOf(() => registry.add(fakeTool({ owner: "fake", name })));
    assert.equal(code, "bad_tool_name", name);
    assert.doesNotMatch(message, /\n/);
  }
  const owners = ["", "a.b", "py ra"];
  for (const owner of owners) {
    assert.equal(codeOf(() => registry.add(fakeTool({ owner, name: "a" })))[0], "bad_tool_name");
  }
  assert.equal(
    codeOf(() => registry.add(fakeTool({ owner: "pyra", name: "clock.now" })))[0],
    "bad_tool_name",
    "what is built in has no plugin's name",
  );
});

Deno.test("a tool with a hostile schema is left out, and the others stay", () => {
  const registry = new ToolRegistry();
  registry.add(fakeTool({ name: "good" }));
  const schemas = [
    { type: "string" },
    { properties: { a: { pattern: "(a)\\1" } } },
    { allOf: [{ $ref: "#" }] },
  ];
  for (const parameters of schemas) {
    const [code, message] = codeOf(() => registry.add(fakeTool({ name: "bad", parameters })));
    assert.equal(code, "bad_schema");
    assert.match(message, /the tool fake\.bad: /);
  }
  assert.deepEqual(registry.list().map(({ name }) => name), ["fake.good"]);
});

Deno.test("there is a limit of tools", () => {
  const registry = new ToolRegistry();
  for (let at = 0; at < 256; at++) registry.add(fakeTool({ name: `t${at}` }));
  assert.equal(codeOf(() => registry.add(fakeTool({ name: "more" })))[0], "too_many_tools");
});

Deno.test("descriptions of plugins are bounded, and nothing is hidden in them", () => {
  const registry = new ToolRegistry();
  const tool = fakeTool({ name: "tool" });
  const description = `tells\x1b[2J\u200b\u202e the\r\ntime\u{e0041} ${"x".repeat(5_000)}\ud800`;
  registry.add({ ...tool, description: { ...tool.description, description } });
  const told = registry.descriptions()[0]?.description ?? "";
  assert.ok(told.startsWith("tells[2J the\ntime xxx"));
  assert.equal(told.length, 1_024);
});

Deno.test("every name has one name for models, and comes back from it", () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/);
  fc.assert(fc.property(part, part, part, part, (owner, name, otherOwner, otherName) => {
    const [one, other] = [fullName(owner, name), fullName(otherOwner, otherName)];
    if (!isToolName(one) || !isToolName(other)) return;
    assert.match(modelName(one), /^[a-zA-Z0-9_-]{1,64}$/);
    assert.equal(nameOfModel(modelName(one)), one);
    assert.equal(modelName(one) === modelName(other), one === other);
  }));
});
