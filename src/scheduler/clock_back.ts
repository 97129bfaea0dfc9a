/**
 * Where schedules go on when the clock has been set back.
 * @module
 */
import { nextTimes } from "./rule.ts";
import type { Schedule } from "./schedule.ts";
import type { ScheduleStore } from "./store.ts";

const CHUNK = 100;
/** More times than the ledger keeps of a schedule. */
const CHUNKS = 20;
/** Lines that are gone count where the clock went back by less, ms: longer ago it was wrong. */
const GONE_COUNTS_MS = 7 * 86_400_000;

/**
 * Moves a schedule to the first time after now that is not in the ledger, where it waits for a later one:
 * a clock that was ahead for a while must not keep it waiting, and nothing may run twice.
 * @throws what `nextTimes` and the store throw
 */
export async function goBack(
  store: ScheduleStore,
  schedule: Schedule,
  now: number,
): Promise<void> {
  const { rule, nextAt } = schedule;
  if (nextAt === null || rule.kind === "once") return;
  const { times: known, gone } = store.ledger.dueTimes(schedule.id, now);
  let after = gone - now < GONE_COUNTS_MS ? Math.max(now, gone) : now;
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
    const times = await nextTimes(rule, after, CHUNK);
    const free = times.find((time) => time >= nextAt || !known.has(time));
    if (free !== undefined) {
      if (free < nextAt) store.move(schedule, free);
      return;
    }
    after = times.at(-1) ?? nextAt;
  }
}
