/**
 * What models are told of the memory's tools, against the tools themselves.
 * @module
 */
import assert from "node:assert/strict";
import { offeredMemoryTools } from "../../../../src/memory/tools/offered.ts";
import { memoryTools } from "../../../../src/memory/tools/table.ts";
import type { ToolMemory } from "../../../../src/memory/tools/tool_memory.ts";

const MEMORY: ToolMemory = {
  search: () => Promise.resolve([]),
  read: () => Promise.reject(new Error("not in this test")),
  list: () => Promise.resolve([]),
  write: () => Promise.reject(new Error("not in this test")),
  append: () => Promise.reject(new Error("not in this test")),
};

interface Told {
  readonly properties: Record<string, { type?: string; items?: { type?: string } }>;
  readonly required?: readonly string[];
}

/** Names, types and what is required; limits are checked when a tool is called. */
function shapeOf(parameters: unknown) {
  const { properties, required = [] } = parameters as Told;
  return {
    required: [...required].sort(),
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, { type, items }]) => [name, [type, items?.type]]),
    ),
  };
}

Deno.test("models are told of every tool of the memory as it is", () => {
  const offered = new Map(
    offeredMemoryTools(() => Promise.resolve(MEMORY)).map((tool) => [tool.description.name, tool]),
  );
  const real = memoryTools(MEMORY);
  assert.equal(offered.size, real.length);
  for (const { description, effects, owner } of real) {
    const told = offered.get(description.name);
    assert.deepEqual(told?.effects, effects);
    assert.equal(told?.owner, owner);
    assert.deepEqual(shapeOf(told?.description.parameters), shapeOf(description.parameters));
  }
});

Deno.test("what is told of all of them stays short", () => {
  const tools = offeredMemoryTools(() => Promise.resolve(MEMORY));
  const text = JSON.stringify(tools.map(({ description }) => description));
  // About 400 tokens with every question.
  assert.ok(text.length < 1_600, `${text.length} characters`);
});

Deno.test("the memory is opened when a tool is planned, and not before", async () => {
  let opened = 0;
  const tools = offeredMemoryTools(() => {
    opened++;
    return Promise.resolve(MEMORY);
  });
  assert.equal(opened, 0);
  const [search] = tools;
  const context = { untrusted: undefined, signal: new AbortController().signal, progress() {} };
  const plan = await search?.plan({ query: "boat" }, context);
  assert.equal(opened, 1);
  assert.equal(plan?.kind, "ready");
  const bad = await search?.plan({ query: "", shoe: 1 }, context);
  assert.equal(bad?.kind, "refused");
});
