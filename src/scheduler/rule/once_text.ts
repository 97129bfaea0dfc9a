/**
 * Times, dates and durations as they are typed.
 * @module
 */
import { LONGEST_MS } from "./rule.ts";
import { EXAMPLES, noDuration, quoted, wrongTime } from "./time_error.ts";
import { instantOf, type LocalTime, localTime } from "./zone.ts";

/** In which zone a local time is meant, and the time it is. */
export interface RuleReading {
  /** A known IANA zone, as `zoneNamed` gives it. */
  readonly zone: string;
  /** ms since 1970. */
  readonly now: number;
}

const UNITS: readonly { readonly words: RegExp; readonly ms: number }[] = [
  { words: /^s(ec(ond)?s?)?$/, ms: 1_000 },
  { words: /^m(in(ute)?s?)?$/, ms: 60_000 },
  { words: /^h((ou)?rs?)?$/, ms: 3_600_000 },
  { words: /^d(ays?)?$/, ms: 86_400_000 },
  { words: /^w(eeks?)?$/, ms: 604_800_000 },
];
const DAY_MS = 86_400_000;

/** An instant, and how it is taken if the clock skips it or shows it twice; one sentence or empty. */
export interface Once {
  readonly at: number;
  readonly remark: string;
}

/** The forms that are one time; `undefined` if it is none of them. @throws {PyraError} `schedule_time` */
export function onceOf(words: readonly string[], { zone, now }: RuleReading): Once | undefined {
  const [first = "", ...rest] = words;
  if (first === "in") return { at: now + durationOf(first, rest), remark: "" };
  if (first === "today" || first === "tomorrow") {
    const time = timeOf(first, rest);
    // Noon: no zone has changed its clock by half a day and more.
    const today = { ...localTime(now, zone), hour: 12, minute: 0, second: 0 };
    const noon = instantOf(today, zone).at + (first === "today" ? 0 : DAY_MS);
    return localOnce({ ...localTime(noon, zone), ...time, second: 0 }, zone);
  }
  const match =
    /^(\d{4})-(\d\d)-(\d\d)[ t](\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?( ?z|[+-]\d\d:?\d\d)?$/.exec(
      words.join(" "),
    );
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7)
    .map((part) => Number(part ?? 0));
  const shown = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (
    shown.getUTCMonth() !== month - 1 || shown.getUTCDate() !== day ||
    shown.getUTCHours() !== hour || shown.getUTCMinutes() !== minute ||
    shown.getUTCSeconds() !== second
  ) {
    throw wrongTime(`there is no such time as ${quoted(words.join(" "))}`, "look at its numbers");
  }
  const offset = match[7]?.trim();
  if (offset === undefined) {
    return localOnce({ year, month, day, hour, minute, second }, zone);
  }
  return { at: shown.getTime() - offsetOf(offset), remark: "" };
}

/** `+01:00` as ms. */
function offsetOf(offset: string): number {
  if (offset === "z") return 0;
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(-2))];
  if (hours > 14 || minutes > 59) {
    throw wrongTime(`there is no offset ${quoted(offset)}`, "write one such as +01:00");
  }
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function localOnce(time: LocalTime, zone: string): Once {
  const { at, kind } = instantOf(time, zone);
  if (kind === "plain") return { at, remark: "" };
  const two = (part: number) => String(part).padStart(2, "0");
  const typed = `${two(time.hour)}:${two(time.minute)}`;
  const { hour, minute } = localTime(at, zone);
  const remark = kind === "gap"
    ? `the clock skips ${typed} on that day, so it runs at ${two(hour)}:${two(minute)}`
    : `the clock shows ${typed} twice on that day, so it runs the first time`;
  return { at, remark };
}

/** `15m`, `15 minutes`, `hour` as ms. */
export function durationOf(first: string, rest: readonly string[]): number {
  const [, digits = "", word = ""] = /^(\d{0,9}) ?([a-z]+)$/.exec(rest.join(" ")) ?? [];
  const unit = UNITS.find(({ words }) => words.test(word));
  const isBare = digits === "" && (first === "in" || word.length === 1);
  if (unit === undefined || isBare) {
    throw noDuration([first, ...rest].join(" "));
  }
  const ms = (digits === "" ? 1 : Number(digits)) * unit.ms;
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw wrongTime(
    ms === 0 ? "that is no time at all" : "that is more than a year",
    ms === 0 ? `did you mean "${EXAMPLES[first]}"?` : "name a date such as 2027-12-24 08:00",
  );
}

/** `08:00`, with or without `at` before it. */
export function timeOf(before: string, words: readonly string[]): { hour: number; minute: number } {
  const typed = (words[0] === "at" ? words.slice(1) : words).join(" ");
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(typed) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (hour <= 23 && minute <= 59) return { hour, minute };
  const what = typed === "" ? "the time of day is missing" : `${quoted(typed)} is no time of day`;
  throw wrongTime(what, `did you mean "${before} 08:00"? hours go from 0 to 23`);
}
