import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { UsageDatabase } from "../../../../src/guard/limits/usage_database.ts";

Deno.test("a step that the disk has no room for says so, and is undone", () => {
  const sqlite = new DatabaseSync(":memory:");
  using db = new UsageDatabase(sqlite);
  sqlite.exec("CREATE TABLE kept (text TEXT); PRAGMA max_page_count = 4");
  const fill = () => {
    for (let count = 0; count < 100; count++) {
      db.run("INSERT INTO kept VALUES (?)", "x".repeat(3_000));
    }
  };
  assert.throws(() => db.exclusively(fill), /disk is full/);
  assert.equal(db.number("SELECT count(*) FROM kept"), 0);
  db.exclusively(() => db.run("INSERT INTO kept VALUES ('x')"));
  assert.equal(db.number("SELECT count(*) FROM kept"), 1);
});
