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
import { changeRemark } from "./clock_remark.ts";
import { EXPRESSION_UNITS, nextTimes, type ScheduleRule, SHORTEST_MS } from "./rule.ts";
import { durationOf, onceOf, type RuleReading, timeOf } from "./once_text.ts";
import { FORMS, NICKNAMES, quoted, unknownForm, wrongTime } from "./time_error.ts";

/** A rule, and what is to be told of it. */
export interface ReadRule {
  readonly rule: ScheduleRule;
  /** How a time is taken that the zone's clock skips or shows twice; one sentence, or empty. */
  readonly remark: string;
}

/**
 * Reads what a person typed.
 * @throws {PyraError} `schedule_time`, with the nearest right form
 */
export async function readRule(text: string, reading: RuleReading): Promise<ReadRule> {
  const typed = text.trim().replaceAll(/\s+/g, " ");
  if (typed === "") throw wrongTime("no time was given", FORMS);
  if (typed.length > EXPRESSION_UNITS) throw wrongTime("the time is too long", FORMS);
  const words = typed.toLowerCase().split(" ");
  const once = onceOf(words, reading);
  if (once !== undefined) {
    if (once.at <= reading.now) {
      throw wrongTime(`${quoted(typed)} has gone by`, "name a time to come");
    }
    return { rule: { kind: "once", at: once.at }, remark: once.remark };
  }
  const rule = intervalOf(words, reading) ?? await cronOf(words, typed, reading);
  return { rule, remark: changeRemark(rule, reading.now) };
}

function intervalOf(words: readonly string[], { now }: RuleReading): ScheduleRule | undefined {
  const [first, ...rest] = words;
  if (first !== "every") return undefined;
  const ms = durationOf(first, rest);
  if (ms < SHORTEST_MS) {
    throw wrongTime("that is too often", "nothing runs more often than every 10 seconds");
  }
  return { kind: "every", ms, from: now };
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
        throw wrongTime(`${quoted(day)} is no day of the week`, 'did you mean "weekly mon 09:00"?');
      }
      return at(`* * ${name}`, afterDay);
    }
    case "monthly": {
      const isDay = /^\d{1,2}$/.test(day) && Number(day) >= 1 && Number(day) <= 31;
      if (!isDay && day !== "last") {
        throw wrongTime(`${quoted(day)} is no day of a month`, 'did you mean "monthly 1 09:00"?');
      }
      return at(`${isDay ? Number(day) : "L"} * *`, afterDay);
    }
    default:
      return undefined;
  }
}

async function cronOf(
  words: readonly string[],
  typed: string,
  { zone, now }: RuleReading,
): Promise<ScheduleRule> {
  const plain = expressionOf(words);
  const isNickname = NICKNAMES.includes(words.join(" "));
  if (plain === undefined && !isNickname) await checkFields(typed);
  const expression = plain ?? typed;
  const rule: ScheduleRule = { kind: "cron", expression, zone };
  if ((await nextTimes(rule, now, 1)).length === 0) {
    throw wrongTime(`${quoted(typed)} never comes`, "look at its day and month");
  }
  return rule;
}

async function checkFields(typed: string): Promise<void> {
  const fields = typed.split(" ");
  if (!/^[\d*?/,-]/.test(typed) || fields.length < 4) throw unknownForm(typed);
  if (fields.length !== 5 && fields.length !== 6) {
    throw wrongTime(
      `a cron expression has 5 fields, or 6 with seconds, and ${
        quoted(typed)
      } has ${fields.length}`,
      "write minute, hour, day of the month, month, weekday",
    );
  }
  const { badField, isReadable, isTooOften } = await import("./cron_times.ts");
  const bad = badField(fields);
  if (bad !== undefined) {
    throw wrongTime(`${quoted(bad.text)} is no ${bad.name}`, `write ${bad.range}`);
  }
  if (!isReadable(typed)) throw wrongTime(`${quoted(typed)} cannot be read`, FORMS);
  const [seconds = ""] = fields;
  if (fields.length === 6 && isTooOften(seconds, SHORTEST_MS)) {
    throw wrongTime(
      `the seconds ${quoted(seconds)} are too near to each other`,
      "leave 10 seconds between them, such as */10, or leave them out",
    );
  }
}
