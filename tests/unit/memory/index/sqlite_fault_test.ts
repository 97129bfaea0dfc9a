import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { faultOf, indexError } from "../../../../src/memory/index/sqlite_fault.ts";

/** What an action throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (cause) {
    return cause;
  }
  assert.fail("nothing was thrown");
}

Deno.test("what SQLite throws is told apart: busy, damaged, unusable", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/a.db`;
    using db = new DatabaseSync(path, { timeout: 1 });
    db.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)");
    using other = new DatabaseSync(path, { timeout: 1 });
    other.exec("BEGIN IMMEDIATE");
    const busy = [
      thrownBy(() => db.exec("BEGIN IMMEDIATE")),
      thrownBy(() => db.prepare("INSERT INTO t VALUES (2)").run()),
    ];
    for (const cause of busy) assert.equal(faultOf(cause), "busy");
    assert.equal(indexError(busy[0]).code, "index_busy");
    other.exec("ROLLBACK");

    db.exec("PRAGMA max_page_count = 4");
    for (
      const act of [
        () => db.exec("INSERT INTO t VALUES (zeroblob(100000))"),
        () => db.prepare("INSERT INTO t VALUES (zeroblob(100000))").run(),
      ]
    ) {
      const cause = thrownBy(act);
      assert.equal(faultOf(cause), "unusable");
      const error = indexError(cause);
      assert.equal(error.code, "index_unusable");
      assert.match(error.hint, /free some space/);
    }

    using readOnly = new DatabaseSync(path, { readOnly: true });
    const refused = thrownBy(() => readOnly.exec("INSERT INTO t VALUES (3)"));
    assert.equal(faultOf(refused), "unusable");
    assert.match(indexError(refused).hint, /may be written/);
    assert.equal(faultOf(thrownBy(() => new DatabaseSync(`${folder}/none/a.db`))), "unusable");

    await Deno.writeTextFile(`${folder}/b.db`, "no database ".repeat(1_000));
    using garbage = new DatabaseSync(`${folder}/b.db`);
    for (
      const act of [
        () => garbage.exec("PRAGMA journal_mode = WAL"),
        () => garbage.prepare("SELECT * FROM sqlite_schema").all(),
        () => db.prepare("SELECT * FROM missing"),
        () => db.exec("INSERT INTO t VALUES (1)"),
      ]
    ) assert.equal(faultOf(thrownBy(act)), "damaged");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what is not the database's is nobody's fault", () => {
  assert.equal(faultOf(new TypeError("undefined is not a function")), undefined);
  assert.equal(faultOf("a word"), undefined);
  assert.equal(faultOf(new Deno.errors.NotFound("gone")), undefined);
  assert.equal(indexError("a word").category, "file");
});
