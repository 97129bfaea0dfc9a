/**
 * Times as text: read from what a model writes, and written for people.
 * @module
 */
import { ClockError } from "./clock_error.ts";
import { asUtc, momentOf, offsetAt, type Reading, readingAt } from "./zone.ts";

const DAY_MS = 24 * 60 * 60_000;
const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const MONTHS = ("January February March April May June July August September October November " +
  "December").split(" ");
const FORMS = "write it as 2026-12-24 18:00, 2026-12-24, 18:00, or with an offset as " +
  "2026-12-24T18:00:00+01:00";

const FULL = new RegExp(
  /^(?:(\d{4})-(\d{1,2})-(\d{1,2}))?(?:(?:^|[T\s]+)(\d{1,2}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?)?/
    .source + /\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?$/.source,
  "i",
);

/** A time that was read. */
export interface ReadTime {
  readonly instant: number;
  /** One sentence where the clocks' change makes it doubtful; else empty. */
  readonly doubt: string;
}

/**
 * Reads a time. Without a date it is today in the zone, without a time of day the day's beginning, and an
 * offset in the text goes before the zone.
 * @throws {ClockError} `bad_time`
 */
export function readTime(text: string, zone: string, now: number): ReadTime {
  const trimmed = text.trim();
  if (/^now$/i.test(trimmed)) return { instant: now, doubt: "" };
  const match = FULL.exec(trimmed);
  if (!match || trimmed === "") throw badTime(text);
  const [, year, month, day, hour, minute, second, half, offset] = match;
  if (year === undefined && hour === undefined) throw badTime(text);
  const today = readingAt(now, zone);
  const reading: Reading = {
    year: Number(year ?? today.year),
    month: Number(month ?? today.month),
    day: Number(day ?? today.day),
    hour: hourOf(Number(hour ?? 0), half?.toLowerCase(), text),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  };
  if (!isDate(reading)) throw badTime(text);
  if (offset !== undefined) {
    return { instant: asUtc(reading) - offsetMs(offset), doubt: "" };
  }
  const { instant, kind } = momentOf(reading, zone);
  const doubts = {
    plain: "",
    skipped: `The clocks in ${zone} skip that time; the same time after the change is meant.`,
    twice: `The clocks in ${zone} show that time twice; the first is meant.`,
  };
  return { instant, doubt: doubts[kind] };
}

function hourOf(hour: number, half: string | undefined, text: string): number {
  if (half === undefined ? hour > 23 : hour < 1 || hour > 12) throw badTime(text);
  if (half === undefined) return hour;
  return hour % 12 + (half === "pm" ? 12 : 0);
}

function isDate(reading: Reading): boolean {
  const made = readingAt(asUtc(reading), "UTC");
  return made.year === reading.year && made.month === reading.month && made.day === reading.day;
}

function offsetMs(text: string): number {
  if (/^z$/i.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith("-") ? -minutes : minutes) * 60_000;
}

function badTime(text: string): ClockError {
  return new ClockError("bad_time", `${JSON.stringify(text.slice(0, 100))} is no time; ${FORMS}`);
}

/** `Saturday, 21 November 2026, 14:30:05 in Europe/Berlin (UTC+01:00)`. */
export function writeTime(instant: number, zone: string): string {
  const reading = readingAt(instant, zone);
  const { year, month, day, hour, minute, second } = reading;
  const weekday = WEEKDAYS[new Date(asUtc(reading)).getUTCDay()];
  const two = (value: number) => String(value).padStart(2, "0");
  const time = `${two(hour)}:${two(minute)}${second === 0 ? "" : `:${two(second)}`}`;
  const offset = writeOffset(offsetAt(instant, zone));
  const place = /^[+-]|^UTC$/.test(zone) ? offset : `in ${zone} (${offset})`;
  return `${weekday}, ${day} ${MONTHS[month - 1]} ${year}, ${time} ${place}`;
}

/** `UTC+05:30`. */
export function writeOffset(minutes: number): string {
  if (minutes === 0) return "UTC";
  const whole = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, "0");
  return `UTC${minutes < 0 ? "-" : "+"}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

/** `33 days, 4 hours and 5 minutes`: whole days by the zone's calendar, then hours, minutes, seconds. */
export function writeSpan(from: number, to: number, zone: string): string {
  const [begin, end] = [Math.min(from, to), Math.max(from, to)];
  const first = readingAt(begin, zone);
  let days = Math.max(0, Math.floor((asUtc(readingAt(end, zone)) - asUtc(first)) / DAY_MS));
  const after = (count: number) => {
    const day = readingAt(asUtc(first) + count * DAY_MS, "UTC");
    // To the millisecond, so that no time is no span.
    return count === 0 ? begin : momentOf(day, zone).instant + begin % 1000;
  };
  while (days > 0 && after(days) > end) days--;
  let rest = Math.floor((end - after(days)) / 1000);
  const counts: [number, string][] = [[days, "day"]];
  for (const [unit, seconds] of [["hour", 3_600], ["minute", 60], ["second", 1]] as const) {
    counts.push([Math.floor(rest / seconds), unit]);
    rest %= seconds;
  }
  const words = counts.filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`);
  if (words.length === 0) return "no time at all";
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}
