import assert from "node:assert/strict";
import fc from "fast-check";
import { escaped } from "../../../src/commands/escaped_text.ts";

Deno.test("what draws, hides or reorders is shown as what it is", () => {
  assert.equal(
    escaped("a\u009b2J\u202eb\u200b\n\u{e0041}"),
    "a\\u009b2J\\u202eb\\u200b\\u000a\\udb40\\udc41",
  );
  assert.equal(escaped("grüße, 漢字 👩‍👩‍👧\tok"), "grüße, 漢字 👩‍👩‍👧\tok");
});

Deno.test("a line of JSON stays the same JSON", () => {
  const units = fc.array(fc.integer({ min: 0, max: 0xffff }));
  const near = fc.array(fc.integer({ min: 0, max: 0x2fff }));
  fc.assert(fc.property(fc.oneof(units, near), (codes) => {
    const text = String.fromCharCode(...codes);
    const line = escaped(JSON.stringify({ text }));
    assert.deepEqual(JSON.parse(line), { text });
    assert.ok(!/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(line));
  }));
});
