/**
 * What a rule does where its zone's clock is changed.
 * @module
 */
import type { ScheduleRule } from "./rule.ts";
import { clockChanges } from "./zone.ts";

const DAYS_AHEAD = 366;
const MINUTE_MS = 60_000;

/**
 * One sentence on how a fixed time is taken that the zone's clock skips or shows twice in the year to
 * come; empty if it does neither.
 */
export function changeRemark(rule: ScheduleRule, now: number): string {
  if (rule.kind !== "cron") return "";
  const [minutes, hours] = rule.expression.split(" ").slice(-5);
  const times = minutesOfDay(hours ?? "", minutes ?? "");
  if (times.length === 0) return "";
  const met = clockChanges(now, DAYS_AHEAD, rule.zone).map(({ at, before, after }) => {
    const [start, end] = [at + Math.min(before, after), at + Math.max(before, after)];
    const isMet = times.some((minute) => {
      const shown = Math.floor(start / 86_400_000) * 86_400_000 + minute * MINUTE_MS;
      return [shown, shown + 86_400_000].some((time) => time >= start && time < end);
    });
    return isMet ? (after > before ? "gap" : "twice") : "none";
  });
  const skipped = "where the clock skips that time, it runs as soon as the clock has gone on";
  const shownTwice = "where the clock shows it twice, it runs the first time";
  if (met.includes("gap")) return met.includes("twice") ? `${skipped}; ${shownTwice}` : skipped;
  return met.includes("twice") ? "where the clock shows that time twice, it runs once" : "";
}

/** The minutes of the day of an expression of plain numbers; none if it has a wildcard or a step. */
function minutesOfDay(hours: string, minutes: string): number[] {
  const numbers = (field: string) => /^\d+(,\d+)*$/.test(field) ? field.split(",").map(Number) : [];
  return numbers(hours).flatMap((hour) => numbers(minutes).map((minute) => hour * 60 + minute));
}
