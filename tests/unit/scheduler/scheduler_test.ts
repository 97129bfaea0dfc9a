import assert from "node:assert/strict";
import type { OccurrenceEnd } from "../../../src/scheduler/schedule.ts";
import { Stage } from "./stage.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = "2026-03-02T07:00:00Z";

/** A job that takes so long by the stage's clock, unless it is ended. */
function lasting(stage: Stage, ms: number): Stage["play"] {
  return async (_, signal) => {
    await stage.clock.wait(ms, signal);
    signal.throwIfAborted();
    return { state: "done", reason: "" };
  };
}

Deno.test("what is due runs once, at its time, with all that the job says of its end", async () => {
  await using stage = await Stage.open(START);
  await stage.add("News", "daily 08:00");
  await stage.add("Once", "in 90m");
  stage.play = ({ schedule }) =>
    Promise.resolve({
      state: "done",
      reason: "two letters",
      output: `/o/${schedule.id}`,
      session: "s1",
    });
  await stage.start();
  await stage.clock.pass(2 * DAY_MS);
  assert.deepEqual(stage.ran, [
    "news 2026-03-02T08:00:00Z",
    "once 2026-03-02T08:30:00Z",
    "news 2026-03-03T08:00:00Z",
  ]);
  const [newest] = stage.store.ledger.history("news", 1);
  assert.deepEqual(newest, {
    id: 3,
    schedule: "news",
    dueAt: Date.parse("2026-03-03T08:00:00Z"),
    manual: false,
    state: "done",
    startedAt: Date.parse("2026-03-03T08:00:00Z"),
    endedAt: Date.parse("2026-03-03T08:00:00Z"),
    reason: "two letters",
    output: "/o/news",
    session: "s1",
  });
  assert.equal(stage.store.find("once")?.nextAt, null);
});

Deno.test("a schedule that is added, disabled or removed while it runs is noticed at once", async () => {
  await using stage = await Stage.open(START);
  await stage.start();
  await stage.clock.pass(HOUR_MS);
  const { id } = await stage.add("soon", "every 1m");
  await stage.clock.pass(2 * MINUTE_MS);
  assert.equal(stage.ran.length, 2);
  stage.store.disable(id);
  await stage.clock.pass(5 * MINUTE_MS);
  assert.equal(stage.ran.length, 2);
  stage.store.enable(id, stage.clock.now() + MINUTE_MS);
  stage.scheduler.changed();
  await stage.clock.pass(MINUTE_MS);
  assert.equal(stage.ran.length, 3);
  assert.ok(stage.store.remove(id, stage.clock.now()));
  await stage.clock.pass(5 * MINUTE_MS);
  assert.equal(stage.ran.length, 3);
});

Deno.test("a job that still runs when it is due again is skipped, and not run twice at a time", async () => {
  await using stage = await Stage.open(START);
  await stage.add("long", "*/10 * * * *");
  stage.play = lasting(stage, 25 * MINUTE_MS);
  await stage.start();
  await stage.clock.pass(45 * MINUTE_MS);
  const still = "skipped the one before it was still running";
  assert.deepEqual(stage.lines(), [
    "long 2026-03-02T07:10:00Z done",
    `long 2026-03-02T07:20:00Z ${still}`,
    `long 2026-03-02T07:30:00Z ${still}`,
    "long 2026-03-02T07:40:00Z started",
  ]);
});

Deno.test("two jobs run at a time, and the others in order of their time", async () => {
  await using stage = await Stage.open(START);
  for (const minute of [4, 3, 2, 1]) {
    await stage.add(`at ${minute}`, `${minute} 8 * * *`, { missed: "skip" });
  }
  let most = 0;
  const running = new Set<string>();
  stage.play = async ({ schedule }, signal) => {
    running.add(schedule.id);
    most = Math.max(most, running.size);
    await stage.clock.wait(10 * MINUTE_MS, signal);
    running.delete(schedule.id);
    return { state: "done", reason: "" };
  };
  await stage.start();
  await stage.clock.pass(HOUR_MS + 5 * MINUTE_MS);
  assert.deepEqual(stage.ran.map((line) => line.slice(0, 4)), ["at-1", "at-2"]);
  assert.deepEqual({ ...stage.scheduler.status(), running: 0 }, {
    schedules: 4,
    running: 0,
    waiting: 2,
    nextAt: Date.parse("2026-03-02T08:03:00Z"),
  });
  await stage.clock.pass(30 * MINUTE_MS);
  assert.deepEqual(stage.ran.map((line) => line.slice(0, 4)), ["at-1", "at-2", "at-3", "at-4"]);
  assert.equal(most, 2);
  assert.ok(stage.lines().every((line) => line.endsWith("done")), "who waits is not late");
});

