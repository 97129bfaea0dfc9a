import assert from "node:assert/strict";
import { iso, Stage } from "./stage.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = "2026-03-02T07:00:00Z";
const MISSED = "it was missed: Pyra did not run, or the machine slept";

Deno.test("of what was missed the newest runs late where the rule says so, and else nothing", async () => {
  await using stage = await Stage.open(START);
  await stage.add("late", "hourly", { missed: "late" });
  await stage.add("skip", "hourly", { missed: "skip" });
  await stage.start();
  stage.clock.jump(3.5 * HOUR_MS);
  await stage.clock.pass(MINUTE_MS);
  assert.deepEqual(stage.ran, ["late 2026-03-02T10:00:00Z"]);
  assert.deepEqual(stage.lines("late"), [
    `late 2026-03-02T08:00:00Z skipped ${MISSED}`,
    `late 2026-03-02T09:00:00Z skipped ${MISSED}`,
    "late 2026-03-02T10:00:00Z done",
  ]);
  assert.deepEqual(
    stage.lines("skip"),
    [8, 9, 10].map((hour) => `skip 2026-03-02T${iso(hour * HOUR_MS).slice(11)} skipped ${MISSED}`),
  );
  await stage.clock.pass(HOUR_MS);
  assert.deepEqual(stage.ran.slice(1).toSorted(), [
    "late 2026-03-02T11:00:00Z",
    "skip 2026-03-02T11:00:00Z",
  ]);
});

Deno.test("what came while Pyra did not run is judged at its start", async () => {
  await using stage = await Stage.open(START);
  await stage.add("late", "hourly");
  await stage.add("once", "in 10m", { missed: "skip" });
  await stage.start();
  await stage.stop();
  stage.clock.jump(2.5 * HOUR_MS);
  await stage.start();
  await stage.clock.pass(MINUTE_MS);
  assert.deepEqual(stage.ran, ["late 2026-03-02T09:00:00Z"]);
  assert.deepEqual(stage.lines("once"), [`once 2026-03-02T07:10:00Z skipped ${MISSED}`]);
  assert.equal(stage.store.find("once")?.nextAt, null);
});

Deno.test("an occurrence within its grace is on time, and the grace is the schedule's", async () => {
  await using stage = await Stage.open(START);
  await stage.add("short", "daily 08:00", { missed: "skip" });
  await stage.add("long", "daily 08:00", { missed: "skip", graceMs: 10 * MINUTE_MS });
  await stage.start();
  stage.clock.jump(HOUR_MS + 5 * MINUTE_MS);
  await stage.clock.pass(MINUTE_MS);
  assert.deepEqual(stage.ran, ["long 2026-03-02T08:00:00Z"]);
});

Deno.test("of thousands of missed times the newest hundred have lines, and one stands for the rest", async () => {
  await using stage = await Stage.open(START);
  await stage.add("often", "* * * * *");
  await stage.add("every", "every 10s", { missed: "skip" });
  await stage.start();
  stage.clock.jump(40 * HOUR_MS);
  await stage.clock.pass(30_000);
  const lines = stage.lines("often");
  assert.equal(lines.length, 101);
  // 2,400 were missed: 100 before the newest, which is on time, have lines.
  const rest = "this line stands for 2,300 times from this one on";
  assert.equal(lines[0], `often 2026-03-02T07:01:00Z skipped ${MISSED}; ${rest}`);
  assert.ok(stage.ran.includes(lines.at(-1)?.replace(" done", "") ?? ""));
  // Whoever fires so often is within its grace again.
  assert.equal(stage.ran[0], "every 2026-03-03T23:00:10Z");
  assert.match(stage.lines("every")[0] ?? "", /stands for more than [45],\d{3} times/);
  assert.equal(stage.lines("every").length, 103);
});

Deno.test("a clock that is set back runs nothing twice, and nothing waits for the time it was ahead", async () => {
  await using stage = await Stage.open(START);
  await stage.add("hourly", "hourly");
  await stage.add("every", "every 1h");
  await stage.start();
  await stage.clock.pass(2 * HOUR_MS + MINUTE_MS);
  stage.clock.jump(-90 * MINUTE_MS);
  await stage.clock.pass(3 * HOUR_MS);
  const hours = ["08", "09", "10"].map((hour) => `2026-03-02T${hour}:00:00Z`);
  assert.deepEqual(
    stage.ran.filter((line) => line.startsWith("hourly")),
    hours.map((at) => `hourly ${at}`),
  );
  assert.equal(new Set(stage.ran).size, stage.ran.length);
  // The clock was years ahead for a while: at its start, and while it runs.
  stage.clock.jump(4 * 365 * DAY_MS);
  await stage.clock.pass(HOUR_MS);
  stage.clock.jump(-4 * 365 * DAY_MS);
  const count = stage.ran.length;
  await stage.clock.pass(2 * HOUR_MS);
  assert.equal(stage.ran.length, count + 4);
  await stage.stop();
  stage.clock.jump(-30 * DAY_MS);
  await stage.start();
  await stage.clock.pass(2 * HOUR_MS);
  assert.equal(stage.ran.length, count + 8);
  assert.equal(new Set(stage.ran).size, stage.ran.length);
});

Deno.test("what has gone from the ledger is not run again by a clock that is set back", async () => {
  await using stage = await Stage.open(START);
  await stage.add("often", "every 10s");
  await stage.start();
  await stage.clock.pass(3 * HOUR_MS, { quick: true });
  stage.clock.jump(-2.9 * HOUR_MS);
  await stage.clock.pass(3 * HOUR_MS, { quick: true });
  assert.equal(stage.store.ledger.history("often", 5_000).length, 1_000);
  assert.equal(new Set(stage.ran).size, stage.ran.length);
  assert.equal(stage.ran.length, 1_116);
});
