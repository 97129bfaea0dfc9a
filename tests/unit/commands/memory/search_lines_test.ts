import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type InputLine,
  LINE_LIMIT_BYTES,
  linesOf,
} from "../../../../src/commands/memory/search_lines.ts";

async function* stream(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

async function lines(...parts: readonly (string | Uint8Array)[]): Promise<InputLine[]> {
  const bytes = parts.map((part) =>
    typeof part === "string" ? new TextEncoder().encode(part) : part
  );
  return await Array.fromAsync(linesOf(stream(bytes)));
}

Deno.test("lines end at a line feed or at the end, and empty ones are none", async () => {
  assert.deepEqual(await lines("a\n\n  \r\nb\r\nc"), [
    { kind: "text", text: "a" },
    { kind: "text", text: "b\r" },
    { kind: "text", text: "c" },
  ]);
  assert.deepEqual(await lines(), []);
});

Deno.test("a line that is too long is told once and held no longer, and the next is read", async () => {
  const long = new Uint8Array(LINE_LIMIT_BYTES).fill(0x61);
  assert.deepEqual(await lines("a\n", long, "x", long, "\nb\n"), [
    { kind: "text", text: "a" },
    { kind: "broken", reason: "the line has more than 1 MB" },
    { kind: "text", text: "b" },
  ]);
  const [fits] = await lines(long, "\n");
  assert.equal(fits?.kind, "text");
});

Deno.test("bytes that are no UTF-8 break their own line only", async () => {
  assert.deepEqual(await lines("a\n", new Uint8Array([0xff, 0xfe]), "\nb"), [
    { kind: "text", text: "a" },
    { kind: "broken", reason: "the line is no UTF-8" },
    { kind: "text", text: "b" },
  ]);
});

Deno.test("lines are the same however the stream is cut", async () => {
  const text = fc.string({ unit: "grapheme" }).filter((one) =>
    !/[\n]/.test(one) && one.trim() !== ""
  );
  await fc.assert(fc.asyncProperty(
    fc.array(text, { maxLength: 8 }),
    fc.array(fc.nat({ max: 200 }), { maxLength: 8 }),
    async (texts, cuts) => {
      const bytes = new TextEncoder().encode(texts.map((one) => `${one}\n`).join(""));
      const at = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b)];
      const parts = at.map((from, index) => bytes.subarray(from, at[index + 1] ?? bytes.length));
      const found = await lines(...parts);
      assert.deepEqual(found, texts.map((one) => ({ kind: "text", text: one })));
    },
  ));
});
