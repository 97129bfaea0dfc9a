import assert from "node:assert/strict";
import fc from "fast-check";
import { sanitize, sanitizeLine, Sanitizer } from "../../../src/repl/sanitize.ts";

// deno-lint-ignore no-control-regex
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u2029\u202a-\u202e\u2066-\u2069]/;

Deno.test("control characters become visible, tab and line feed stay", () => {
  assert.equal(sanitize("a\x1b[2J\tb\r\n\x07\x7f\x9b"), "a␛[2J\tb\n␇␡\ufffd");
  assert.equal(sanitizeLine("a\nb\tc"), "a b c");
  assert.equal(sanitize("ééשלום漢字👩‍👩‍👧"), "ééשלום漢字👩‍👩‍👧");
});

Deno.test("no control character passes, in one piece or in many", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (parts) => {
      const text = parts.join("");
      const whole = sanitize(text);
      assert.doesNotMatch(whole, CONTROL);
      assert.ok(whole.isWellFormed());
      const sanitizer = new Sanitizer();
      const pieces = text.split("").map((unit) => sanitizer.push(unit)).join("") + sanitizer.end();
      assert.equal(pieces, whole);
    }),
    { numRuns: 2_000 },
  );
});
