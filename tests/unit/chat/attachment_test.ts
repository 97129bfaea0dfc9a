import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_TEXT_BYTES, toPart } from "../../../src/chat/attachment.ts";
import { PyraError } from "../../../src/protocol/error.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const textOf = (name: string, bytes: Uint8Array) => {
  const part = toPart(name, bytes);
  assert.equal(part.type, "text");
  return part.type === "text" ? part.text : "";
};
const hasCode = (code: string) => (thrown: unknown) =>
  thrown instanceof PyraError && thrown.code === code;

Deno.test("a text file becomes fenced text under its name, in a fence that it cannot end", () => {
  assert.equal(textOf("/tmp/a b.md", encode("# hi\n")), "File a b.md:\n```\n# hi\n```");
  assert.equal(textOf("C:\\x\\y.md", encode("```\n")), "File y.md:\n````\n```\n````");
  assert.equal(textOf("empty", encode("")), "File empty:\n```\n```");
});

Deno.test("images are told by their first bytes, not by their names", () => {
  const bytes = (...values: (number | string)[]) =>
    Uint8Array.from(
      values.flatMap((value) => typeof value === "string" ? [...encode(value)] : [value]),
    );
  const images: [string, Uint8Array][] = [
    ["image/png", bytes(0x89, "PNG\r\n", 0x1a, "\n rest", 0)],
    ["image/jpeg", bytes(0xff, 0xd8, 0xff, 0xe0, 0)],
    ["image/gif", bytes("GIF89a", 0)],
    ["image/webp", bytes("RIFF", 1, 2, 3, 0, "WEBPVP8 ")],
  ];
  for (const [media_type, content] of images) {
    assert.deepEqual(toPart("photo.txt", content), {
      type: "image",
      media_type,
      data: btoa(String.fromCharCode(...content)),
      name: "photo.txt",
      origin: { kind: "input", from: "the file photo.txt" },
    });
  }
  assert.equal(toPart("fake.png", encode("text")).type, "text");
});

Deno.test("an image of any length is base64 without breaks", () => {
  const content = new Uint8Array(100_001).fill(7);
  content.set([0xff, 0xd8, 0xff]);
  const part = toPart("a.jpg", content);
  assert.ok(part.type === "image");
  assert.deepEqual(Uint8Array.from(atob(part.data), (c) => c.charCodeAt(0)), content);
});

Deno.test("what is neither text nor an image is refused, and says what can be attached", () => {
  for (const binary of [[0, 1, 2], [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], [0x50, 0x4b, 3, 4]]) {
    assert.throws(() => toPart("a.zip", Uint8Array.from(binary)), (thrown) => {
      assert.ok(thrown instanceof PyraError && thrown.code === "attachment_unsupported");
      assert.match(thrown.hint, /PNG/);
      return true;
    });
  }
});

Deno.test("what is too large is refused with its size and the limit", () => {
  assert.throws(() => toPart("a.txt", new Uint8Array(MAX_TEXT_BYTES + 1).fill(97)), (thrown) => {
    assert.ok(thrown instanceof PyraError && thrown.code === "attachment_too_large");
    assert.equal(thrown.message, "a.txt has 1.1 MB, and text files may have 1.0 MB");
    return true;
  });
  const image = new Uint8Array(20 * 1024 * 1024 + 1);
  image.set([0xff, 0xd8, 0xff]);
  assert.throws(() => toPart("a.jpg", image), hasCode("attachment_too_large"));
  assert.equal(toPart("a.jpg", image.subarray(1 - 1, -1)).type, "image");
});

Deno.test("text in other encodings is read", () => {
  assert.match(textOf("a", Uint8Array.from([0xff, 0xfe, 0x68, 0, 0xe4, 0])), /\nhä\n/);
  assert.match(textOf("a", Uint8Array.from([0xfe, 0xff, 0, 0x68, 0, 0xe4])), /\nhä\n/);
  assert.match(textOf("a", Uint8Array.from([0x47, 0x72, 0xfc, 0xdf, 0x65])), /\nGrüße\n/);
  assert.match(textOf("a", encode("\ufeffhi")), /\nhi\n/);
  assert.match(
    textOf("a", Uint8Array.from([...encode("Grüße an "), 0xff, ...encode(" Łódź")])),
    /\nGrüße an \ufffd Łódź\n/,
  );
});

Deno.test("any bytes become a part or a PyraError", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
    try {
      assert.ok(["text", "image"].includes(toPart("name", bytes).type));
    } catch (thrown) {
      assert.ok(thrown instanceof PyraError, String(thrown));
    }
  }));
});
