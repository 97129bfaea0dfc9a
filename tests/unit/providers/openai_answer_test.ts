import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelEvent } from "../../../src/protocol/model.ts";
import { Answer } from "../../../src/providers/openai_answer.ts";

function whole(...chunks: unknown[]): ModelEvent[] {
  const answer = new Answer();
  return [...chunks.flatMap((chunk) => [...answer.takeChunk(chunk)]), ...answer.end()];
}

function callsOf(...fragments: unknown[]): string[] {
  const chunks = fragments.map((one) => ({ choices: [{ delta: { tool_calls: [one] } }] }));
  return whole(...chunks).flatMap((event) =>
    event.type === "tool_call" ? [`${event.call.name} ${event.call.arguments}`] : []
  );
}

Deno.test("tool calls are put together however servers number them", () => {
  const part = (more: object, name?: string, args?: unknown) => ({
    ...more,
    function: { name, arguments: args },
  });
  const expected = ['a {"x":1}', "b {}"];
  const cases = {
    "interleaved": [
      part({ index: 0, id: "1" }, "a", '{"x"'),
      part({ index: 1, id: "2" }, "b", ""),
      part({ index: 0 }, undefined, ":1}"),
      part({ index: 1 }, undefined, "{}"),
    ],
    "all with index 0": [
      part({ index: 0, id: "1" }, "a", '{"x":1}'),
      part({ index: 0, id: "2" }, "b", "{}"),
    ],
    "without an index": [
      part({ id: "1" }, "a", '{"x"'),
      part({}, undefined, ":1}"),
      part({ id: "2" }, "b", "{}"),
    ],
    "without index or id": [part({}, "a", '{"x":1}'), part({}, "b", "{}")],
    "with arguments as an object": [part({ index: 0 }, "a", { x: 1 }), part({ index: 1 }, "b")],
    "with the same id twice": [
      part({ index: 0, id: "1" }, "a", '{"x":1}'),
      part({ index: 1, id: "1" }, "b", "{}"),
    ],
  };
  for (const [name, fragments] of Object.entries(cases)) {
    assert.deepEqual(callsOf(...fragments), expected, name);
  }
  const twins = whole({ choices: [{ delta: { tool_calls: cases["with the same id twice"] } }] });
  const ids = twins.flatMap((event) => event.type === "tool_call" ? [event.call.id] : []);
  assert.equal(new Set(ids).size, 2);
});

Deno.test("a tool call that the output limit cut is left out", () => {
  const call = { index: 0, id: "1", function: { name: "a", arguments: '{"path": "/ho' } };
  const events = whole({ choices: [{ delta: { tool_calls: [call] }, finish_reason: "length" }] });
  assert.deepEqual(events.map(({ type }) => type), ["warning", "finish"]);
});

Deno.test("no chunk, however strange, breaks the reader", () => {
  const strange = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, 0, -1, 1e99, "", "length", "\u001b[2J"),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ..."choices delta content tool_calls function name arguments id index usage".split(" "),
          ..."prompt_tokens completion_tokens finish_reason text thinking __proto__ 0".split(" "),
        ),
        tie("json"),
        { maxKeys: 4 },
      ),
    ),
  })).json;
  fc.assert(fc.property(fc.array(strange, { maxLength: 5 }), (chunks) => {
    const events = whole(...chunks);
    assert.equal(events.at(-1)?.type, "finish");
    for (const event of events) {
      if (event.type === "text") assert.equal(typeof event.text, "string");
    }
  }));
});
