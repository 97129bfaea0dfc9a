/**
 * Jobs that run in a process of their own, beside the scheduler.
 * @module
 */
import assert from "node:assert/strict";
import { ScheduleStore } from "../../../src/scheduler/store.ts";
import { Stage } from "./stage.ts";

const START = "2026-03-02T07:00:00Z";
const DONE = { state: "done", reason: "" } as const;

Deno.test("a job that runs beside the scheduler is left to end by itself", async () => {
  await using stage = await Stage.open(START);
  const schedule = await stage.add("one", "daily 08:00");
  using other = await ScheduleStore.open(stage.path);
  await using held = await other.holdJob(schedule.id);
  assert.ok(held);
  assert.equal(await stage.store.holdJob(schedule.id), undefined, "it runs once");
  const { id } = other.ledger.beginManual(schedule, stage.clock.now());
  await stage.start();
  await stage.clock.pass(60_000);
  assert.equal(stage.store.ledger.record(id)?.state, "started");
  assert.ok(other.ledger.finish(id, DONE, stage.clock.now()));
  assert.equal(stage.store.ledger.record(id)?.state, "done");
});

Deno.test("one whose process was killed later has failed at the next look", async () => {
  await using stage = await Stage.open(START);
  const schedule = await stage.add("one", "daily 08:00");
  const held = await stage.store.holdJob(schedule.id);
  const { id } = stage.store.ledger.beginManual(schedule, stage.clock.now());
  await stage.start();
  assert.equal(stage.store.ledger.record(id)?.state, "started");
  await held?.[Symbol.asyncDispose]();
  const limit = AbortSignal.timeout(10_000);
  // Whether a lock is held is asked of the system, which knows no fake clock.
  while (stage.store.ledger.record(id)?.state === "started" && !limit.aborted) {
    await stage.clock.pass(30_000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { state, reason } = stage.store.ledger.record(id) ?? {};
  assert.deepEqual([state, reason], ["failed", "Pyra ended while it ran"]);
  assert.equal(stage.ran.length, 0, "it is not repeated");
});

Deno.test("what was due is never another process's, whatever is held", async () => {
  await using stage = await Stage.open(START);
  const schedule = await stage.add("one", "daily 08:00");
  await using _held = await stage.store.holdJob(schedule.id);
  const next = { nextAt: null, now: stage.clock.now() };
  const { id } = stage.store.ledger.begin(schedule, next) ?? assert.fail("it is due");
  await stage.start();
  assert.equal(stage.store.ledger.record(id)?.state, "failed");
});
