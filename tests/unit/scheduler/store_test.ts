import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { Database } from "../../../src/scheduler/database.ts";
import type { ScheduleRule } from "../../../src/scheduler/rule/rule.ts";
import type { Schedule } from "../../../src/scheduler/schedule.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import { Stage } from "./stage.ts";

const START = "2026-03-02T07:00:00Z";
const NOW = Date.parse(START);
const DAY_MS = 86_400_000;
const RULE: ScheduleRule = { kind: "every", ms: 60_000, from: NOW };

function add(store: ScheduleStore, name: string): Schedule {
  return store.add({ name, rule: RULE, missed: "late" }, { now: NOW, nextAt: NOW + 60_000 });
}

Deno.test("a schedule's id comes from its name, and is never used again", async () => {
  await using stage = await Stage.open(START);
  const { store } = stage;
  assert.equal(add(store, "  Morning news! ").id, "morning-news");
  assert.equal(add(store, "Morning, news").id, "morning-news-2");
  assert.throws(() => add(store, "morning-news"), { code: "schedule_exists" });
  assert.equal(add(store, "Frühstück").id, "fruhstuck");
  assert.equal(add(store, "日本").id, "schedule");
  assert.ok(store.remove("schedule", NOW));
  assert.equal(store.remove("schedule", NOW), false);
  assert.equal(add(store, "日本").id, "schedule-2");
  assert.equal(store.find("Morning news!")?.id, "morning-news");
  assert.equal(store.find("morning-news")?.name, "Morning news!");
  assert.ok(add(store, "x".repeat(80)).id.length <= 40);
});

Deno.test("a name that is taken, hidden, empty or too long is refused", async () => {
  await using stage = await Stage.open(START);
  add(stage.store, "news");
  assert.throws(() => add(stage.store, "news"), { code: "schedule_exists" });
  for (const name of ["", "  ", "two\nlines", "x".repeat(81), "a\u202eb"]) {
    assert.throws(() => add(stage.store, name), { code: "schedule_name" });
  }
  const draft = { name: "slow", rule: RULE, missed: "late", graceMs: -1 } as const;
  assert.throws(() => stage.store.add(draft, { now: NOW, nextAt: null }), {
    code: "schedule_grace",
  });
});

Deno.test("of two processes one begins an occurrence", async () => {
  await using stage = await Stage.open(START);
  using other = await ScheduleStore.open(stage.path);
  const schedule = add(stage.store, "news");
  const next = { nextAt: NOW + 120_000, now: NOW + 60_000 };
  assert.equal(stage.store.ledger.begin(schedule, next)?.dueAt, NOW + 60_000);
  assert.equal(other.ledger.begin(schedule, next), undefined);
  assert.equal(other.ledger.skip(schedule, [{ dueAt: NOW + 60_000, reason: "" }], next), false);
  assert.equal(stage.lines().length, 1);
  assert.ok(stage.store.ledger.finish(1, { state: "done", reason: "" }, NOW));
  assert.equal(other.ledger.finish(1, { state: "failed", reason: "" }, NOW), false);
  assert.equal(stage.lines()[0], "news 2026-03-02T07:01:00Z done");
});

Deno.test("a schedule keeps its last thousand ends, and what goes is not run again", async () => {
  await using stage = await Stage.open(START);
  let schedule = add(stage.store, "often");
  for (let number = 1; number <= 1_010; number += 1) {
    const now = NOW + number * 60_000;
    const begun = stage.store.ledger.begin(schedule, { nextAt: now + 60_000, now });
    assert.ok(begun !== undefined);
    stage.store.ledger.finish(begun.id, { state: "done", reason: "" }, now);
    schedule = { ...schedule, nextAt: now + 60_000 };
  }
  const lines = stage.store.ledger.history("often", 5_000);
  assert.equal(lines.length, 1_000);
  assert.equal(lines.at(-1)?.dueAt, NOW + 11 * 60_000);
  assert.equal(stage.store.ledger.lastGone("often"), NOW + 10 * 60_000);
});

Deno.test("the history of a removed schedule is there for 90 days", async () => {
  await using stage = await Stage.open(START);
  const schedule = add(stage.store, "news");
  stage.store.ledger.skip(schedule, [{ dueAt: NOW, reason: "why" }], { nextAt: null, now: NOW });
  add(stage.store, "kept");
  stage.store.remove("news", NOW);
  stage.store.ledger.sweep(NOW + 89 * DAY_MS);
  assert.equal(stage.lines("news").length, 1);
  stage.store.ledger.sweep(NOW + 91 * DAY_MS);
  assert.equal(stage.lines("news").length, 0);
  assert.deepEqual(stage.store.list().map(({ id }) => id), ["kept"]);
});

Deno.test("a schedule that somebody else wrote is left out where it is none", async () => {
  await using stage = await Stage.open(START);
  add(stage.store, "good");
  add(stage.store, "bad");
  using db = await Database.open(stage.path);
  for (
    const change of [
      "rule = '{}'",
      "rule = 'no json'",
      `rule = '{"kind":"every","ms":1,"from":0}'`,
      "name = 'two' || char(10) || 'lines'",
      "grace_ms = -5",
    ]
  ) {
    db.exclusively(() => db.run(`UPDATE schedules SET ${change} WHERE id = 'bad'`));
    assert.deepEqual(stage.store.unreadable(), ["bad"], change);
    assert.deepEqual(stage.store.list().map(({ id }) => id), ["good"]);
    assert.deepEqual(stage.store.due(NOW + DAY_MS).map(({ id }) => id), ["good"]);
    db.run(
      `UPDATE schedules SET name = 'bad', grace_ms = 1,
      rule = (SELECT rule FROM schedules WHERE id = 'good') WHERE id = 'bad'`,
    );
  }
});

Deno.test("the file is for its person only", async () => {
  await using stage = await Stage.open(START);
  if (Deno.build.os === "windows") return;
  assert.equal(((await Deno.stat(stage.path)).mode ?? 0) & 0o077, 0);
});

Deno.test("the tables stand beside others', whoever opens the file first", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/state.db`;
  {
    using other = new DatabaseSync(path);
    other.exec("CREATE TABLE request (id INTEGER PRIMARY KEY); PRAGMA user_version = 1");
  }
  {
    using store = await ScheduleStore.open(path);
    add(store, "news");
  }
  using other = new DatabaseSync(path);
  assert.equal(other.prepare("PRAGMA user_version").get()?.["user_version"], 1);
  assert.equal(other.prepare("PRAGMA journal_mode").get()?.["journal_mode"], "wal");
  other.exec("UPDATE schedule_version SET version = 2");
  await assert.rejects(ScheduleStore.open(path), { code: "schedules_newer" });
  other.close();
  await Deno.writeTextFile(path, "this is no database, and long enough to be looked at".repeat(50));
  await assert.rejects(ScheduleStore.open(path), { code: "schedules_unusable" });
  await Deno.remove(folder, { recursive: true });
});
