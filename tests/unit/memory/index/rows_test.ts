import assert from "node:assert/strict";
import type { DatabaseSync } from "node:sqlite";
import { analyseNote, writeRows } from "../../../../src/memory/index/rows.ts";
import { readNoteText } from "../../../../src/memory/note/read_note.ts";
import { NoteDatabase } from "../search/note_database.ts";

function count(db: DatabaseSync, table: string): number {
  return Number(db.prepare(`SELECT count(*) n FROM ${table}`).get()?.["n"]);
}

Deno.test("a note that is written again replaces all that was found of it", async () => {
  using base = await NoteDatabase.of({ "a.md": "# Old\n\nzebra\n\n# More\n\ngiraffe" });
  await base.write("a.md", "lion");
  assert.deepEqual(await base.files("zebra"), []);
  assert.deepEqual(await base.files("giraffe"), []);
  assert.deepEqual(await base.files("lion"), ["a.md"]);
  assert.equal(count(base.db, "memory_meta"), 1);
  assert.equal(count(base.db, "memory_passage"), 1);
  assert.equal(count(base.db, "memory_fts"), 1);
});

Deno.test("a note that is removed leaves nothing that is found, and others stay", async () => {
  using base = await NoteDatabase.of({ "a.md": "zebra", "b.md": "zebra lion" });
  base.remove("a.md");
  base.remove("never.md");
  assert.deepEqual(await base.files("zebra"), ["b.md"]);
  assert.equal(count(base.db, "memory_fts"), 1);
});

Deno.test("the totals are those of the rows, whatever was written and removed", async () => {
  using base = await NoteDatabase.of({ "a.md": "# A\n\none\n\n# B\n\ntwo", "b.md": "three four" });
  await base.write("a.md", "five");
  await base.write("c.md", "# C\n\nsix\n\n# D\n\nseven");
  base.remove("b.md");
  const totals = base.db.prepare("SELECT notes, passages, terms FROM memory_total").get();
  const rows = base.db.prepare("SELECT count(*) n, sum(length(codes) / 4) t FROM memory_passage")
    .get();
  assert.deepEqual(
    [totals?.["notes"], totals?.["passages"], totals?.["terms"]],
    [count(base.db, "memory_meta"), rows?.["n"], rows?.["t"]],
  );
});

Deno.test("vectors stay with a note while its passages say the same, and go when they change", async () => {
  using base = await NoteDatabase.of({ "a.md": "---\nsummary: x\n---\nzebra" });
  const vector = () => base.db.prepare("SELECT embedding e FROM memory_meta").get()?.["e"];
  base.db.exec(
    "UPDATE memory_meta SET embedding = x'00', embedding_model = 'm', embedding_dim = 1",
  );
  await base.write("a.md", "---\nsummary: y\n---\nzebra");
  assert.ok(vector() instanceof Uint8Array);
  await base.write("a.md", "---\nsummary: y\n---\nlion");
  assert.equal(vector(), null);
});

Deno.test("what the front matter says is in the row", async () => {
  using base = await NoteDatabase.of({
    "x/y/a-12.md":
      "---\nsummary: S\nkeywords: [a, b]\npinned: true\nsource: import\ncreated: 2023-01-02\n---\n" +
      "der Hund und die Katze sind nicht da",
  });
  const row = base.db.prepare(
    `SELECT path, category, summary, keywords, pinned, source, created, language, problem, series,
       number FROM memory_meta`,
  ).get();
  assert.deepEqual({ ...row }, {
    path: "x/y/a-12.md",
    category: "x/y",
    summary: "S",
    keywords: '["a","b"]',
    pinned: 1,
    source: "import",
    created: "2023-01-02",
    language: "de",
    problem: "",
    series: "x/y/a-#.md",
    number: 12,
  });
});

Deno.test("a very long note is indexed up to a limit, and the row says so", async () => {
  using base = new NoteDatabase();
  await base.write("long.md", `first\n\n${"# H\n\nfiller\n\n".repeat(2_000)}last zebra`);
  assert.deepEqual(await base.files("first"), ["long.md"]);
  assert.deepEqual(await base.files("zebra"), []);
  const row = base.db.prepare("SELECT problem FROM memory_meta").get();
  assert.match(String(row?.["problem"]), /only its beginning is indexed/);
});

Deno.test("a note is written whole or not at all", async () => {
  using base = await NoteDatabase.of({ "a.md": "zebra" });
  base.db.exec("BEGIN");
  const note = await analyseNote(await readNoteText("a.md", "lion"));
  writeRows(base.db, note, { size_bytes: 4, modified: 2, hash: "2" });
  base.db.exec("ROLLBACK");
  assert.deepEqual(await base.files("zebra"), ["a.md"]);
  assert.deepEqual(await base.files("lion"), []);
  await base.write("a.md", "lion");
  assert.deepEqual(await base.files("lino"), ["a.md"], "its words were not taken for known");
});
