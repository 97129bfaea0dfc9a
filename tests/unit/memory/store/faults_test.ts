import assert from "node:assert/strict";
import { takeLock } from "../../../../src/locking/file_lock.ts";
import { canMount, smallDisk } from "./small_disk.ts";
import { refused, temporaryNotes } from "./temporary_notes.ts";

Deno.test({
  name: "on a full disk nothing is lost or left over, and it goes on when there is room",
  ignore: !canMount, // only root on Linux can mount a small disk
  async fn() {
    await using disk = await smallDisk(256);
    if (!disk) return;
    await using notes = await temporaryNotes({ folder: `${disk.path}/memory` });
    await notes.store.replace("a", "1".repeat(20_000));
    await notes.store.replace("a", "2".repeat(20_000));
    const versions = (await notes.store.history()).length;
    const filler = Deno.writeFile(`${disk.path}/filler`, new Uint8Array(300_000));
    await assert.rejects(filler, { code: "ENOSPC" });
    for (
      const call of [
        () => notes.store.replace("a", "3".repeat(20_000)),
        () => notes.store.append("a", "4".repeat(9_000)),
        () => notes.store.write("new/note", { body: "5".repeat(9_000) }),
        () => notes.store.undo(),
      ]
    ) {
      const error = await refused(call(), "note_unwritable");
      assert.match(error.message, /disk is full/);
      assert.match(error.hint, /make room/);
    }
    assert.equal(await notes.text("a.md"), "2".repeat(20_000));
    assert.equal((await notes.store.history()).length, versions, "no version of no change");
    assert.ok(!(await notes.paths()).some((path) => path.endsWith(".tmp") || path === "new"));
    await Deno.remove(`${disk.path}/filler`);
    assert.equal((await notes.store.undo()).after, "1".repeat(20_000));
  },
});

Deno.test({
  name: "a disk that can only be read is told, and its notes can be read",
  ignore: !canMount, // only root on Linux can mount a small disk
  async fn() {
    await using disk = await smallDisk(256);
    if (!disk) return;
    await using notes = await temporaryNotes({ folder: `${disk.path}/memory` });
    await notes.store.replace("a", "1");
    await notes.store.replace("a", "2");
    await disk.protect();
    for (
      const call of [
        () => notes.store.replace("a", "3"),
        () => notes.store.remove("a"),
        () => notes.store.move("a", "b"),
        () => notes.store.undo(),
        () => notes.store.write("b", { body: "3" }),
      ]
    ) {
      const error = await refused(call(), "note_unwritable");
      assert.match(error.message, /can only be read/);
    }
    assert.equal((await notes.store.read("a")).body, "2");
    assert.equal((await notes.store.history()).length, 2);
    assert.equal((await notes.store.files()).length, 1);
  },
});

Deno.test({
  name: "a folder without rights is told and left out, and nothing in it is changed",
  ignore: Deno.build.os === "windows" || Deno.uid() === 0, // root may do everything
  async fn() {
    await using notes = await temporaryNotes();
    await notes.store.replace("a/b", "1");
    await notes.store.replace("c", "1");
    await Deno.chmod(`${notes.folder}/a`, 0o500);
    await refused(notes.store.replace("a/b", "2"), "note_unwritable");
    await refused(notes.store.remove("a/b"), "note_unwritable");
    await Deno.chmod(`${notes.folder}/a`, 0);
    const told: string[] = [];
    const files = await notes.store.files({ problem: (_name, message) => told.push(message) });
    assert.deepEqual(files.map(({ name }) => name), ["c.md"]);
    assert.match(told.join(), /a cannot be read: you may not/);
    await refused(notes.store.read("a/b"), "note_unreadable");
    await Deno.chmod(`${notes.folder}/a`, 0o700);
    assert.equal(await notes.text("a/b.md"), "1");
  },
});

Deno.test("a memory that another process changes all the time is told after a while", async () => {
  await using notes = await temporaryNotes();
  await notes.store.replace("a", "1");
  const lock = await takeLock(`${notes.folder}/.lock`);
  const started = performance.now();
  const hurried = notes.another({ patienceMs: 150 });
  const error = await refused(hurried.replace("a", "2"), "memory_busy");
  assert.match(error.message, /another Pyra/);
  assert.ok(performance.now() - started >= 140, "it waits first");
  assert.equal((await notes.store.read("a")).body, "1", "reading does not wait");
  await lock?.[Symbol.asyncDispose]();
  await notes.store.replace("a", "2");
});

Deno.test("changes of one process that come at once follow each other, also after a refusal", async () => {
  await using notes = await temporaryNotes();
  const calls = Array.from(
    { length: 20 },
    (_, index) =>
      index % 5 === 4 ? notes.store.remove("none") : notes.store.append("a", `${index}`),
  );
  const kinds = (await Promise.allSettled(calls)).map(({ status }) => status);
  assert.equal(kinds.filter((status) => status === "rejected").length, 4);
  const { body } = await notes.store.read("a");
  assert.equal(body.split("\n").filter((line) => line !== "").length, 16);
});

Deno.test("a memory folder that is a file is told", async () => {
  await using notes = await temporaryNotes();
  await Deno.writeTextFile(notes.folder, "x");
  await refused(notes.store.write("a", { body: "x" }), "note_unwritable");
});
