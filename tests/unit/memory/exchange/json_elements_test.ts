import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonElements } from "../../../../src/memory/exchange/json_elements.ts";
import { chatGpt, talk } from "./conversations.ts";
import { counts, Workbench } from "./workbench.ts";

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    // The memory of a piece is used again, as a file's buffer is.
    const piece = bytes.slice(at, at + size);
    yield await Promise.resolve(piece);
    piece.fill(0);
    at += size;
  }
}

async function read(text: string, sizes: readonly number[], limit = 1e6): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const element of jsonElements(pieces(new TextEncoder().encode(text), sizes), limit)) {
    found.push(element.kind === "value" ? element.value : element.kind);
  }
  return found;
}

const SIZES = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

Deno.test("a list's elements are those that JSON.parse finds, however the bytes arrive", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.jsonValue({ depthSize: "small" })),
    fc.constantFrom(undefined, 2, "\t"),
    SIZES,
    async (list, indent, sizes) => {
      const text = JSON.stringify(list, null, indent);
      assert.deepEqual(await read(text, sizes), JSON.parse(text));
    },
  ));
});

Deno.test("lines of JSON, one object and a byte order mark are read too", async () => {
  assert.deepEqual(await read('{"a":1}\n{"a":2}\n', [3]), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(await read('\ufeff[{"a":"]}"}]', [1]), [{ a: "]}" }]);
  assert.deepEqual(await read('{"a":[1,{"b":"\\""}]}', [2]), [{ a: [1, { b: '"' }] }]);
  assert.deepEqual(await read("", [1]), []);
});

Deno.test("what is broken, too large or cut off is said, and the others are read", async () => {
  assert.deepEqual(await read('[{"a":1},{bad},{"a":2}]', [4]), [{ a: 1 }, "broken", { a: 2 }]);
  assert.deepEqual(await read(`[1,"${"x".repeat(50)}",2]`, [7], 20), [1, "too_large", 2]);
  assert.deepEqual(await read('[{"a":1},{"a":', [5]), [{ a: 1 }, "truncated"]);
  assert.deepEqual(await read('[{"a":1}', [5]), [{ a: 1 }, "truncated"]);
});

Deno.test("any bytes at all end without an error", async () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  const likely = fc.string({ unit: fc.constantFrom(...'[]{}",:\\ \n1ae') });
  await fc.assert(fc.asyncProperty(fc.oneof(bytes, likely), SIZES, async (input, sizes) => {
    const text = typeof input === "string" ? input : new TextDecoder("latin1").decode(input);
    await read(text, sizes, 50);
  }));
});

Deno.test("an export that is cut off gives what comes before, and says so", async () => {
  await using bench = await Workbench.make();
  const whole = JSON.stringify([chatGpt("One", talk("a", "b")), chatGpt("Two", talk("c", "d"))]);
  const file = await bench.file("conversations.json", whole.slice(0, -40));
  const report = await bench.import(file);
  assert.equal(counts(report), "1 created, 0 changed, 0 unchanged, 0 skipped");
  assert.match(report.problems[0]?.message ?? "", /ends in the middle/);
});

Deno.test("JSON that is no export is refused with one sentence", async () => {
  await using bench = await Workbench.make();
  for (const text of ['{"name":"left-pad"}', "not json", "[1,2", "{"]) {
    const file = await bench.file("package.json", text);
    await assert.rejects(bench.import(file), { code: "unknown_import_source" });
  }
});
