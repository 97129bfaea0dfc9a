/**
 * Runs schedules by a clock that is a thousand times too fast, until it is killed. Every line on standard
 * output is an occurrence that has begun: `number schedule due`.
 */
import { nextTimes, type ScheduleRule } from "../../../src/scheduler/rule/rule.ts";
import { Scheduler } from "../../../src/scheduler/scheduler.ts";
import { ScheduleStore } from "../../../src/scheduler/store.ts";

const SPEED = 1_000;
const SCHEDULES = 6;
const [path = "", start = "0"] = Deno.args;
const encoder = new TextEncoder();
const begun = Date.now();
const now = () => Number(start) + (Date.now() - begun) * SPEED;

using store = await ScheduleStore.open(path);
if (store.list().length === 0) {
  for (let number = 0; number < SCHEDULES; number += 1) {
    const rule: ScheduleRule = { kind: "every", ms: 10_000 * (number + 1), from: Number(start) };
    const [nextAt = null] = await nextTimes(rule, now(), 1);
    const missed = number % 2 === 0 ? "late" : "skip";
    store.add({ name: `job ${number}`, rule, missed }, { now: now(), nextAt });
  }
}
const scheduler = new Scheduler({
  store,
  clock: {
    now,
    wait: (ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms / SPEED);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
        if (signal.aborted) resolve();
      }),
  },
  log: () => undefined,
  async run({ id, schedule, dueAt }) {
    Deno.stdout.writeSync(encoder.encode(`${id} ${schedule.id} ${dueAt}\n`));
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 15));
    return id % 7 === 0 ? { state: "failed", reason: "so" } : { state: "done", reason: "" };
  },
});
await scheduler.start(new AbortController().signal);
