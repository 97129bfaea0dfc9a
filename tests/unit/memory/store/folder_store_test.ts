import assert from "node:assert/strict";
import { refused, temporaryNotes } from "./temporary_notes.ts";

const isPosix = Deno.build.os !== "windows";

Deno.test("a new note gets a front matter with its dates, mode 600 and folders of 700", async () => {
  await using notes = await temporaryNotes();
  const change = await notes.store.write("knowledge/places/rome", {
    body: "# Rome\n",
    summary: "Where we were: Rome",
    keywords: ["city", "a, b", "yes"],
    source: "person",
    pinned: true,
  });
  assert.equal(change.kind, "created");
  assert.equal(change.name, "knowledge/places/rome.md");
  assert.equal(change.before, "");
  const text = await notes.text("knowledge/places/rome.md");
  assert.equal(change.after, text);
  assert.equal(
    text,
    '---\nsummary: "Where we were: Rome"\nkeywords: [city, "a, b", "yes"]\nsource: person\n' +
      "pinned: true\ncreated: 2026-01-31T08:00:00Z\nupdated: 2026-01-31T08:00:00Z\n---\n# Rome\n",
  );
  const note = await notes.store.read("knowledge/places/rome");
  assert.equal(note.body, "# Rome\n");
  assert.deepEqual(note.facts.keywords, ["city", "a, b", "yes"]);
  if (!isPosix) return;
  const modes = ["knowledge/places/rome.md", "knowledge/places", "knowledge", ".history", ""].map(
    (path) => ((Deno.statSync(`${notes.folder}/${path}`).mode ?? 0) & 0o777).toString(8),
  );
  assert.deepEqual(modes, ["600", "700", "700", "700", "700"]);
});

Deno.test("writing keeps what the person has in the front matter, to the byte", async () => {
  await using notes = await temporaryNotes();
  const head =
    "---\r\n# mine\r\naliases: [x]\r\nupdated: 2020-01-01 # old\r\n\r\nsummary: One\r\n" +
    "nested:\r\n  deep: 1\r\n---\r\n";
  await notes.put("a.md", `\ufeff${head}old\r\n`);
  await notes.store.write("a", { body: "new\nlines", summary: "Two" });
  assert.equal(
    await Deno.readTextFile(`${notes.folder}/a.md`),
    "\ufeff" +
      head.replace("One", "Two").replace("2020-01-01 # old", "2026-01-31T08:00:00Z") +
      "new\r\nlines\r\n",
  );
});

