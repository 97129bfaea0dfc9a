import assert from "node:assert/strict";
import { PyraError } from "../../../src/protocol/error.ts";
import { nextTimes } from "../../../src/scheduler/rule/rule.ts";
import { readRule } from "../../../src/scheduler/rule/rule_text.ts";
import { describe } from "../../../src/scheduler/rule/rule_words.ts";
import { systemZone, zoneNamed } from "../../../src/scheduler/rule/zone.ts";
import { iso } from "./stage.ts";

const ZONE = "Europe/Berlin";
const NOW = Date.parse("2026-03-20T10:00:00Z");

async function read(typed: string): Promise<[string, string, string]> {
  const { rule, remark } = await readRule(typed, { zone: ZONE, now: NOW });
  const [next = 0] = await nextTimes(rule, NOW, 1);
  return [describe(rule, NOW, ZONE), iso(next), remark];
}

async function refusal(typed: string): Promise<string> {
  const thrown = await readRule(typed, { zone: ZONE, now: NOW }).catch((cause) => cause);
  assert.ok(thrown instanceof PyraError, `${typed} is refused`);
  assert.equal(thrown.exitCode, 2);
  return `${thrown.message}; ${thrown.hint}`;
}

const READ: readonly (readonly [string, string, string])[] = [
  ["0 8 * * mon-fri", "at 08:00 on weekdays, Europe/Berlin", "2026-03-23T07:00:00Z"],
  ["*/20 * * * * *", 'cron "*/20 * * * * *", Europe/Berlin', "2026-03-20T10:00:20Z"],
  ["0 0 L * *", "at 00:00 on the last day of each month, Europe/Berlin", "2026-03-30T22:00:00Z"],
  ["0 0 * * FRI#5", 'cron "0 0 * * FRI#5", Europe/Berlin', "2026-05-28T22:00:00Z"],
  ["@daily", 'cron "@daily", Europe/Berlin', "2026-03-20T23:00:00Z"],
  ["hourly", "every hour on the hour, Europe/Berlin", "2026-03-20T11:00:00Z"],
  ["*/15 * * * *", "every 15 minutes, Europe/Berlin", "2026-03-20T10:15:00Z"],
  ["every 15m", "every 15 minutes", "2026-03-20T10:15:00Z"],
  ["Every 2 Hours", "every 2 hours", "2026-03-20T12:00:00Z"],
  ["every 90s", "every 90 seconds", "2026-03-20T10:01:30Z"],
  ["every day", "every day", "2026-03-21T10:00:00Z"],
  ["in 20m", "once, at 2026-03-20 11:20, Europe/Berlin", "2026-03-20T10:20:00Z"],
  ["2026-12-24 08:00", "once, at 2026-12-24 08:00, Europe/Berlin", "2026-12-24T07:00:00Z"],
  ["2026-12-24T08:00-05:00", "once, at 2026-12-24 14:00, Europe/Berlin", "2026-12-24T13:00:00Z"],
  ["2026-12-24T08:00:30Z", "once, at 2026-12-24 09:00:30, Europe/Berlin", "2026-12-24T08:00:30Z"],
  ["today 18:00", "once, at 2026-03-20 18:00, Europe/Berlin", "2026-03-20T17:00:00Z"],
  ["tomorrow at 8:05", "once, at 2026-03-21 08:05, Europe/Berlin", "2026-03-21T07:05:00Z"],
  ["daily 08:00", "at 08:00 every day, Europe/Berlin", "2026-03-21T07:00:00Z"],
  ["  weekdays   8:00 ", "at 08:00 on weekdays, Europe/Berlin", "2026-03-23T07:00:00Z"],
  ["weekends 10:00", "at 10:00 on weekends, Europe/Berlin", "2026-03-21T09:00:00Z"],
  ["weekly Monday 9:00", "at 09:00 on Mondays, Europe/Berlin", "2026-03-23T08:00:00Z"],
  ["monthly 1 09:00", "at 09:00 on day 1 of each month, Europe/Berlin", "2026-04-01T07:00:00Z"],
  [
    "monthly last 09:00",
    "at 09:00 on the last day of each month, Europe/Berlin",
    "2026-03-31T07:00:00Z",
  ],
];

Deno.test("what a person types is read, and told in plain words", async () => {
  for (const [typed, words, next] of READ) assert.deepEqual(await read(typed), [words, next, ""]);
});

