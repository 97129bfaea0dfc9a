import assert from "node:assert/strict";
import fc from "fast-check";
import { Ledger } from "../../../../src/memory/store/ledger.ts";
import {
  nextId,
  parseRecord,
  type VersionRecord,
} from "../../../../src/memory/store/version_record.ts";
import { refused, temporaryNotes } from "./temporary_notes.ts";

async function historyFiles(folder: string, below = ".history"): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}/${entry.name}`;
    if (entry.isDirectory) found.push(...await historyFiles(folder, path));
    else found.push(path);
  }
  return found.sort();
}

Deno.test("of a note the latest versions are kept, and the others leave no files", async () => {
  await using notes = await temporaryNotes({ bounds: { perNote: 5, total: 100, bytes: 10_000 } });
  for (let count = 0; count < 12; count++) await notes.store.replace("a/b", `${count}`);
  const versions = await notes.store.history();
  const texts = await Promise.all(versions.map(({ id }) => notes.store.version(id)));
  assert.deepEqual(texts, ["10", "9", "8", "7", "6"]);
  assert.equal((await historyFiles(notes.folder)).length, 5 + 1, "five texts and the journal");
  for (let count = 0; count < 5; count++) await notes.store.undo();
  await refused(notes.store.undo(), "nothing_to_undo");
});

Deno.test("the history has a bound in versions and in bytes, over all notes", async () => {
  await using notes = await temporaryNotes({ bounds: { perNote: 50, total: 6, bytes: 1_000 } });
  for (const name of ["a", "b", "c"]) {
    for (let count = 0; count < 5; count++) await notes.store.replace(name, `${count}`);
  }
  const texts = (await notes.store.history()).filter(({ change }) => change === "changed");
  assert.equal(texts.length, 6);
  assert.deepEqual(new Set(texts.map(({ name }) => name)), new Set(["b.md", "c.md"]));
  for (const text of ["x".repeat(600), "y".repeat(600), "z"]) await notes.store.replace("a", text);
  const sizes = (await notes.store.history()).map(({ size_bytes }) => size_bytes);
  assert.ok(sizes.reduce((sum, size) => sum + size) <= 1_000);
  assert.equal((await notes.store.undo()).after[0], "y", "the newest is kept");
});

Deno.test("notes that were only made do not drive versions out", () => {
  const ledger = new Ledger({ perNote: 5, total: 10, bytes: 1_000 });
  let id = "";
  const add = (record: Pick<VersionRecord, "name" | "change" | "size_bytes">) =>
    ledger.add({ id: id = nextId(0, id), replaced: "2026-01-31T08:00:00Z", ...record });
  add({ name: "old.md", change: "changed", size_bytes: 9 });
  for (let count = 0; count < 100; count++) {
    add({ name: `${count}.md`, change: "created", size_bytes: 0 });
  }
  assert.deepEqual(ledger.recordsOf("old.md").length, 1);
  assert.equal(ledger.size, 11);
});

Deno.test("ids follow each other even if the clock stands still or goes back", () => {
  let id = "";
  for (const now of [1_000, 1_000, 999, ...Array(1_500).fill(1_000), 5_000, 0]) {
    const next = nextId(now, id);
    assert.ok(next > id, `${next} after ${id}`);
    assert.match(next, /^\d{8}T\d{9}Z-\d{3}$/);
    id = next;
  }
});

Deno.test("without its journal the history is found by its files", async () => {
  await using notes = await temporaryNotes();
  for (const text of ["1", "2", "3"]) await notes.store.replace("a", text);
  await notes.store.replace("x/b", "1");
  await notes.store.remove("x/b");
  await Deno.remove(`${notes.folder}/.history/journal.jsonl`);
  for (const store of [notes.store, notes.another()]) {
    assert.equal((await store.history("a")).length, 2);
    assert.equal((await store.history()).length, 3);
  }
  assert.equal((await notes.another().undo("x/b")).after, "1");
  assert.equal((await notes.another().undo("a")).after, "2");
  assert.equal((await notes.store.undo("a")).after, "1", "the journal is there again");
});

Deno.test("a history that is deleted starts anew; the notes stay", async () => {
  await using notes = await temporaryNotes();
  for (const text of ["1", "2"]) await notes.store.replace("a", text);
  await Deno.remove(`${notes.folder}/.history`, { recursive: true });
  assert.deepEqual(await notes.store.history(), []);
  await refused(notes.store.undo(), "nothing_to_undo");
  await notes.store.replace("a", "3");
  assert.equal((await notes.store.undo()).after, "2");
});

Deno.test("however the journal is damaged, changes go on and versions are found", async () => {
  await using notes = await temporaryNotes();
  for (const text of ["1", "2", "3"]) await notes.store.replace("a", text);
  const path = `${notes.folder}/.history/journal.jsonl`;
  const whole = await Deno.readTextFile(path);
  const [first = "", second = ""] = whole.split("\n");
  const outside = second.replace('"a.md"', '"../../etc/passwd.md"');
  const damaged = [
    "",
    "\n\n",
    "\0\0\0\0",
    whole.slice(0, -20),
    `${first}\n{"id":`,
    `garbage\n${whole}`,
    `${whole}${whole}`,
    `${outside}\n`,
    whole.replaceAll("changed", "exploded"),
    "x".repeat(100_000),
  ];
  for (const content of damaged) {
    await Deno.writeTextFile(path, content);
    const store = notes.another();
    const texts = await Promise.all((await store.history()).map(({ id }) => store.version(id)));
    assert.ok(!texts.some((text) => text.includes("root:")));
    const before = await notes.text("a.md");
    await store.replace("a", `after ${content.length}`);
    assert.equal((await store.undo()).after, before, JSON.stringify(content.slice(0, 40)));
    assert.equal((await notes.another().history("a"))[0]?.name, "a.md");
  }
});

Deno.test("the history is read while it grows, and is the same for all", async () => {
  await using notes = await temporaryNotes({ bounds: { perNote: 8, total: 100, bytes: 10_000 } });
  const readings: Promise<unknown>[] = [];
  for (let count = 0; count < 30; count++) {
    const change = notes.store.replace("a", `${count}`);
    for (let reader = 0; reader < 4; reader++) {
      readings.push(notes.store.history());
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await change;
  }
  await Promise.all(readings);
  const mine = await notes.store.history();
  assert.deepEqual(mine, await notes.another().history());
  assert.equal(mine.length, 8);
  assert.equal((await historyFiles(notes.folder)).length, 8 + 1, "no text is left of the others");
});

Deno.test("something else in the place of the history is told, and nothing is changed", async () => {
  for (const path of [".history", ".history/journal.jsonl"]) {
    await using notes = await temporaryNotes();
    await notes.put("a.md", "1");
    await notes.put(path === ".history" ? path : `${path}/x`, "x");
    const error = await refused(notes.store.replace("a", "2"), "note_unreadable");
    assert.match(error.message, /is no (folder|file)/);
    assert.match(error.hint, /move it/);
    await refused(notes.store.undo(), "note_unreadable");
    assert.equal((await notes.store.read("a")).body, "1");
    assert.deepEqual(await notes.paths(), ["a.md"]);
  }
});

Deno.test("no line makes the journal's reader throw or name a file elsewhere", () => {
  const field = fc.oneof(
    fc.constantFrom<unknown>(
      "a.md",
      "../a.md",
      "changed",
      "moved",
      "20260131T080000000Z-000",
      1,
      -1,
    ),
    fc.jsonValue(),
  );
  const record = fc.record({
    id: fc.oneof(
      fc.constant("20260131T080000000Z-000"),
      fc.constant("99999999T999999999Z-000"),
      field,
    ),
    name: field,
    replaced: fc.oneof(fc.constant("2026-01-31T08:00:00Z"), field),
    change: fc.oneof(fc.constantFrom("changed", "moved"), field),
    to: fc.option(field, { nil: undefined }),
    size_bytes: fc.oneof(fc.nat(), field),
  }).map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(fc.oneof(record, fc.string()), (line) => {
      const read = parseRecord(line);
      if (!read) return;
      assert.doesNotMatch(read.name, /\.\.\/|^\//);
      assert.equal(read.to !== undefined, read.change === "moved");
      assert.ok(read.size_bytes >= 0);
    }),
    { numRuns: 5_000 },
  );
});
