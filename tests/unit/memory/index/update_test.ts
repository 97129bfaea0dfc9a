import assert from "node:assert/strict";
import { found, memoryPlace, refresh } from "./memory_place.ts";

Deno.test("a write among 2,000 notes reads that note alone, also for the index files", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 2_000; at++) await place.put(`k${at % 20}/n${at}.md`, `Turtle ${at}.`);
  using index = await place.open();
  await refresh(index);
  const before = place.reads();
  assert.equal(before, 2_000);
  await place.store.write("k1/written", { body: "A giraffe." });
  await index.update("k1/written.md");
  await index.flush();
  // The store's own write is not counted: it reads no note through `read`.
  assert.equal(place.reads() - before, 1);
  assert.deepEqual(await found(index, "giraffe"), ["k1/written.md"]);
  assert.match(await Deno.readTextFile(`${place.folder}/MEMORY_INDEX.md`), /k1\/written\.md/);
});

Deno.test("writes, moves and removals are in the index when the update returns", async () => {
  await using place = await memoryPlace();
  using index = await place.open();
  await refresh(index);
  await place.store.write("a", { body: "Apple.", keywords: ["fruit"] });
  await index.update("a.md");
  assert.deepEqual(index.entry("a.md")?.keywords, ["fruit"]);
  await place.store.append("a", "Banana.");
  await index.update("a.md");
  assert.deepEqual(await found(index, "banana"), ["a.md"]);
  await place.store.move("a", "b");
  await index.update("a.md");
  await index.update("b.md");
  assert.deepEqual(await found(index, "banana"), ["b.md"]);
  await place.store.remove("b");
  await index.update("b.md");
  await index.update("never/there.md");
  assert.deepEqual(await found(index, "banana"), []);
  assert.equal(index.figures().passages, 0);
});

Deno.test("updates of one note at the same time end with what the file says", async () => {
  await using place = await memoryPlace();
  using index = await place.open();
  await refresh(index);
  const updates = [];
  for (let round = 0; round < 30; round++) {
    await place.put("a.md", `Round number${round} of turtles.`, new Date(1e12 + round * 1_000));
    updates.push(index.update("a.md"));
  }
  await Promise.all(updates);
  assert.deepEqual(await found(index, "number29"), ["a.md"]);
  assert.deepEqual(await found(index, '"number28"'), []);
  assert.equal(index.figures().notes, 1);
  await refresh(index);
  assert.deepEqual(await found(index, "number29"), ["a.md"]);
});

Deno.test("an update works before the first look has ended", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  using index = await place.open();
  await index.update("a.md");
  assert.equal(index.isComplete, false);
  assert.deepEqual(await refresh(index), {
    notes: 1,
    added: 0,
    changed: 0,
    removed: 0,
    problems: [],
  });
  assert.deepEqual(await found(index, "apple"), ["a.md"]);
});

Deno.test("an index that is closed says so, and can be closed again", async () => {
  await using place = await memoryPlace();
  const index = await place.open();
  await refresh(index);
  index[Symbol.dispose]();
  index[Symbol.dispose]();
  await assert.rejects(refresh(index), /closed/);
  assert.equal(index.isComplete, false);
  await index.flush();
});
