import assert from "node:assert/strict";
import fc from "fast-check";
import { ReleasedSecrets } from "../../../../src/kernel/plugins/released.ts";

const VALUE = 'pa"ss/wörd+1234567';

function released(...values: string[]): ReleasedSecrets {
  const secrets = new ReleasedSecrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

Deno.test("a released value goes from texts, lists and fields, however it is written", () => {
  const bytes = new TextEncoder().encode(VALUE);
  const said = {
    plain: `it is ${VALUE}.`,
    list: [JSON.stringify({ VALUE }), encodeURIComponent(VALUE), bytes.toBase64()],
    [VALUE]: 1,
    left: { none: null, number: 7 },
  };
  assert.deepEqual(released(VALUE).blot(said), {
    plain: "it is [secret].",
    list: ['{"VALUE":"[secret]"}', "[secret]", "[secret]"],
    "[secret]": 1,
    left: { none: null, number: 7 },
  });
});

Deno.test("what was never released stays, and so does all if nothing was", () => {
  const said = { text: "a pa and a ss" };
  assert.deepEqual(released(VALUE).blot(said), said);
  assert.equal(released().blot(said), said);
  assert.equal(released("abc").blot("abc"), "abc");
});

Deno.test("two lines that share a released value do not give it together", () => {
  const value = "correct-horse-battery-9";
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: value.length }),
      fc.integer({ min: 0, max: value.length }),
      fc.string(),
      (one, other, beside) => {
        const [first, second] = [Math.min(one, other), Math.max(one, other)];
        const line = released(value).lines();
        const kept = [value.slice(0, first), value.slice(first, second), value.slice(second)]
          .map((piece, at) => line(at === 0 ? `${beside}${piece}` : piece)).join("");
        assert.ok(!kept.includes(value));
      },
    ),
  );
});
