import assert from "node:assert/strict";
import fc from "fast-check";
import { listedNotes } from "../../../../src/memory/index/index_json.ts";
import { StandIn } from "../../../../src/memory/index/stand_in.ts";
import { found, memoryPlace, NEVER, refresh } from "./memory_place.ts";

Deno.test("while the database is made, the list of notes is searched and not overwritten", async () => {
  await using place = await memoryPlace();
  await place.put(
    "knowledge/café.md",
    "---\nsummary: Where to drink\nkeywords: [espresso]\n---\n# Cafés\n\nIn Vienna.",
  );
  await place.put("knowledge/gone.md", "An espresso that is gone.");
  await place.put("日記.md", "今日は京都へ行った。");
  for (let at = 0; at < 40; at++) await place.put(`other/n${at}.md`, `Note ${at}.`);
  {
    using index = await place.open();
    await refresh(index);
  }
  await Deno.remove(place.database);
  await Deno.remove(`${place.folder}/knowledge/gone.md`);
  using index = await place.open();
  const stop = new AbortController();
  await assert.rejects(index.refresh({ signal: stop.signal, progress: () => stop.abort() }));
  assert.equal(index.isComplete, false);
  const [hit, ...more] = await index.search("CAFE espresso");
  assert.equal(hit?.file, "knowledge/café.md");
  assert.equal(hit.summary, "Where to drink");
  assert.deepEqual(hit.keywords, ["espresso"]);
  assert.match(hit.snippet.text, /Cafés/);
  const [mark] = hit.snippet.marks;
  assert.equal(mark && hit.snippet.text.slice(...mark), "Cafés");
  assert.deepEqual(more, []);
  assert.deepEqual(await found(index, "京都"), ["日記.md"]);
  assert.deepEqual(await index.search("espresso", { category: "other" }), []);
  assert.equal((await index.search("note", { limit: 3 })).length, 3);
  assert.deepEqual(index.list("knowledge").map(({ name }) => name).length, 2);
  await index.flush();
  await index.refresh({ signal: NEVER });
  assert.equal(index.isComplete, true);
  assert.deepEqual(await found(index, "espresso"), ["knowledge/café.md"]);
});

Deno.test("the list of notes is searched for words that begin so, whole numbers, and no small words", async () => {
  await using place = await memoryPlace();
  await place.put("train.md", "The trains to Vienna leave at 9.");
  await place.put("strain.md", "A strain of 19 yeasts in the cellar.");
  const notes = [
    { path: "train.md", beginning: "The trains to Vienna leave at 9." },
    { path: "strain.md", beginning: "A strain of 19 yeasts in the cellar." },
  ];
  const json = `${place.folder}/memory_index.json`;
  await Deno.writeTextFile(json, JSON.stringify({ version: 1, notes }));
  using index = await place.open();
  assert.deepEqual(await found(index, "train"), ["train.md"]);
  assert.deepEqual(await found(index, "9"), ["train.md"]);
  assert.deepEqual(await found(index, "what is the name of the yeast?"), ["strain.md"]);
  assert.deepEqual(await found(index, "the"), ["strain.md", "train.md"]);
});

Deno.test("a list of notes that is broken finds nothing and says why", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  await Deno.writeTextFile(`${place.folder}/memory_index.json`, '{"version":1,"notes":[{"path":');
  using index = await place.open();
  assert.deepEqual(await index.search("apple"), []);
  assert.deepEqual(index.list(), []);
  assert.deepEqual(index.notices, [
    "the memory index was missing and is being made anew",
    "memory_index.json cannot be used for a search until it is made anew",
  ]);
  await refresh(index);
  assert.deepEqual(await found(index, "apple"), ["a.md"]);
});

Deno.test("names that are none in the list of notes end no search", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  const names = ["../../a.md", "/etc/passwd", "a\u001b[2J.md", ".git/config.md", "", "a.md"];
  const notes = names.map((path) => ({ path, beginning: "apple", pinned: true }));
  const json = `${place.folder}/memory_index.json`;
  await Deno.writeTextFile(json, JSON.stringify({ version: 1, notes }));
  using index = await place.open();
  assert.deepEqual(await found(index, "apple"), ["a.md"]);
  assert.deepEqual(index.list().map(({ name }) => name), ["a.md"]);
  assert.deepEqual(index.pinned().map(({ name }) => name), ["a.md"]);
});

Deno.test("a list of notes that is a pipe, or a link, is not read", {
  // Windows has no such pipes.
  ignore: Deno.build.os === "windows",
}, async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  const json = `${place.folder}/memory_index.json`;
  await new Deno.Command("mkfifo", { args: [json] }).output();
  {
    using index = await place.open();
    assert.deepEqual(await index.search("apple"), []);
  }
  await Deno.remove(json);
  await Deno.symlink("/dev/zero", json);
  using index = await place.open();
  assert.deepEqual(await index.search("apple"), []);
  await refresh(index);
  assert.deepEqual(await found(index, "apple"), ["a.md"]);
  assert((await Deno.lstat(json)).isFile);
});

Deno.test("no list of notes crashes the search, whatever is in it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const one = fc.record({
      path: fc.oneof(fc.string({ unit: "binary" }), fc.anything()),
      summary: fc.anything(),
      keywords: fc.anything(),
      beginning: fc.oneof(fc.string({ unit: "binary" }), fc.anything()),
      headings: fc.oneof(fc.array(fc.tuple(fc.anything(), fc.anything())), fc.anything()),
      line: fc.anything(),
    }, { requiredKeys: [] });
    const file = fc.oneof(
      fc.json(),
      fc.string({ unit: "binary" }),
      fc.array(fc.oneof(one, fc.anything())).map((notes) => written({ version: 1, notes })),
    );
    const words = fc.string({ unit: "binary" });
    await fc.assert(
      fc.asyncProperty(file, words, async (text, query) => {
        await Deno.writeTextFile(`${folder}/memory_index.json`, text);
        const notes = listedNotes(text) ?? [];
        const standIn = new StandIn(folder, () => undefined);
        assert.equal(standIn.list().length, notes.length);
        assert.equal(standIn.figures().notes, notes.length);
        for (const { snippet, line } of standIn.search(query)) {
          assert(line >= 1);
          for (const [from, to] of snippet.marks) assert(from < to && to <= snippet.text.length);
        }
      }),
      { numRuns: 300 },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** As JSON, without what JSON has no words for. */
function written(value: unknown): string {
  return JSON.stringify(value, (_, part) => typeof part === "bigint" ? Number(part) : part) ?? "";
}
