import assert from "node:assert/strict";
import { found, LONG_AGO, memoryPlace, NEVER, refresh } from "./memory_place.ts";

Deno.test("a look through the folder finds what came, changed and went, and reads nothing else", async () => {
  await using place = await memoryPlace();
  await place.put("user/profile.md", "My name is Zora.");
  await place.put(
    "knowledge/trains.md",
    "---\nsummary: Night trains\n---\n# Vienna\n\nLeaves at ten.",
  );
  await place.put("context/now.md", "Packing the suitcase.");
  using index = await place.open();
  assert.equal(index.isComplete, false);
  assert.deepEqual(await refresh(index), {
    notes: 3,
    added: 3,
    changed: 0,
    removed: 0,
    problems: [],
  });
  assert.equal(index.isComplete, true);
  assert.deepEqual(await found(index, "zora"), ["user/profile.md"]);
  assert.deepEqual(index.list().map(({ name }) => name), [
    "context/now.md",
    "knowledge/trains.md",
    "user/profile.md",
  ]);
  assert.deepEqual(index.list("knowledge").map(({ summary }) => summary), ["Night trains"]);
  assert.equal(index.entry("user/profile.md")?.modified, LONG_AGO.toISOString());
  assert.equal(index.entry("user/nobody.md"), undefined);

  const before = place.reads();
  assert.deepEqual(await refresh(index), {
    notes: 3,
    added: 0,
    changed: 0,
    removed: 0,
    problems: [],
  });
  assert.equal(place.reads(), before);

  await place.put("knowledge/trains.md", "The railway to Graz.", new Date("2026-01-03"));
  await place.put("knowledge/new.md", "Something about bicycles.");
  await Deno.remove(`${place.folder}/context/now.md`);
  assert.deepEqual(await refresh(index), {
    notes: 3,
    added: 1,
    changed: 1,
    removed: 1,
    problems: [],
  });
  assert.equal(place.reads(), before + 2);
  assert.deepEqual(await found(index, "vienna"), []);
  assert.deepEqual(await found(index, "suitcase"), []);
  assert.deepEqual(await found(index, "graz bicycles"), [
    "knowledge/new.md",
    "knowledge/trains.md",
  ]);
  assert.deepEqual(index.notices, []);
});

Deno.test("a file of another size is new though its time was kept, and so is one whose time was set back", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "The word is apple.");
  await place.put("b.md", "The word is grape.");
  using index = await place.open();
  await refresh(index);
  await place.put("a.md", "The word is now banana.");
  await place.put("b.md", "The word is melon.", new Date("2020-02-02"));
  assert.equal((await refresh(index)).changed, 2);
  assert.deepEqual(await found(index, "banana"), ["a.md"]);
  assert.deepEqual(await found(index, "melon"), ["b.md"]);
  assert.deepEqual(await found(index, "apple grape"), []);
});

Deno.test("a file that was only touched is read, and not indexed again", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "The word is apple.");
  using index = await place.open();
  await refresh(index);
  await Deno.utime(`${place.folder}/a.md`, new Date("2026-05-05"), new Date("2026-05-05"));
  assert.equal((await refresh(index)).changed, 0);
  assert.equal(index.entry("a.md")?.modified, "2026-05-05T00:00:00.000Z");
  const before = place.reads();
  await refresh(index);
  assert.equal(place.reads(), before);
});

Deno.test("a file that changed twice within one tick of the clock is noticed at the next look", async () => {
  await using place = await memoryPlace();
  const now = new Date();
  await place.put("a.md", "The word is apple.", now);
  using index = await place.open();
  await refresh(index);
  await place.put("a.md", "The word is grape.", now);
  assert.equal((await refresh(index)).changed, 1);
  assert.deepEqual(await found(index, "grape"), ["a.md"]);
});

Deno.test("an aborted look keeps what it did, and the next one does the rest", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 60; at++) await place.put(`n${at}.md`, `Note number ${at} about turtles.`);
  using index = await place.open();
  const stop = new AbortController();
  const reason = new TypeError("enough");
  await assert.rejects(
    index.refresh({
      signal: stop.signal,
      progress: ({ done, total }) => {
        assert.equal(total, 60);
        if (done > 0) stop.abort(reason);
      },
    }),
    reason,
  );
  assert.equal(index.isComplete, false);
  const before = place.reads();
  assert(before < 60);
  const { added } = await refresh(index);
  assert(added < 60 && added === place.reads() - before);
  assert.equal(index.figures().notes, 60);
});

Deno.test("whoever joins a look is not ended by the one who began it", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 40; at++) await place.put(`n${at}.md`, `Note number ${at} about turtles.`);
  using index = await place.open();
  const stop = new AbortController();
  const first = index.refresh({ signal: stop.signal });
  const second = index.refresh({ signal: NEVER });
  const third = index.refresh({ signal: AbortSignal.abort(new TypeError("not even begun")) });
  stop.abort(new TypeError("enough"));
  await assert.rejects(first, /enough/);
  await assert.rejects(third, /not even begun/);
  assert.equal((await second).notes, 40);
  assert.equal(index.isComplete, true);
  assert.equal(place.reads(), 40);
});

Deno.test("a mass of files that is replaced, as git checkout does, is indexed once each", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 300; at++) await place.put(`a/n${at}.md`, `Old note ${at} about turtles.`);
  using index = await place.open();
  await refresh(index);
  await Deno.remove(`${place.folder}/a`, { recursive: true });
  for (let at = 200; at < 500; at++) {
    await place.put(`a/n${at}.md`, `New note ${at} about lizards.`, new Date("2026-06-06"));
  }
  const report = await refresh(index);
  assert.deepEqual(report, { notes: 300, added: 200, changed: 100, removed: 200, problems: [] });
  assert.equal(place.reads(), 600);
  assert.deepEqual(await found(index, "turtles"), []);
  assert.deepEqual(await found(index, "lizards 499"), await found(index, "499 lizards"));
  assert.equal((await index.search("lizards 499"))[0]?.file, "a/n499.md");
});

Deno.test("an index that is emptied and made anew finds the same", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 30; at++) {
    await place.put(`k${at % 3}/n${at}.md`, `Turtle ${at} swims ${at % 7} miles, says ${at * 31}.`);
  }
  using index = await place.open();
  await refresh(index);
  const before = await index.search("turtle swims 5 miles");
  assert.equal((await index.rebuild({ signal: NEVER })).added, 30);
  assert.deepEqual(await index.search("turtle swims 5 miles"), before);
  assert.deepEqual(index.notices, []);
});
