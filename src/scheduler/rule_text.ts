/**
 * What a person types as a time: a cron expression, or one of a few plain forms.
 *
 * | typed | means |
 * |---|---|
 * | `0 8 * * mon-fri`, `0,20,40 * * * * *`, `@daily` | cron: 5 fields, 6 with seconds, a nickname |
 * | `every 15m`, `every 2 hours` | an interval from now on |
 * | `in 20m` | once |
 * | `2026-12-24 08:00`, `2026-12-24T08:00+01:00`, `today 18:00`, `tomorrow 8:00` | once |
 * | `hourly`, `daily 08:00`, `weekdays 08:00`, `weekends 10:00` | cron |
 * | `weekly mon 09:00`, `monthly 1 09:00`, `monthly last 09:00` | cron |
 * @module
 */
import { editDistance } from "../protocol/edit_distance.ts";
import { PyraError } from "../protocol/error.ts";
import { changeRemark } from "./clock_remark.ts";
import { EXPRESSION_UNITS, LONGEST_MS, nextTimes, type ScheduleRule, SHORTEST_MS } from "./rule.ts";
import { instantOf, localTime } from "./zone.ts";

/** A rule, and what is to be told of it. */
export interface ReadRule {
  readonly rule: ScheduleRule;
  /** How a time is taken that the zone's clock skips or shows twice; one sentence, or empty. */
  readonly remark: string;
}

/** In which zone a local time is meant, and the time it is. */
export interface RuleReading {
  /** A known IANA zone, as `zoneNamed` gives it. */
  readonly zone: string;
  /** ms since 1970. */
  readonly now: number;
}

const FORMS =
  'write for instance "daily 08:00", "weekdays 08:00", "every 2h", "in 20m", "2026-12-24 08:00" or "0 8 * * mon-fri"';
const FIRST_WORDS = [
  "every",
  "in",
  "hourly",
  "daily",
  "weekdays",
  "weekends",
  "weekly",
  "monthly",
  "today",
  "tomorrow",
] as const;
const EXAMPLES: Readonly<Record<string, string>> = {
  every: "every 15m",
  in: "in 20m",
  hourly: "hourly",
  daily: "daily 08:00",
  weekdays: "weekdays 08:00",
  weekends: "weekends 10:00",
  weekly: "weekly mon 09:00",
  monthly: "monthly 1 09:00",
  today: "today 18:00",
  tomorrow: "tomorrow 08:00",
};
const NICKNAMES = ["@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"];
const UNITS: readonly { readonly words: RegExp; readonly ms: number }[] = [
  { words: /^s(ec(ond)?s?)?$/, ms: 1_000 },
  { words: /^m(in(ute)?s?)?$/, ms: 60_000 },
  { words: /^h((ou)?rs?)?$/, ms: 3_600_000 },
  { words: /^d(ays?)?$/, ms: 86_400_000 },
  { words: /^w(eeks?)?$/, ms: 604_800_000 },
];
const DAY_MS = 86_400_000;

/**
 * Reads what a person typed.
 * @throws {PyraError} `schedule_time`, with the nearest right form
 */
export async function readRule(text: string, reading: RuleReading): Promise<ReadRule> {
  const typed = text.trim().replaceAll(/\s+/g, " ");
  if (typed === "") throw wrong("no time was given", FORMS);
  if (typed.length > EXPRESSION_UNITS) throw wrong("the time is too long", FORMS);
  const words = typed.toLowerCase().split(" ");
  const once = onceOf(words, reading);
  if (once !== undefined) {
    if (once.at <= reading.now) throw wrong(`${quoted(typed)} has gone by`, "name a time to come");
    return { rule: { kind: "once", at: once.at }, remark: once.remark };
  }
  const rule = intervalOf(words, reading) ??
    await cronOf(expressionOf(words) ?? typed, typed, reading);
  return { rule, remark: changeRemark(rule, reading.now) };
}

interface Once {
  readonly at: number;
  readonly remark: string;
}

