import assert from "node:assert/strict";
import fc from "fast-check";
import { Blotter } from "../../../src/egress/blot.ts";
import { blotText, formsOf, pathForm } from "../../../src/rpc/secret_forms.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

function joined(parts: Iterable<Uint8Array>): Uint8Array {
  return new Uint8Array([...parts].flatMap((part) => [...part]));
}

/** All that comes out, and what came out after each chunk. */
function blot(value: string, chunks: readonly Uint8Array[]): { whole: string; parts: string[] } {
  const blotter = new Blotter(formsOf(value));
  const parts = [...chunks, undefined].map((chunk) => text(joined(blotter.push(chunk))));
  return { whole: parts.join(""), parts };
}

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b)];
  return sorted.map((from, nth) => bytes.subarray(from, sorted[nth + 1] ?? bytes.length));
}

// The mark's own brackets apart: a secret that is part of the mark cannot be kept out of it.
const secrets = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 8, maxLength: 80 }),
  fc.base64String({ minLength: 8, maxLength: 80 }),
  fc.string({ unit: fc.constantFrom("a", "b"), minLength: 8, maxLength: 12 }),
).map((value) => value.toWellFormed().replace(/[[\]]/g, "x"));
const places = fc.array(fc.nat(2_000), { maxLength: 12 });
const filler = fc.string({ unit: "grapheme", maxLength: 60 });

Deno.test("no cut lets a secret through, in any of its forms", () => {
  const forms = [
    (value: string) => value,
    (value: string) => encodeURIComponent(value),
    pathForm,
    (value: string) => JSON.stringify(value).slice(1, -1),
    (value: string) => utf8(value).toBase64(),
    (value: string) => utf8(value).toBase64({ alphabet: "base64url", omitPadding: true }),
  ];
  fc.assert(
    fc.property(
      secrets,
      fc.array(fc.tuple(filler, fc.constantFrom(...forms)), { minLength: 1, maxLength: 5 }),
      places,
      (value, pieces, at) => {
        const answer = pieces.map(([before, form]) => before + form(value)).join("") + "tail";
        const { whole } = blot(value, cut(utf8(answer), at));
        for (const form of forms) assert.equal(whole.includes(form(value)), false);
        assert.match(whole, /\[secret\]/);
      },
    ),
    { numRuns: 2_000 },
  );
});

Deno.test("a secret inside a longer base64 text is blotted out wherever it begins", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 20 }),
      secrets,
      fc.uint8Array({ maxLength: 20 }),
      places,
      (before, value, after, at) => {
        const inside = new Uint8Array([...before, ...utf8(value), ...after]);
        const { whole } = blot(value, cut(utf8(inside.toBase64()), at));
        const [head = "", ...rest] = whole.split("[secret]");
        assert.ok(rest.length > 0);
        // At most the shared characters at both edges are left of the value.
        assert.ok(Math.abs(head.length - before.length * 4 / 3) < 2);
        assert.ok(rest.join("").length <= Math.ceil(after.length / 3) * 4 + 6);
      },
    ),
    { numRuns: 1_000 },
  );
});

Deno.test("bytes without the secret come out unchanged, however they are cut", () => {
  const bytes = fc.uint8Array({ minLength: 0, maxLength: 2_000 });
  fc.assert(fc.property(bytes, places, (answer, at) => {
    const blotter = new Blotter(formsOf("sk-live-0123456789"));
    const out = [...cut(answer, at), undefined].map((chunk) => joined(blotter.push(chunk)));
    assert.deepEqual(joined(out), answer);
  }));
});

Deno.test("what begins like the secret is held back only until it differs", () => {
  const value = "abcdefgh12345678";
  assert.deepEqual(blot(value, [utf8("data: abc"), utf8("x"), utf8("y\n")]).parts, [
    "data: ",
    "abcx",
    "y\n",
    "",
  ]);
  assert.deepEqual(blot(value, [utf8("to ab"), utf8("cdefgh1234567"), utf8("8!")]).parts, [
    "to ",
    "",
    "[secret]!",
    "",
  ]);
  assert.deepEqual(blot(value, [utf8("ends abcdef")]).parts, ["ends ", "abcdef"]);
});

Deno.test("a secret that overlaps its own beginning is found", () => {
  assert.equal(blot("aab-aab-c", [utf8("aab-aab-aab-c")]).whole, "aab-[secret]");
  assert.equal(blot("aaaaaaaab", [utf8("aaaaaaaa"), utf8("aaaab")]).whole, "aaaa[secret]");
});

Deno.test("an empty secret blots nothing", () => {
  assert.deepEqual(formsOf(""), []);
  assert.equal(blot("", [utf8("text")]).whole, "text");
});

Deno.test("the longest form goes where two begin together", () => {
  const blotter = new Blotter(["abcd", "abcdef"]);
  assert.equal(text(joined(blotter.push(utf8("abcdefg abcde")))), "[secret]g ");
  assert.equal(text(joined(blotter.push())), "[secret]e");
  assert.equal(blotText("abcdefg abcde", ["abcd", "abcdef"]), "[secret]g [secret]e");
});
