/**
 * The times of a rule that have come, however many.
 * @module
 */
import { nextTimes, type ScheduleRule } from "./rule/rule.ts";

/** The newest times that are told one by one. */
export const MISSED_TOLD = 100;
/** Times that are counted; of more it is said that they are more. */
export const MISSED_COUNTED = 5_000;
const CHUNK = 256;
const SECOND_MS = 1_000;

/** The times from one on until now. */
export interface PastTimes {
  /** The newest, at most `MISSED_TOLD`, increasing. */
  readonly newest: readonly number[];
  /** How many there are before those. */
  readonly earlier: number;
  /** There are more than `earlier`. */
  readonly isCut: boolean;
  /** The first time that is still to come; null if there is none. */
  readonly next: number | null;
}

/**
 * The times of a rule from a due one, which is one of them, until now.
 * @throws what `nextTimes` throws
 */
export async function pastTimes(
  rule: ScheduleRule,
  dueAt: number,
  now: number,
): Promise<PastTimes> {
  let newest = [dueAt];
  let count = 1;
  let last = dueAt;
  // Mostly one has come, and one is to come.
  for (let chunk = 2; count < MISSED_COUNTED; chunk = CHUNK) {
    const times = await nextTimes(rule, last, chunk);
    const come = times.filter((time) => time <= now);
    count += come.length;
    newest = [...newest, ...come].slice(-MISSED_TOLD);
    last = newest.at(-1) ?? last;
    if (come.length < times.length || times.length < chunk) {
      const next = times[come.length] ?? null;
      return { newest, earlier: count - newest.length, isCut: false, next };
    }
  }
  const [next = null] = await nextTimes(rule, now, 1);
  newest = await newestTimes(rule, last, now);
  return { newest, earlier: count - MISSED_TOLD, isCut: true, next };
}

/** The newest times until now, if there are that many after an instant. */
async function newestTimes(rule: ScheduleRule, after: number, now: number): Promise<number[]> {
  const isEnough = async (start: number) => {
    const times = await nextTimes(rule, start * SECOND_MS, MISSED_TOLD);
    return times.length === MISSED_TOLD && times.every((time) => time <= now);
  };
  let [low, high] = [Math.floor(after / SECOND_MS), Math.ceil(now / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await isEnough(middle)) low = middle;
    else high = middle;
  }
  const times = await nextTimes(rule, low * SECOND_MS, MISSED_TOLD * 2);
  return times.filter((time) => time <= now).slice(-MISSED_TOLD);
}
