import assert from "node:assert/strict";
import type { NoteStore } from "../../../../src/memory/store/store.ts";
import { found, LONG_AGO, memoryPlace, refresh } from "./memory_place.ts";

Deno.test("what cannot be read or not whole is told, and the rest is indexed", async () => {
  await using place = await memoryPlace();
  await place.put("good.md", "Turtles swim.");
  await place.put("picture.md", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 0, 2]));
  await place.put(
    "latin.md",
    new Uint8Array([...new TextEncoder().encode("Turtles in "), 0xe9, 0xff]),
  );
  await place.put("broken.md", "---\nsummary: [\n---\nTurtles here too.");
  await place.put("endless.md", `Turtles ${"x".repeat(300_000)} end.`);
  await place.put("empty.md", "");
  await place.put("x.md/inside.md", "Turtles inside of a folder.");
  await place.put("тест/черепаха 🐢.md", "Turtles in all scripts.");
  await Deno.writeTextFile(`${place.folder}/huge.md`, "Turtles at its beginning.");
  await Deno.truncate(`${place.folder}/huge.md`, 50 * 1024 * 1024);
  using index = await place.open();
  const report = await refresh(index);
  const told = report.problems.map(({ name }) => name).sort();
  for (const name of ["picture.md", "latin.md", "broken.md", "huge.md"]) {
    assert(told.includes(name), `nothing is told of ${name}`);
  }
  assert.deepEqual(report.problems.filter(({ name }) => name === "huge.md"), [{
    name: "huge.md",
    message: "huge.md is larger than 4 MB; split it into several notes",
  }]);
  for (const name of ["good.md", "x.md/inside.md", "empty.md", "тест/черепаха 🐢.md"]) {
    assert(!told.includes(name), `${name} is told as a problem`);
    assert(index.entry(name), `${name} is not in the index`);
  }
  const names = await found(index, "turtles");
  for (
    const name of ["good.md", "latin.md", "broken.md", "x.md/inside.md", "тест/черепаха 🐢.md"]
  ) {
    assert(names.includes(name), `${name} is not found`);
  }
  assert(index.entry("huge.md"), "a note that is too large is still in the list");

  const again = await refresh(index);
  assert.deepEqual([again.added, again.changed, again.removed], [0, 0, 0]);
  assert.deepEqual(again.problems.map(({ name }) => name).sort(), told);
  assert.equal(index.figures().problems, told.length);
});

Deno.test("a link to a file outside is not indexed", async () => {
  await using place = await memoryPlace();
  await Deno.writeTextFile(`${place.databases}/secret.md`, "Turtles outside.");
  await Deno.symlink(`${place.databases}/secret.md`, `${place.folder}/link.md`);
  await Deno.symlink(place.databases, `${place.folder}/folder`);
  using index = await place.open();
  await refresh(index);
  await index.update("link.md");
  await index.update("folder/secret.md");
  assert.deepEqual(await found(index, "turtles"), []);
  assert.deepEqual(index.list(), []);
});

Deno.test("a file that is deleted between listing and reading is not there, and no problem", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Turtles swim.");
  await place.put("b.md", "Turtles dive.");
  const vanishing: NoteStore = {
    ...methods(place.store),
    async read(name) {
      if (name === "a.md") await Deno.remove(`${place.folder}/a.md`);
      return await place.store.read(name);
    },
  };
  using index = await place.open(vanishing);
  const report = await refresh(index);
  assert.deepEqual(report.problems, []);
  assert.deepEqual(await found(index, "turtles"), ["b.md"]);
});

Deno.test("a file that may not be read is told, and found again when it may", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Turtles swim.");
  let isOpen = false;
  const closing: NoteStore = {
    ...methods(place.store),
    async read(name) {
      // What the store says of a file without rights, which a test run as root cannot make.
      if (!isOpen) throw new Deno.errors.PermissionDenied("permission denied");
      return await place.store.read(name);
    },
  };
  using index = await place.open(closing);
  assert.deepEqual((await refresh(index)).problems, [{
    name: "a.md",
    message: "permission denied",
  }]);
  assert.deepEqual((await refresh(index)).problems, [{
    name: "a.md",
    message: "permission denied",
  }]);
  isOpen = true;
  assert.deepEqual((await refresh(index)).problems, []);
  assert.deepEqual(await found(index, "turtles"), ["a.md"]);
});

Deno.test("notes of a folder that cannot be read at the moment stay in the index", async () => {
  await using place = await memoryPlace();
  await place.put("closed/a.md", "Turtles swim.");
  await place.put("open/b.md", "Turtles dive.");
  let isClosed = false;
  const closing: NoteStore = {
    ...methods(place.store),
    async files(options) {
      const files = await place.store.files(options);
      if (!isClosed) return files;
      options?.problem?.("closed", "permission denied");
      return files.filter(({ name }) => !name.startsWith("closed/"));
    },
  };
  using index = await place.open(closing);
  await refresh(index);
  isClosed = true;
  const report = await refresh(index);
  assert.deepEqual(report.problems, [{ name: "closed", message: "permission denied" }]);
  assert.equal(report.removed, 0);
  assert.deepEqual(await found(index, "turtles"), ["closed/a.md", "open/b.md"]);
});

Deno.test("a note that changes while it is indexed is right in the end", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "The word is apple.");
  let changes = 0;
  const changing: NoteStore = {
    ...methods(place.store),
    async read(name) {
      const note = await place.store.read(name);
      // Another process or call is faster, and its row stands already.
      if (changes++ === 0) {
        await place.put("a.md", "The word is banana.", new Date(LONG_AGO.getTime() + 5_000));
        await index.update("a.md");
      }
      return note;
    },
  };
  using index = await place.open(changing);
  await refresh(index);
  assert.deepEqual(await found(index, "apple"), []);
  assert.deepEqual(await found(index, "banana"), ["a.md"]);
});

/** A store's methods, to replace some of them. */
function methods(store: NoteStore): NoteStore {
  return {
    files: (options) => store.files(options),
    file: (name) => store.file(name),
    read: (name) => store.read(name),
    write: (name, draft, options) => store.write(name, draft, options),
    replace: (name, text) => store.replace(name, text),
    append: (name, text, facts) => store.append(name, text, facts),
    remove: (name) => store.remove(name),
    move: (from, to) => store.move(from, to),
    history: (name) => store.history(name),
    version: (id) => store.version(id),
    undo: (name) => store.undo(name),
  };
}