Deno.test("a job that was asked for runs beside its schedule, waits for its turn, and is in the ledger", async () => {
  await using stage = await Stage.open(START);
  const { id } = await stage.add("News", "daily 08:00");
  await stage.add("other", "daily 08:00");
  stage.play = lasting(stage, 10 * MINUTE_MS);
  await stage.start({ concurrency: 1 });
  const first = stage.scheduler.runNow("News");
  await stage.clock.settle();
  assert.equal(await first, 1);
  await assert.rejects(stage.scheduler.runNow(id), { code: "schedule_running" });
  await assert.rejects(stage.scheduler.runNow("nothing"), { code: "schedule_unknown" });
  const second = stage.scheduler.runNow("other");
  await stage.clock.pass(5 * MINUTE_MS);
  assert.equal(stage.scheduler.status().waiting, 1);
  await stage.clock.pass(10 * MINUTE_MS);
  assert.equal(await second, 2);
  await stage.clock.pass(10 * MINUTE_MS);
  assert.deepEqual(stage.ran, ["news asked", "other asked"]);
  assert.equal(stage.store.find(id)?.nextAt, Date.parse("2026-03-02T08:00:00Z"));
  await stage.clock.pass(2 * HOUR_MS);
  assert.equal(stage.ran.length, 4);
});

Deno.test("a job that throws has failed, with its sentence on one line", async () => {
  await using stage = await Stage.open(START);
  await stage.add("bad", "in 1m");
  stage.play = () => Promise.reject(new Error("no\nsuch\u001b[31m file"));
  await stage.start();
  await stage.clock.pass(2 * MINUTE_MS);
  assert.deepEqual(stage.lines(), ["bad 2026-03-02T07:01:00Z failed no such [31m file"]);
});

Deno.test("draining begins nothing more, waits for what runs, and tells what it interrupted", async () => {
  await using stage = await Stage.open(START);
  await stage.add("short", "1 7 * * *");
  await stage.add("long", "1 7 * * *");
  await stage.add("later", "3 7 * * *");
  const signals: AbortSignal[] = [];
  stage.play = (occurrence, signal) => {
    signals.push(signal);
    return lasting(stage, occurrence.schedule.id === "short" ? 2 * MINUTE_MS : DAY_MS)(
      occurrence,
      signal,
    );
  };
  await stage.start();
  await stage.clock.pass(MINUTE_MS + 1_000);
  const drained = stage.scheduler.drain(5 * MINUTE_MS);
  await assert.rejects(stage.scheduler.runNow("later"), { code: "scheduler_stopped" });
  await stage.clock.pass(6 * MINUTE_MS);
  assert.deepEqual(await drained, ["long"]);
  assert.deepEqual(stage.lines().toSorted(), [
    "long 2026-03-02T07:01:00Z failed Pyra was stopped while it ran",
    "short 2026-03-02T07:01:00Z done",
  ]);
  assert.deepEqual(signals.map(({ aborted }) => aborted).toSorted(), [false, true]);
});

Deno.test("what runs when the scheduler ends has failed, once, and is not repeated", async () => {
  await using stage = await Stage.open(START);
  await stage.add("cut", "in 1m");
  stage.play = lasting(stage, HOUR_MS);
  await stage.start();
  await stage.clock.pass(2 * MINUTE_MS);
  await stage.stop();
  await assert.rejects(stage.scheduler.runNow("cut"), { code: "scheduler_stopped" });
  await assert.rejects(stage.scheduler.start(new AbortController().signal), {
    code: "scheduler_started",
  });
  await stage.start();
  await stage.clock.pass(2 * HOUR_MS);
  assert.deepEqual(stage.ran.length, 1);
  assert.deepEqual(stage.lines(), ["cut 2026-03-02T07:01:00Z failed Pyra ended while it ran"]);
});

Deno.test("a schedule whose rule cannot be computed is put aside, and the others go on", async () => {
  await using stage = await Stage.open(START);
  const now = stage.clock.now();
  const rule = { kind: "cron", expression: "every tuesday", zone: "UTC" } as const;
  stage.store.add({ name: "broken", rule, missed: "late" }, { now, nextAt: now + 1_000 });
  await stage.add("good", "in 1m");
  await stage.start();
  await stage.clock.pass(2 * MINUTE_MS);
  assert.deepEqual(stage.ran, ["good 2026-03-02T07:01:00Z"]);
  assert.equal(stage.store.find("broken")?.enabled, false);
  assert.match(stage.log.join(), /"broken" was disabled/);
});

Deno.test("while nothing is due the scheduler only looks at its clock, twice a minute", async () => {
  await using stage = await Stage.open(START);
  await stage.add("later", "daily 06:00");
  let looks = 0;
  await stage.start({ beat: () => looks += 1 });
  await stage.clock.pass(HOUR_MS);
  assert.equal(stage.clock.waiting, 1);
  assert.equal(looks, 121);
});

Deno.test("an end that cannot be written is tried again, and its job counts as running until then", async () => {
  await using stage = await Stage.open(START);
  await stage.add("full", "in 1m");
  const { finish } = stage.store.ledger;
  let isFull = true;
  stage.store.ledger.finish = function (id: number, end: OccurrenceEnd, now: number) {
    if (isFull) throw new Error("database or disk is full");
    return finish.call(this, id, end, now);
  };
  await stage.start();
  await stage.clock.pass(5 * MINUTE_MS);
  assert.equal(stage.scheduler.status().running.length, 1);
  assert.match(stage.log.join(), /cannot be written down: database or disk is full/);
  isFull = false;
  await stage.clock.pass(MINUTE_MS);
  assert.deepEqual(stage.lines(), ["full 2026-03-02T07:01:00Z done"]);
  assert.equal(stage.scheduler.status().running.length, 0);
});
