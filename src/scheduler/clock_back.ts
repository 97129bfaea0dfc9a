/**
 * Where schedules go on when the clock has been set back.
 * @module
 */
import { nextTimes } from "./rule/rule.ts";
import type { Schedule } from "./schedule.ts";
import type { ScheduleStore } from "./store.ts";

/** Lines that are gone count where the clock went back by less, ms: longer ago it was wrong. */
const GONE_COUNTS_MS = 7 * 86_400_000;

/**
 * Moves a schedule that waits for a later time to the first one after now: a clock that was ahead for a
 * while must not keep it waiting. What is in the ledger already is not begun again; times that have gone
 * from there are left out.
 * @throws what `nextTimes` and the store throw
 */
export async function goBack(
  store: ScheduleStore,
  schedule: Schedule,
  now: number,
): Promise<void> {
  const { id, rule, nextAt } = schedule;
  if (nextAt === null || rule.kind === "once") return;
  const gone = store.ledger.lastGone(id);
  const after = gone - now < GONE_COUNTS_MS ? Math.max(now, gone) : now;
  const [next] = await nextTimes(rule, after, 1);
  if (next !== undefined && next < nextAt) store.move(schedule, next);
}
