import assert from "node:assert/strict";
import { refused, temporaryNotes } from "./temporary_notes.ts";

const isPosix = Deno.build.os !== "windows";

Deno.test({
  name: "nothing is read, written, moved or removed through a symbolic link",
  ignore: !isPosix, // links need a right on Windows
  async fn() {
    await using notes = await temporaryNotes();
    const outside = await Deno.makeTempDir();
    await Deno.writeTextFile(`${outside}/secret.md`, "secret");
    await notes.put("in.md", "in\n");
    await Deno.symlink(`${outside}/secret.md`, `${notes.folder}/link.md`);
    await Deno.symlink(outside, `${notes.folder}/folder`);
    await Deno.symlink(`${notes.folder}/in.md`, `${notes.folder}/inside.md`);
    await Deno.symlink(`${outside}/new.md`, `${notes.folder}/dangling.md`);
    for (const name of ["link", "folder/secret", "folder/new", "inside", "dangling"]) {
      for (
        const call of [
          () => notes.store.read(name),
          () => notes.store.file(name),
          () => notes.store.write(name, { body: "x" }),
          () => notes.store.append(name, "x"),
          () => notes.store.replace(name, "x"),
          () => notes.store.remove(name),
          () => notes.store.move(name, "new"),
          () => notes.store.move("in", name),
        ]
      ) {
        const error = await refused(call(), "note_unreadable");
        assert.match(error.message, /symbolic link/);
      }
    }
    assert.deepEqual((await notes.store.files()).map(({ name }) => name), ["in.md"]);
    assert.deepEqual([...Deno.readDirSync(outside)].map(({ name }) => name), ["secret.md"]);
    assert.equal(await Deno.readTextFile(`${outside}/secret.md`), "secret");
    await Deno.remove(outside, { recursive: true });
  },
});

Deno.test({
  name: "a history that is a link, or has one in it, takes nothing out of the folder",
  ignore: !isPosix, // links need a right on Windows
  async fn() {
    await using notes = await temporaryNotes();
    const outside = await Deno.makeTempDir();
    await notes.put("a.md", "one\n");
    await Deno.symlink(outside, `${notes.folder}/.history`);
    await refused(notes.store.write("a", { body: "two" }), "note_unreadable");
    await refused(notes.store.history(), "note_unreadable");
    assert.equal(await notes.text("a.md"), "one\n");
    await Deno.remove(`${notes.folder}/.history`);
    await Deno.mkdir(`${notes.folder}/.history`);
    await Deno.symlink(outside, `${notes.folder}/.history/a.md`);
    await refused(notes.store.write("a", { body: "two" }), "note_unreadable");
    assert.deepEqual([...Deno.readDirSync(outside)], []);
    await Deno.remove(outside, { recursive: true });
  },
});

Deno.test("a file with a second name on the disk is read and not changed", async () => {
  await using notes = await temporaryNotes();
  await notes.put("a.md", "one\n");
  await Deno.link(`${notes.folder}/a.md`, `${notes.folder}/b.md`);
  assert.equal((await notes.store.read("b")).body, "one\n");
  const error = await refused(notes.store.append("b", "two"), "note_unwritable");
  assert.match(error.message, /hard link/);
  await refused(notes.store.remove("b"), "note_unwritable");
});

Deno.test("a folder, a pipe or a file where something else should be is told", async () => {
  await using notes = await temporaryNotes();
  await notes.put("folder.md/inner.md", "x\n");
  await notes.put("file.md", "x\n");
  assert.match(
    (await refused(notes.store.read("folder"), "note_unreadable")).message,
    /is a folder/,
  );
  await refused(notes.store.write("folder", { body: "x" }), "note_unreadable");
  await refused(notes.store.write("file.md/under", { body: "x" }), "note_unreadable");
  await refused(notes.store.read("file.md/under"), "note_unreadable");
  assert.equal((await notes.store.read("folder.md/inner")).body, "x\n");
  // The history has a folder for each note, also for one that lies below another's name.
  await notes.store.append("folder.md/inner", "y");
  await notes.store.undo();
  assert.equal(await notes.text("folder.md/inner.md"), "x\n");
});

Deno.test("a file over 4 MB is not read or changed, and can be moved, removed and put back", async () => {
  await using notes = await temporaryNotes();
  const large = new Uint8Array(5 * 1024 * 1024).fill(0x61);
  await notes.put("large.md", large);
  await refused(notes.store.read("large"), "note_too_large");
  await refused(notes.store.append("large", "x"), "note_too_large");
  await refused(notes.store.write("large", { body: "x" }), "note_too_large");
  assert.equal((await notes.store.files()).length, 1);
  await notes.store.move("large", "moved");
  await notes.store.remove("moved");
  await notes.store.undo();
  assert.equal((await Deno.stat(`${notes.folder}/moved.md`)).size, large.length);
  await refused(notes.store.write("new", { body: "x".repeat(5_000_000) }), "note_too_large");
  assert.deepEqual(await notes.paths(), ["moved.md"]);
});

Deno.test("a binary file is told when read, not appended to, and kept when it is replaced", async () => {
  await using notes = await temporaryNotes();
  const picture = new Uint8Array([0x89, 0x50, 0, 1, 2]);
  await notes.put("p.md", picture);
  assert.match((await notes.store.read("p")).problems.join(), /no text/);
  await refused(notes.store.append("p", "x"), "note_unreadable");
  await notes.store.write("p", { body: "text" });
  await notes.store.undo();
  assert.deepEqual(await Deno.readFile(`${notes.folder}/p.md`), picture);
  await refused(notes.store.write("q", { body: "a\0b" }), "note_unwritable");
});

Deno.test("a file that goes between listing and reading is told as missing", async () => {
  await using notes = await temporaryNotes();
  await notes.store.write("a", { body: "x" });
  const [file] = await notes.store.files();
  await Deno.remove(`${notes.folder}/a.md`);
  const error = await refused(notes.store.read(file?.name ?? ""), "no_such_note");
  assert.match(error.hint, /pyra memory list/);
  await refused(notes.store.remove("a"), "no_such_note");
  await refused(notes.store.move("a", "b"), "no_such_note");
});

Deno.test("what a killed change left is swept when it is old", async () => {
  await using notes = await temporaryNotes();
  const [old, young] = ["a.md.12-1-0a1b2c3d.tmp", "a.md.12-2-0a1b2c3e.tmp"];
  await notes.put(old, "x");
  await notes.put(young, "x");
  await notes.put("mine.tmp", "x");
  const hourAgo = new Date(Date.now() - 3_600_000);
  await Deno.utime(`${notes.folder}/${old}`, hourAgo, hourAgo);
  await Deno.utime(`${notes.folder}/mine.tmp`, hourAgo, hourAgo);
  assert.deepEqual(await notes.store.files(), []);
  assert.deepEqual(await notes.paths(), [young, "mine.tmp"]);
});
