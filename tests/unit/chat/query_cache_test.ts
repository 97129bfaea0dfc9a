import assert from "node:assert/strict";
import { FolderQueryCache } from "../../../src/chat/query_cache.ts";

const USAGE = { input_tokens: 30, output_tokens: 12, cached_tokens: 0 };
const keyOf = (digit: number) => digit.toString(16).padStart(64, "0");

async function inFolder(
  play: (folder: string, clock: { time: number }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await play(`${folder}/answers`, { time: Date.now() });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("an answer is found until its time is over, and not in a time before it", async () => {
  await inFolder(async (folder, clock) => {
    const cache = new FolderQueryCache(folder, { seconds: 600, now: () => clock.time });
    const at = clock.time;
    assert.equal(await cache.find(keyOf(1)), undefined);
    await cache.keep(keyOf(1), { at, text: "blue", usage: USAGE });
    clock.time = at + 599_000;
    assert.deepEqual(await cache.find(keyOf(1)), { at, text: "blue", usage: USAGE });
    clock.time = at + 600_000;
    assert.equal(await cache.find(keyOf(1)), undefined);
    clock.time = at - 1_000;
    assert.equal(await cache.find(keyOf(1)), undefined);
  });
});

Deno.test({
  name: "only the person may read the files",
  // Windows has no such modes.
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder, clock) => {
      const cache = new FolderQueryCache(folder, { seconds: 600, now: () => clock.time });
      await cache.keep(keyOf(1), { at: clock.time, text: "x", usage: USAGE });
      await cache.count(undefined);
      for (const name of [`${keyOf(1)}.json`, "figures.json"]) {
        assert.equal(((await Deno.stat(`${folder}/${name}`)).mode ?? 0) & 0o777, 0o600);
      }
      assert.equal(((await Deno.stat(folder)).mode ?? 0) & 0o777, 0o700);
    }),
});

Deno.test("the least recently used answers go first, by number and by size", async () => {
  await inFolder(async (folder, clock) => {
    const bounds = { answers: 3, bytes: 1_000, units: 500 };
    const cache = new FolderQueryCache(folder, { seconds: 600, now: () => clock.time, bounds });
    const keep = async (digit: number, text: string) => {
      clock.time += 1_000;
      await cache.keep(keyOf(digit), { at: clock.time, text, usage: USAGE });
      await Deno.utime(`${folder}/${keyOf(digit)}.json`, clock.time / 1_000, clock.time / 1_000)
        .catch(() => undefined);
    };
    const kept = async () => {
      const names = await Array.fromAsync(Deno.readDir(folder));
      return names.map(({ name }) => Number(name.slice(0, -5))).sort();
    };
    for (const digit of [1, 2, 3]) await keep(digit, "short");
    clock.time += 1_000;
    assert.ok(await cache.find(keyOf(1)));
    await keep(4, "short");
    assert.deepEqual(await kept(), [1, 3, 4], "what was just used stays");
    await keep(5, "x".repeat(450));
    await keep(6, "x".repeat(450));
    assert.deepEqual(await kept(), [6], "a thousand bytes hold no two of them");
    await keep(7, "x".repeat(501));
    assert.deepEqual(await kept(), [6], "what is too long is not kept at all");
  });
});

Deno.test("a damaged file is no answer and makes room for a new one", async () => {
  await inFolder(async (folder, clock) => {
    const cache = new FolderQueryCache(folder, { seconds: 600, now: () => clock.time });
    await Deno.mkdir(folder, { recursive: true });
    const answer = { at: clock.time, text: "blue", usage: USAGE };
    for (const text of ["", "{", "[]", '{"at":1}', JSON.stringify({ ...answer, more: 1 })]) {
      await Deno.writeTextFile(`${folder}/${keyOf(1)}.json`, text);
      await Deno.writeTextFile(`${folder}/figures.json`, text || "x");
      assert.equal(await cache.find(keyOf(1)), undefined);
      await cache.count(5);
      const from = clock.time - 1_000;
      assert.deepEqual(await cache.figures(from), { hits: 1, misses: 0, saved_tokens: 5 });
    }
    await cache.keep(keyOf(1), answer);
    assert.deepEqual(await cache.find(keyOf(1)), answer);
  });
});

Deno.test("where nothing can be written nothing fails", async () => {
  await inFolder(async (folder, clock) => {
    await Deno.writeTextFile(folder, "a file in the folder's place");
    const cache = new FolderQueryCache(folder, { seconds: 600, now: () => clock.time });
    await cache.keep(keyOf(1), { at: clock.time, text: "x", usage: USAGE });
    await cache.count(undefined);
    assert.equal(await cache.find(keyOf(1)), undefined);
    assert.deepEqual(await cache.figures(0), { hits: 0, misses: 0, saved_tokens: 0 });
  });
});

Deno.test("counts of processes that ask at once are all there, by the day", async () => {
  await inFolder(async (folder, clock) => {
    const open = () => new FolderQueryCache(folder, { seconds: 600, now: () => clock.time });
    const day = 86_400_000;
    await open().count(7);
    clock.time += day;
    await Promise.all([open().count(undefined), open().count(3), open().count(4)]);
    assert.deepEqual(await open().figures(clock.time), { hits: 2, misses: 1, saved_tokens: 7 });
    const all = await open().figures(clock.time - day);
    assert.deepEqual(all, { hits: 3, misses: 1, saved_tokens: 14 });
  });
});
