import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { NoteStore } from "../../../../src/memory/store/store.ts";
import { found, type MemoryPlace, memoryPlace, NEVER, refresh } from "./memory_place.ts";

const PROCESS = new URL("./refresh_process.ts", import.meta.url).pathname;

function started({ folder, databases }: MemoryPlace): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--no-prompt",
      "--allow-all",
      PROCESS,
      folder,
      databases,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Every note has its passage in each table, and SQLite finds nothing wrong. */
function assertWhole(path: string, notes: number): void {
  using db = new DatabaseSync(path);
  const count = (sql: string) => Object.values(db.prepare(sql).get() ?? {})[0];
  assert.equal(count("PRAGMA integrity_check"), "ok");
  db.exec("INSERT INTO memory_fts (memory_fts) VALUES ('integrity-check')");
  assert.equal(count("SELECT count(*) FROM memory_meta"), notes);
  assert.equal(count("SELECT count(DISTINCT note) FROM memory_passage"), notes);
  assert.equal(
    count("SELECT count(*) FROM memory_passage WHERE id NOT IN (SELECT rowid FROM memory_fts)"),
    0,
  );
}

Deno.test("processes that make the index at the same time index each note once, and none is refused", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 300; at++) {
    await place.put(`k${at % 9}/n${at}.md`, `Turtle ${at} swims.\n\n${"seaweed ".repeat(60)}`);
  }
  const outputs = await Promise.all([1, 2, 3].map(() => started(place).output()));
  let added = 0;
  for (const { code, stdout, stderr } of outputs) {
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const { report, notices } = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(report.problems, []);
    assert.deepEqual(notices, []);
    assert.equal(report.notes, 300);
    assert.equal(report.changed, 0);
    added += report.added;
  }
  assert.equal(added, 300);
  using index = await place.open();
  assert.equal((await refresh(index)).added, 0);
  assert.equal(index.figures().passages, 300);
  assertWhole(place.database, 300);
});

Deno.test("a process that is killed while it makes the index leaves one that the next one completes", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 400; at++) {
    await place.put(`n${at}.md`, `Turtle ${at} swims.\n\n${"seaweed ".repeat(60)}`);
  }
  for (let round = 0; round < 4; round++) {
    const child = started(place);
    const rows = () => {
      try {
        using db = new DatabaseSync(place.database, { readOnly: true });
        return Number(db.prepare("SELECT count(*) AS n FROM memory_meta").get()?.["n"]);
      } catch {
        return -1;
      }
    };
    const before = rows();
    // Killed in the midst of its work, not at a time that another machine would take to start.
    const end = performance.now() + 20_000;
    while (rows() < before + 20 && rows() < 400 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    child.kill("SIGKILL");
    await child.output();
  }
  using index = await place.open();
  const report = await refresh(index);
  assert.equal(report.notes, 400);
  assert.equal(index.figures().notes, 400);
  assertWhole(place.database, 400);
  assert.deepEqual(index.notices, []);
});

Deno.test("a writer that holds the database for a while is waited for", async () => {
  await using place = await memoryPlace();
  await place.put("a.md", "Apple.");
  using index = await place.open();
  const other = new DatabaseSync(place.database);
  other.exec("BEGIN IMMEDIATE");
  const timer = setTimeout(() => other.exec("COMMIT"), 1_200);
  await refresh(index);
  clearTimeout(timer);
  other.close();
  assert.deepEqual(await found(index, "apple"), ["a.md"]);
  assert.deepEqual(index.notices, []);
});

Deno.test("a look during which another process makes the database anew goes on with the new one", async () => {
  await using place = await memoryPlace();
  for (let at = 0; at < 60; at++) await place.put(`n${at}.md`, `Turtle ${at}.`);
  let reads = 0;
  const interrupted: NoteStore = new Proxy(place.store, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (key !== "read" || ++reads !== 30) {
        return typeof value === "function" ? value.bind(target) : value;
      }
      return async (name: string) => {
        using other = await place.open();
        await other.rebuild({ signal: NEVER });
        // Whoever asks next lets go of what was open.
        assert.deepEqual(await found(index, "turtle 7"), ["n7.md"]);
        return await target.read(name);
      };
    },
  });
  using index = await place.open(interrupted);
  assert.equal((await refresh(index)).notes, 60);
  assert(reads >= 30);
  assert.equal(index.isComplete, true);
  assert.deepEqual(index.notices, []);
  assertWhole(place.database, 60);
});