function onceOf(words: readonly string[], { zone, now }: RuleReading): Once | undefined {
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
    throw wrong(`there is no such time as ${quoted(words.join(" "))}`, "look at its numbers");
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
    throw wrong(`there is no offset ${quoted(offset)}`, "write one such as +01:00");
  }
  return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function localOnce(time: Parameters<typeof instantOf>[0], zone: string): Once {
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

function intervalOf(words: readonly string[], { now }: RuleReading): ScheduleRule | undefined {
  const [first, ...rest] = words;
  if (first !== "every") return undefined;
  const ms = durationOf(first, rest);
  if (ms < SHORTEST_MS) {
    throw wrong("that is too often", "nothing runs more often than every 10 seconds");
  }
  return { kind: "every", ms, from: now };
}

/** `15m`, `15 minutes`, `hour` as ms. */
function durationOf(first: string, rest: readonly string[]): number {
  const [, digits = "", word = ""] = /^(\d{0,9}) ?([a-z]+)$/.exec(rest.join(" ")) ?? [];
  const unit = UNITS.find(({ words }) => words.test(word));
  const isBare = digits === "" && (first === "in" || word.length === 1);
  if (unit === undefined || isBare) {
    const near = rest.some((word) => word.includes(":")) ? "daily 08:00" : EXAMPLES[first];
    throw wrong(
      `${quoted([first, ...rest].join(" "))} is no time`,
      `did you mean "${near}"? units are s, m, h, d and w`,
    );
  }
  const ms = (digits === "" ? 1 : Number(digits)) * unit.ms;
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw wrong(
    ms === 0 ? "that is no time at all" : "that is more than a year",
    ms === 0 ? `did you mean "${EXAMPLES[first]}"?` : "name a date such as 2027-12-24 08:00",
  );
}

/** The cron expression of a plain form; `undefined` if it is none. */
function expressionOf(words: readonly string[]): string | undefined {
  const [first = "", ...rest] = words;
  const [day = "", ...afterDay] = rest;
  const at = (days: string, typed: readonly string[] = rest) => {
    const { hour, minute } = timeOf(words.slice(0, words.length - typed.length).join(" "), typed);
    return `${minute} ${hour} ${days}`;
  };
  switch (first) {
    case "hourly":
      return rest.length === 0 ? "0 * * * *" : undefined;
    case "daily":
      return at("* * *");
    case "weekdays":
      return at("* * 1-5");
    case "weekends":
      return at("* * 0,6");
    case "weekly": {
      const name = /^(sun|mon|tue|wed|thu|fri|sat)([a-z]*)$/.exec(day)?.[1];
      if (name === undefined) {
        throw wrong(`${quoted(day)} is no day of the week`, 'did you mean "weekly mon 09:00"?');
      }
      return at(`* * ${name}`, afterDay);
    }
    case "monthly": {
      const isDay = /^\d{1,2}$/.test(day) && Number(day) >= 1 && Number(day) <= 31;
      if (!isDay && day !== "last") {
        throw wrong(`${quoted(day)} is no day of a month`, 'did you mean "monthly 1 09:00"?');
      }
      return at(`${isDay ? Number(day) : "L"} * *`, afterDay);
    }
    default:
      return undefined;
  }
}

/** `08:00`, with or without `at` before it. */
function timeOf(before: string, words: readonly string[]): { hour: number; minute: number } {
  const typed = (words[0] === "at" ? words.slice(1) : words).join(" ");
  const [, hours, minutes] = /^(\d\d?):(\d\d)$/.exec(typed) ?? [];
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (hour <= 23 && minute <= 59) return { hour, minute };
  const what = typed === "" ? "the time of day is missing" : `${quoted(typed)} is no time of day`;
  throw wrong(what, `did you mean "${before} 08:00"? hours go from 0 to 23`);
}

async function cronOf(
  expression: string,
  typed: string,
  { zone, now }: RuleReading,
): Promise<ScheduleRule> {
  const fields = expression.split(" ");
  const isNickname = NICKNAMES.includes(expression.toLowerCase());
  if (!isNickname) await checkFields(fields, typed);
  const rule: ScheduleRule = { kind: "cron", expression, zone };
  if ((await nextTimes(rule, now, 1)).length === 0) {
    throw wrong(`${quoted(typed)} never comes`, "look at its day and month");
  }
  return rule;
}

async function checkFields(fields: readonly string[], typed: string): Promise<void> {
  if (!/^[\d*?@/,-]/.test(typed) || fields.length === 1) throw unknownForm(typed, fields);
  if (fields.length !== 5 && fields.length !== 6) {
    throw wrong(
      `a cron expression has 5 fields, or 6 with seconds, and ${
        quoted(typed)
      } has ${fields.length}`,
      "write minute, hour, day of the month, month, weekday",
    );
  }
  const { badField, isReadable, isTooOften } = await import("./cron_times.ts");
  const bad = badField(fields);
  if (bad !== undefined) {
    throw wrong(`${quoted(bad.text)} is no ${bad.name}`, `write ${bad.range}`);
  }
  if (!isReadable(fields.join(" "))) throw wrong(`${quoted(typed)} cannot be read`, FORMS);
  const [seconds = ""] = fields;
  if (fields.length === 6 && isTooOften(seconds, SHORTEST_MS)) {
    throw wrong(
      `the seconds ${quoted(seconds)} are too near to each other`,
      "leave 10 seconds between them, such as */10, or leave them out",
    );
  }
}

function unknownForm(typed: string, [first = ""]: readonly string[]): PyraError {
  const said = `${quoted(typed)} is no time`;
  if (/^\d\d?:\d\d$/.test(typed)) {
    return wrong(said, `did you mean "daily ${typed}" or "tomorrow ${typed}"?`);
  }
  const word = first.toLowerCase();
  const near = [...FIRST_WORDS, ...NICKNAMES]
    .map((known) => ({ known, distance: editDistance(word, known) }))
    .sort((one, other) => one.distance - other.distance)[0];
  if (near === undefined || near.distance > 2 || near.distance >= word.length) {
    return wrong(said, FORMS);
  }
  return wrong(said, `did you mean "${EXAMPLES[near.known] ?? near.known}"?`);
}

function wrong(message: string, hint: string): PyraError {
  return new PyraError("configuration", "schedule_time", message, { hint, exitCode: 2 });
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
}
