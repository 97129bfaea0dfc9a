import assert from "node:assert/strict";
import fc from "fast-check";
import { IndexJson, listedNotes } from "../../../../src/memory/index/index_json.ts";
import { IndexMarkdown } from "../../../../src/memory/index/index_markdown.ts";
import { isNoteName } from "../../../../src/memory/note/name.ts";
import { type MemoryPlace, memoryPlace, NEVER, refresh } from "./memory_place.ts";

/** Both files' texts and times. */
async function files({ folder }: MemoryPlace): Promise<Record<"md" | "json" | "times", string>> {
  const [md, json] = [`${folder}/MEMORY_INDEX.md`, `${folder}/memory_index.json`];
  const stats = await Promise.all([Deno.stat(md), Deno.stat(json)]);
  const times = stats.map(({ mtime, ino }) => `${mtime?.getTime()} ${ino}`).join(", ");
  return { md: await Deno.readTextFile(md), json: await Deno.readTextFile(json), times };
}

Deno.test("the index files list every note, and are not touched when nothing changed", async () => {
  await using place = await memoryPlace();
  await place.put(
    "knowledge/deno (1).md",
    "---\nsummary: A *runtime*\nkeywords: [js, v8]\n---\n# Deno\n\nIt runs.",
  );
  await place.put("top.md", "---\npinned: true\n---\nOutside of all folders.");
  using index = await place.open();
  await refresh(index);
  const before = await files(place);
  assert.equal(
    before.md,
    `# Memory index

Pyra makes this file from the notes in this folder, anew after each change. Change the notes: what you
write here is lost.

2 notes.

## Outside of folders

- [top](top.md) (pinned)

## knowledge

- [deno (1)](knowledge/deno%20%281%29.md) – A \\*runtime\\* · *js, v8*
`,
  );
  const { version, total, notes } = JSON.parse(before.json);
  assert.deepEqual([version, total], [1, 2]);
  assert.deepEqual(notes[0], {
    path: "knowledge/deno (1).md",
    category: "knowledge",
    size_bytes: 64,
    modified: "2026-01-02T03:04:05.678Z",
    summary: "A *runtime*",
    keywords: ["js", "v8"],
    pinned: false,
    created: "",
    updated: "",
    source: "",
    line: notes[0].line,
    beginning: notes[0].beginning,
    headings: [[notes[0].headings[0][0], "Deno"]],
  });
  assert.match(notes[0].beginning, /It runs\./);

  await refresh(index);
  await index.flush();
  await index.rebuild({ signal: NEVER });
  assert.deepEqual(await files(place), before);
});

Deno.test("a change is in the index files at the flush, and one that changes nothing they say is not", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  using index = await place.open();
  await refresh(index);
  const before = await files(place);
  await index.update("a.md");
  await index.flush();
  assert.deepEqual(await files(place), before);
  await place.store.write("b", { body: "Banana", summary: "Yellow" });
  await index.update("b.md");
  await index.flush();
  const after = await files(place);
  assert.match(after.md, /\[b\]\(b\.md\) – Yellow/);
  assert.match(after.json, /"path":"b\.md".*"beginning":"Banana"/);
});

Deno.test("a change is in the index files soon, without a flush", async () => {
  await using place = await memoryPlace();
  using index = await place.open();
  await refresh(index);
  await place.store.write("a", { body: "Apple." });
  await index.update("a.md");
  while (!(await files(place)).md.includes("[a](a.md)")) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await index.flush();
});

Deno.test("index files that are behind after a crash, deleted or edited are right after the next look", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  {
    using index = await place.open();
    await refresh(index);
    await place.put("b.md", "Banana.");
    await index.update("b.md");
    // Ends without a flush.
  }
  assert.doesNotMatch((await files(place)).md, /b\.md/);
  using index = await place.open();
  await refresh(index);
  const right = await files(place);
  assert.match(right.md, /b\.md/);

  await Deno.remove(`${place.folder}/MEMORY_INDEX.md`);
  await refresh(index);
  assert.equal((await files(place)).md, right.md);
  await Deno.writeTextFile(`${place.folder}/memory_index.json`, "{}");
  await refresh(index);
  assert.equal((await files(place)).json, right.json);
});

Deno.test("a note of any words is one line of the list and comes back from the JSON", () => {
  const words = fc.string({ unit: "binary", maxLength: 40 });
  const note = fc.record({
    name: words.map((name) => `x${name}.md`),
    category: fc.constant(""),
    size_bytes: fc.nat(),
    modified: fc.constant("2026-01-02T03:04:05.678Z"),
    summary: words,
    keywords: fc.array(words, { maxLength: 3 }),
    pinned: fc.boolean(),
    created: words,
    updated: words,
    source: words,
    line: fc.integer({ min: 1, max: 1e6 }),
    beginning: words,
    headings: fc.array(fc.tuple(fc.integer({ min: 1, max: 99 }), words), { maxLength: 3 }),
  });
  fc.assert(fc.property(fc.array(note, { maxLength: 5 }), (notes) => {
    const markdown = new IndexMarkdown();
    const json = new IndexJson();
    for (const one of notes) {
      markdown.add(one);
      json.add(one);
    }
    const lines = markdown.text().split("\n").filter((line) => line.startsWith("- ["));
    assert.equal(lines.length, notes.length);
    const listed = listedNotes(new TextDecoder().decode(json.bytes()));
    assert.deepEqual(
      listed?.map(({ name, line, pinned }) => [name, line, pinned]),
      notes.filter(({ name }) => isNoteName(name)).map((
        { name, line, pinned },
      ) => [name, line, pinned]),
    );
  }));
});

Deno.test("a list of far more notes than anybody reads is cut, and says so", () => {
  const entry = {
    ...{ category: "k", size_bytes: 1, modified: "", summary: "word ".repeat(100), keywords: [] },
    ...{ created: "", updated: "", source: "", pinned: false, line: 1, beginning: "é".repeat(900) },
    headings: [],
  };
  const markdown = new IndexMarkdown();
  const json = new IndexJson();
  for (let at = 0; at < 12_000; at++) {
    markdown.add({ ...entry, name: `k/${at}.md` });
    if (json.isFull) json.count();
    else json.add({ ...entry, name: `k/${at}.md` });
  }
  const text = markdown.text();
  assert(text.includes("\n12000 notes.\n"));
  assert(text.endsWith("\n- … and 10000 more\n"));
  const bytes = json.bytes();
  assert.equal(JSON.parse(new TextDecoder().decode(bytes)).total, 12_000);
  assert(bytes.length < 12e6);
});
