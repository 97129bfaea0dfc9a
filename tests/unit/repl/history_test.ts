import assert from "node:assert/strict";
import fc from "fast-check";
import { InputHistory } from "../../../src/repl/history.ts";

async function inFolder(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/history.jsonl`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what was typed comes back in the next run, lines and all, for the owner only", async () => {
  await inFolder(async (path) => {
    const history = await InputHistory.open(path);
    await history.add("one\ntwo\n\nthree");
    await history.add('quotes " and \\ and 漢字');
    await history.add('quotes " and \\ and 漢字');
    await history.add("  ");
    const next = await InputHistory.open(path);
    assert.deepEqual(next.entries, ["one\ntwo\n\nthree", 'quotes " and \\ and 漢字']);
    if (Deno.build.os !== "windows") {
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
  });
});

Deno.test("the file keeps at most 1,000 entries, the newest", async () => {
  await inFolder(async (path) => {
    const history = await InputHistory.open(path);
    for (let i = 0; i < 1_050; i += 1) await history.add(`entry ${i}`);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assert.ok(lines.length <= 1_000, String(lines.length));
    assert.equal(lines.at(-1), '"entry 1049"');
    assert.ok((await InputHistory.open(path)).entries.length >= 900);
    if (Deno.build.os !== "windows") {
      assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
    }
  });
});

Deno.test("two programs at once keep what both typed", async () => {
  await inFolder(async (path) => {
    const [a, b] = [await InputHistory.open(path), await InputHistory.open(path)];
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => [a.add(`a${i}`), b.add(`b${i}`)]).flat(),
    );
    assert.equal((await InputHistory.open(path)).entries.length, 40);
  });
});

Deno.test("an entry that is too long is kept for this run only", async () => {
  await inFolder(async (path) => {
    const history = await InputHistory.open(path);
    await history.add("x".repeat(70_000));
    assert.equal(history.entries.length, 1);
    assert.equal((await InputHistory.open(path)).entries.length, 0);
  });
});

Deno.test("torn and foreign lines cost only themselves", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 200 }),
      (bytes) =>
        inFolder(async (path) => {
          const good = new TextEncoder().encode('\n"good"\n');
          await Deno.writeFile(path, new Uint8Array([...bytes, ...good]));
          const history = await InputHistory.open(path);
          assert.equal(history.entries.at(-1), "good");
          await history.add("next");
          assert.equal((await InputHistory.open(path)).entries.at(-1), "next");
        }),
    ),
    { numRuns: 100 },
  );
});
