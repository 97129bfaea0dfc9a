import assert from "node:assert/strict";
import fc from "fast-check";
import { readFrame } from "../../../src/rpc/frame.ts";

/** Values that look a little like frames, beside those that do not. */
const almostFrames = fc.record({
  id: fc.oneof(fc.integer(), fc.string(), fc.constant(1), fc.double()),
  method: fc.oneof(
    fc.string(),
    fc.constantFrom("$/cancel", "$/item", "$/end", "$/credit", "$/notify", "$/", "call"),
  ),
  params: fc.oneof(
    fc.anything(),
    fc.record({
      id: fc.oneof(fc.integer(), fc.constant(1), fc.anything()),
      direction: fc.oneof(fc.constantFrom("up", "down"), fc.anything()),
      count: fc.oneof(fc.integer(), fc.double(), fc.anything()),
      error: fc.oneof(fc.record({ code: fc.string(), message: fc.string() }), fc.anything()),
      name: fc.anything(),
      value: fc.anything(),
    }, { requiredKeys: [] }),
  ),
  input: fc.oneof(fc.boolean(), fc.anything()),
  result: fc.anything(),
  error: fc.oneof(fc.record({ code: fc.string(), message: fc.string() }), fc.anything()),
}, { requiredKeys: [] });

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

Deno.test("what is read as a frame has every field that its kind needs", () => {
  fc.assert(
    fc.property(fc.oneof(fc.anything(), almostFrames), (value) => {
      const frame = readFrame(value) as Record<string, unknown> | undefined;
      if (!frame) return;
      assert.equal(frame, value);
      if ("method" in frame && String(frame["method"]).startsWith("$/")) {
        assert.equal("id" in frame, false, "a notification has no id");
        const params = frame["params"] as Record<string, unknown>;
        if (frame["method"] === "$/notify") {
          return assert.equal(typeof params["name"], "string");
        }
        assert.ok(isId(params["id"]));
        if (frame["method"] === "$/cancel") return;
        const { error } = params as { error?: { code: unknown; message: unknown } };
        if (frame["method"] === "$/end") {
          if (error === undefined) return;
          return assert.equal(typeof error.code + typeof error.message, "stringstring");
        }
        assert.ok(params["direction"] === "up" || params["direction"] === "down");
        if (frame["method"] === "$/credit") assert.ok(isId(params["count"]));
        return;
      }
      assert.ok(isId(frame["id"]));
      if (typeof frame["method"] === "string") assert.equal(typeof frame["input"], "boolean");
      else if ("error" in frame) {
        const { code, message } = frame["error"] as Record<string, unknown>;
        assert.equal(typeof code + typeof message, "stringstring");
      } else assert.ok("result" in frame);
    }),
    { numRuns: 20_000 },
  );
});

Deno.test("each kind of frame is read", () => {
  const error = { code: "c", message: "m", data: 1 };
  for (
    const frame of [
      { id: 1, method: "x", params: null, input: false },
      { id: 1, result: undefined },
      { id: 1, error },
      { method: "$/cancel", params: { id: 1 } },
      { method: "$/item", params: { id: 1, direction: "up", value: undefined } },
      { method: "$/end", params: { id: 1 } },
      { method: "$/end", params: { id: 1, error } },
      { method: "$/credit", params: { id: 1, direction: "down", count: 1 } },
      { method: "$/notify", params: { name: "n", value: null } },
    ]
  ) assert.equal(readFrame(frame), frame);
});