Deno.test("a time that the clock skips or shows twice is told how it is taken", async () => {
  assert.deepEqual(await read("2026-03-29 02:30"), [
    "once, at 2026-03-29 03:00, Europe/Berlin",
    "2026-03-29T01:00:00Z",
    "the clock skips 02:30 on that day, so it runs at 03:00",
  ]);
  assert.deepEqual(await read("2026-10-25 02:30"), [
    "once, at 2026-10-25 02:30, Europe/Berlin",
    "2026-10-25T00:30:00Z",
    "the clock shows 02:30 twice on that day, so it runs the first time",
  ]);
  const [, , both] = await read("daily 02:30");
  assert.match(both, /skips that time, .*; where the clock shows it twice, it runs the first time/);
  assert.equal((await read("0 3 * * *"))[2], "", "that is a time that each day has once");
  const { remark } = await readRule("30 8,23 * * *", { zone: "America/Santiago", now: NOW });
  assert.equal(remark, "where the clock shows that time twice, it runs once");
});

Deno.test("each fixed time comes once a day, also where the clock skips it or shows it twice", async () => {
  const times = async (expression: string, day: string) => {
    const rule = { kind: "cron", expression, zone: ZONE } as const;
    const found = await nextTimes(rule, Date.parse(`${day}T22:00:00Z`), 2);
    return found.map((time) => iso(time).slice(8, 16));
  };
  assert.deepEqual(await times("30 2,14 * * *", "2026-03-28"), ["29T01:00", "29T12:30"]);
  assert.deepEqual(await times("30 2,14 * * *", "2026-10-24"), ["25T00:30", "25T13:30"]);
  assert.deepEqual(await times("*/30 2 * * *", "2026-03-28"), ["30T00:00", "30T00:30"]);
});

Deno.test("what cannot be meant is refused with the nearest right form", async () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["", /no time was given; write for instance "daily 08:00"/],
    ["foo", /"foo" is no time; write for instance/],
    ["dayly 08:00", /did you mean "daily 08:00"\?/],
    ["08:00", /did you mean "daily 08:00" or "tomorrow 08:00"\?/],
    ["8am", /write hours from 0 to 23/],
    ["2026-3-1 08:00", /write a date as "2026-12-24 08:00"/],
    ["daily", /the time of day is missing; did you mean "daily 08:00"\?/],
    ["daily 25:00", /"25:00" is no time of day/],
    ["weekly xx 09:00", /"xx" is no day of the week; did you mean "weekly mon 09:00"\?/],
    ["monthly 32 09:00", /"32" is no day of a month/],
    ["every monday", /did you mean "weekly mon 09:00"\?/],
    ["every morning at 8", /did you mean "daily 08:00"\?$/],
    ["every weekday at 8", /did you mean "weekdays 08:00"\?$/],
    ["every month on the 1st", /did you mean "monthly 1 09:00"\?$/],
    ["every", /did you mean "every 15m"\?/],
    ["every 5s", /nothing runs more often than every 10 seconds/],
    ["every 0m", /no time at all/],
    ["every 400d", /more than a year/],
    ["in 20", /did you mean "in 20m"\?/],
    ["2026-02-30 08:00", /there is no such time/],
    ["2025-01-01 08:00", /has gone by; name a time to come/],
    ["today 08:00", /has gone by/],
    ["0 8 * *", /5 fields, or 6 with seconds, and "0 8 \* \*" has 4/],
    ["* * * * * * *", /has 7/],
    ["60 * * * *", /"60" is no minute; write 0 to 59/],
    ["0 8 * * mondayx", /"mondayx" is no weekday/],
    ["0 0 30 2 *", /never comes/],
    ["*/5 * * * * *", /too near to each other/],
    ["0,55 * * * * *", /too near to each other/],
    ["@reboot", /is no time/],
    ["1,".repeat(200), /too long/],
  ];
  for (const [typed, sentence] of refused) assert.match(await refusal(typed), sentence);
});

Deno.test("a zone is known by its name in any case, and another names the nearest", () => {
  assert.equal(zoneNamed("europe/berlin"), "Europe/Berlin");
  assert.equal(zoneNamed("utc"), "UTC");
  assert.equal(zoneNamed(systemZone()), systemZone());
  const refused = (zone: string, hint: RegExp) =>
    assert.throws(() => zoneNamed(zone), { code: "schedule_zone", hint });
  refused("Berlin", /did you mean Europe\/Berlin\?/);
  refused("Europe/Berln", /did you mean Europe\/Berlin\?/);
  refused("new york", /did you mean America\/New_York\?/);
  refused("+02:00", /name one such as/);
  refused("Mars/Olympus Mons", /name one such as/);
});
