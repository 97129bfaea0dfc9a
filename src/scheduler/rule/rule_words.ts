/**
 * A rule in plain words.
 * @module
 */
import type { ScheduleRule } from "./rule.ts";
import { localTime, systemZone } from "./zone.ts";

const DAYS = ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"];
const DAY_NAMES = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_LISTS: Readonly<Record<string, string>> = {
  "*": "every day",
  "1-5": "on weekdays",
  "mon-fri": "on weekdays",
  "0,6": "on weekends",
  "6,0": "on weekends",
  "sat,sun": "on weekends",
};
const UNITS = [["week", 604_800_000], ["day", 86_400_000], ["hour", 3_600_000], [
  "minute",
  60_000,
], ["second", 1_000]] as const;

/**
 * One line, lower case, such as `at 08:00 on weekdays, Europe/Berlin`; an expression without plain words
 * is shown as it is.
 * @param zone the zone in which a time without one is shown
 */
export function describe(rule: ScheduleRule, now: number, zone: string = systemZone()): string {
  switch (rule.kind) {
    case "once":
      return `once, at ${localText(rule.at, zone)}, ${zone}${rule.at <= now ? " (gone by)" : ""}`;
    case "every":
      return `every ${durationText(rule.ms)}`;
    case "cron":
      return `${cronText(rule.expression) ?? `cron "${rule.expression}"`}, ${rule.zone}`;
  }
}

function cronText(expression: string): string | undefined {
  const [minute = "", hour = "", day = "", month = "", weekday = "", more] = expression
    .toLowerCase().split(" ");
  if (more !== undefined || month !== "*") return undefined;
  if (day === "*" && weekday === "*" && hour === "*") {
    if (minute === "0") return "every hour on the hour";
    const step = Number(/^\*\/(\d{1,2})$/.exec(minute)?.[1]);
    return step > 1 && 60 % step === 0 ? `every ${step} minutes` : undefined;
  }
  if (!/^\d{1,2}$/.test(minute) || !/^\d{1,2}$/.test(hour)) return undefined;
  const days = day === "*"
    ? DAY_LISTS[weekday] ?? weekdayText(weekday)
    : weekday === "*"
    ? monthDayText(day)
    : undefined;
  if (days === undefined) return undefined;
  return `at ${hour.padStart(2, "0")}:${minute.padStart(2, "0")} ${days}`;
}

function weekdayText(weekday: string): string | undefined {
  const number = DAY_NAMES.includes(weekday)
    ? DAY_NAMES.indexOf(weekday)
    : /^[0-7]$/.test(weekday)
    ? Number(weekday) % 7
    : -1;
  const name = DAYS[number];
  return name === undefined ? undefined : `on ${name}`;
}

function monthDayText(day: string): string | undefined {
  if (day === "l") return "on the last day of each month";
  return /^\d{1,2}$/.test(day) ? `on day ${Number(day)} of each month` : undefined;
}

/** `15 minutes`, `hour`: in the largest unit that fits without a rest. */
function durationText(ms: number): string {
  for (const [name, unit] of UNITS) {
    if (ms % unit === 0) return ms === unit ? name : `${ms / unit} ${name}s`;
  }
  return `${ms} ms`;
}

function localText(at: number, zone: string): string {
  const { year, month, day, hour, minute, second } = localTime(at, zone);
  const two = (part: number) => String(part).padStart(2, "0");
  const seconds = second === 0 ? "" : `:${two(second)}`;
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}${seconds}`;
}