Deno.test("a draft's own front matter counts, but it cannot deny that a model wrote it", async () => {
  await using notes = await temporaryNotes();
  const body = "---\n# kept\nsummary: own\nsource: person\nrating: 5\n---\ntext\n";
  await notes.store.write("a", { body, summary: "given", source: "untrusted: web", pinned: true });
  const { facts, text } = await notes.store.read("a");
  assert.deepEqual([facts.summary, facts.source, facts.pinned], ["own", "untrusted: web", true]);
  assert.match(text, /^---\n# kept\n/);
  await notes.store.write("a", { body: "---\nrating: 6\n---\nother\n", source: "person" });
  const again = await notes.store.read("a");
  assert.match(again.text, /# kept\nsummary: own\nsource: person\nrating: 6\n/);
  assert.equal(again.facts.created, "2026-01-31T08:00:00Z");
  assert.equal(again.body, "other\n");
});

Deno.test("what the file says already is not written again", async () => {
  await using notes = await temporaryNotes();
  const draft = { body: "text", summary: "s", keywords: ["k"], pinned: true };
  await notes.store.write("a", draft);
  const before = await Deno.stat(`${notes.folder}/a.md`);
  notes.time += 60_000;
  for (
    const change of [
      await notes.store.write("a", draft),
      await notes.store.write("a", { body: "text\n" }),
      await notes.store.append("a", "\n \n"),
      await notes.store.replace("a", await notes.text("a.md")),
    ]
  ) assert.equal(change.kind, "unchanged");
  const after = await Deno.stat(`${notes.folder}/a.md`);
  assert.deepEqual([after.ino, after.mtime], [before.ino, before.mtime]);
  assert.equal((await notes.store.history()).length, 1, "only that it was made");
  await notes.store.write("a", { body: "other" });
  assert.equal((await notes.store.read("a")).facts.updated, "2026-01-31T08:01:00Z");
  assert.equal((await notes.store.read("a")).facts.created, "2026-01-31T08:00:00Z");
});

Deno.test("with create, a note that is there is not replaced", async () => {
  await using notes = await temporaryNotes();
  await notes.store.write("a", { body: "one" }, { create: true });
  await refused(notes.store.write("a", { body: "two" }, { create: true }), "note_exists");
  assert.match(await notes.text("a.md"), /one/);
});

Deno.test("what is appended stands after one empty line, with the file's line ends", async () => {
  await using notes = await temporaryNotes();
  for (
    const [before, after] of [
      ["a", "a\n\nb\n"],
      ["a\n", "a\n\nb\n"],
      ["a\n\n", "a\n\nb\n"],
      ["a\r\nc", "a\r\nc\r\n\r\nb\r\n"],
      ["", "b\n"],
      ["---\nx: 1\n---", "---\nx: 1\nupdated: 2026-01-31T08:00:00Z\n---\nb\n"],
      ["---\nx: [1\n---\na\n", "---\nx: [1\n---\na\n\nb\n"],
    ]
  ) {
    await notes.put("n.md", before ?? "");
    await notes.store.append("n", "\n\nb\n\n");
    assert.equal(await notes.text("n.md"), after);
  }
  await notes.store.append("made/new", "first", { source: "model" });
  assert.match(await notes.text("made/new.md"), /source: model\n.*---\nfirst\n$/s);
});

Deno.test("provenance reaches a note without a readable front matter too", async () => {
  await using notes = await temporaryNotes();
  for (const before of ["plain\n", "---\nx: [1\n---\nbroken\n", "# T\n\n---\n"]) {
    await notes.put("n.md", before);
    await notes.store.append("n", "more", { source: "untrusted: a web page" });
    const note = await notes.store.read("n");
    assert.equal(note.facts.source, "untrusted: a web page");
    assert.ok(note.body.startsWith(before), "all that was there is there");
  }
  await notes.put("n.md", "---\n{x: 1}\n---\n");
  await refused(notes.store.append("n", "more", { source: "untrusted: b" }), "note_unwritable");
});

Deno.test("a file that is not UTF-8 keeps its bytes", async () => {
  await using notes = await temporaryNotes();
  const latin = new Uint8Array([0x63, 0xe9, 0x0a]);
  await notes.put("n.md", latin);
  await notes.store.append("n", "more");
  assert.deepEqual(
    [...await Deno.readFile(`${notes.folder}/n.md`)],
    [...latin, ...new TextEncoder().encode("\nmore\n")],
  );
  await notes.store.write("n", { body: "new" });
  await notes.store.undo();
  await notes.store.undo();
  assert.deepEqual(await Deno.readFile(`${notes.folder}/n.md`), latin);
});

Deno.test("moving keeps the text and never covers another note; empty folders go", async () => {
  await using notes = await temporaryNotes();
  await notes.store.write("a/b/one", { body: "1" });
  await notes.store.write("two", { body: "2" });
  await refused(notes.store.move("a/b/one", "two"), "note_exists");
  await refused(notes.store.move("a/b/one", "a/b/one"), "note_exists");
  await refused(notes.store.move("none", "three"), "no_such_note");
  await refused(notes.store.move("two", "CON"), "bad_note_name");
  const change = await notes.store.move("a/b/one", "c/three");
  assert.deepEqual([change.kind, change.from, change.name], ["moved", "a/b/one.md", "c/three.md"]);
  await notes.store.remove("two");
  assert.deepEqual(await notes.paths(), ["c", "c/three.md"]);
});

Deno.test("the notes are listed with size and time; what is none is left out", async () => {
  await using notes = await temporaryNotes();
  assert.deepEqual(await notes.store.files(), [], "a folder that is not there yet is empty");
  assert.equal(await notes.store.file("a"), undefined);
  await notes.store.write("a/b", { body: "x" });
  for (const path of ["c.txt", ".hidden.md", ".git/d.md", "MEMORY_INDEX.md", "memory_index.json"]) {
    await notes.put(path, "x");
  }
  await notes.put("what now?.md", "x");
  await notes.put("e\u202e.md", "x");
  const told: string[] = [];
  const files = await notes.store.files({ problem: (name) => told.push(name) });
  assert.deepEqual(files.map(({ name }) => name).sort(), ["a/b.md", "what now?.md"]);
  assert.deepEqual(told, ["e\u202e.md"]);
  const file = files.find(({ name }) => name === "a/b.md");
  assert.deepEqual(file, await notes.store.file("a/b"));
  const info = await Deno.stat(`${notes.folder}/a/b.md`);
  assert.deepEqual([file?.size_bytes, file?.modified], [info.size, info.mtime?.getTime()]);
  await assert.rejects(notes.store.files({ signal: AbortSignal.abort("enough") }), /enough/);
});

Deno.test("a note is found by its composed name when the disk has it decomposed", async () => {
  await using notes = await temporaryNotes();
  await notes.put("cafe\u0301/re\u0301sume\u0301.md", "x\n");
  await notes.put("mixed/e\u0301\u00e9.md", "x\n");
  const names = (await notes.store.files()).map(({ name }) => name).sort();
  assert.deepEqual(names, ["caf\u00e9/r\u00e9sum\u00e9.md", "mixed/\u00e9\u00e9.md"]);
  for (const name of names) {
    assert.equal((await notes.store.read(name)).body, "x\n");
    assert.equal((await notes.store.append(name, "y")).kind, "changed");
  }
  assert.equal((await notes.store.files()).length, 2, "no second file beside it");
});
