import assert from "node:assert/strict";
import fc from "fast-check";
import { refused, type TemporaryNotes, temporaryNotes } from "./temporary_notes.ts";

/** A text without a front matter, so that it stands in the file as it is. */
async function replaced(notes: TemporaryNotes, name: string, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    notes.time += 1_000;
    await notes.store.replace(name, text);
  }
}

Deno.test("undo takes back a change, and done again the one before, back to nothing", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1", "2", "3");
  const first = await notes.store.undo();
  assert.deepEqual([first.kind, first.before, first.after], ["changed", "3", "2"]);
  assert.equal((await notes.store.undo()).after, "1");
  const last = await notes.store.undo();
  assert.deepEqual([last.kind, last.before, last.after], ["removed", "1", ""]);
  assert.deepEqual(await notes.paths(), []);
  const error = await refused(notes.store.undo(), "nothing_to_undo");
  assert.match(error.hint, /pyra memory history/);
});

Deno.test("what an undo replaces is a version too, from which it can be had again", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1", "2");
  await notes.store.undo();
  const [kept] = await notes.store.history("a");
  assert.equal(await notes.store.version(kept?.id ?? ""), "2");
  await replaced(notes, "a", "3");
  assert.equal((await notes.store.undo()).after, "1", "a change after an undo is the last change");
  await notes.store.undo();
  await refused(notes.store.undo("a"), "nothing_to_undo");
});

Deno.test("undo brings a removed note back, and takes a new one away", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "x/y", "text");
  await notes.store.remove("x/y");
  const back = await notes.store.undo("x/y");
  assert.deepEqual([back.kind, back.after], ["created", "text"]);
  assert.equal((await notes.store.undo()).kind, "removed");
});

Deno.test("undo moves a note back with what was written since, unless its name is taken", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1");
  await notes.store.move("a", "b/c");
  await notes.put("b/c.md", "by hand");
  await notes.put("a.md", "another");
  await refused(notes.store.undo(), "note_exists");
  await Deno.remove(`${notes.folder}/a.md`);
  const back = await notes.store.undo();
  assert.deepEqual([back.kind, back.from, back.name, back.after], [
    "moved",
    "b/c.md",
    "a.md",
    "by hand",
  ]);
  assert.deepEqual(await notes.paths(), ["a.md"]);
});

Deno.test("a moved note that is gone is put back, but not over another one", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1");
  await notes.store.move("a", "b");
  await Deno.remove(`${notes.folder}/b.md`);
  await notes.put("a.md", "another");
  assert.equal((await notes.store.undo()).kind, "removed", "only that the note was made is left");
  assert.equal((await notes.store.undo()).after, "1");
  const versions = await notes.store.history();
  const texts = await Promise.all(versions.map(({ id }) => notes.store.version(id)));
  assert.ok(texts.includes("another"), "what was there by hand is kept");
});

Deno.test("a note keeps its history when the move that was taken back is forgotten", async () => {
  await using notes = await temporaryNotes({ bounds: { perNote: 3, total: 100, bytes: 10_000 } });
  await replaced(notes, "a", "1", "2");
  await notes.store.move("a", "b");
  await notes.store.undo();
  await replaced(notes, "a", "3");
  const changes = (await notes.store.history("a")).map(({ name, change }) => `${name} ${change}`);
  assert.deepEqual(changes, ["a.md changed", "b.md moved", "a.md changed", "a.md created"]);
  assert.equal((await notes.store.undo("a")).after, "2");
  assert.equal((await notes.store.undo("a")).after, "1");
});

Deno.test("undo of one note follows it under all names that it had", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1", "2");
  await replaced(notes, "other", "o1", "o2");
  await notes.store.move("a", "b");
  await replaced(notes, "b", "3");
  assert.equal((await notes.store.history("b")).length, 4);
  assert.equal((await notes.store.undo("a")).after, "2");
  assert.equal((await notes.store.undo("a")).kind, "moved");
  assert.equal((await notes.store.undo("b")).after, "1");
  assert.equal((await notes.store.undo("b")).kind, "removed");
  await refused(notes.store.undo("b"), "nothing_to_undo");
  assert.equal(await notes.text("other.md"), "o2", "another note is not touched");
});

Deno.test("undo keeps what somebody has written by hand since the change", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1", "2");
  await notes.put("a.md", "by hand");
  assert.equal((await notes.store.undo()).after, "1");
  const [kept] = await notes.store.history();
  assert.equal(await notes.store.version(kept?.id ?? ""), "by hand");
});

Deno.test("undo passes over what is taken back already by other means", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1");
  await replaced(notes, "b", "1", "2", "3");
  await notes.put("b.md", "2");
  assert.equal((await notes.store.undo()).after, "1", "3 to 2 was taken back by hand");
  await replaced(notes, "c", "new");
  await Deno.remove(`${notes.folder}/c.md`);
  assert.equal((await notes.store.undo()).name, "b.md");
});

Deno.test("a version is asked for by its id only", async () => {
  await using notes = await temporaryNotes();
  await replaced(notes, "a", "1", "2");
  for (
    const id of ["", "x", "../a", "20260131T080000000Z-000", "20260131T080000000Z-000/../../a"]
  ) {
    await refused(notes.store.version(id), "no_such_version");
  }
  const [changed, created] = await notes.store.history();
  assert.deepEqual([changed?.change, created?.change], ["changed", "created"]);
  assert.equal(changed?.replaced, "2026-01-31T08:00:02.000Z");
  assert.equal(await notes.store.version(created?.id ?? ""), "");
});

const name = fc.constantFrom("a", "b", "c/d");
const step = fc.oneof(
  fc.record({ kind: fc.constant("replace" as const), name, text: fc.constantFrom("1", "2", "3") }),
  fc.record({ kind: fc.constant("remove" as const), name }),
  fc.record({ kind: fc.constant("move" as const), name, to: name }),
  fc.record({ kind: fc.constant("undo" as const) }),
);

async function snapshot(notes: TemporaryNotes): Promise<string> {
  const paths = (await notes.paths()).filter((path) => path.endsWith(".md"));
  const texts = await Promise.all(paths.map(async (path) => [path, await notes.text(path)]));
  return JSON.stringify(texts);
}

Deno.test("however changes and undos mix, an undo brings back what was before", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      await using notes = await temporaryNotes();
      await Deno.mkdir(notes.folder);
      const before: string[] = [];
      for (const [index, action] of steps.entries()) {
        // Another process now and then: it knows only what is on the disk.
        const store = index % 3 === 0 ? notes.another() : notes.store;
        const was = await snapshot(notes);
        const call = action.kind === "replace"
          ? store.replace(action.name, action.text)
          : action.kind === "remove"
          ? store.remove(action.name)
          : action.kind === "move"
          ? store.move(action.name, action.to)
          : store.undo();
        const kind = await call.then((change) => change.kind, () => "refused");
        if (action.kind !== "undo") {
          if (kind !== "refused" && kind !== "unchanged") before.push(was);
        } else if (before.length > 0) {
          assert.equal(await snapshot(notes), before.pop());
        } else {
          assert.equal(kind, "refused");
        }
      }
    }),
    { numRuns: 60 },
  );
});
