import assert from "node:assert/strict";
import fc from "fast-check";
import { pastTimes } from "../../../src/scheduler/missed.ts";
import { nextTimes, ScheduleRule } from "../../../src/scheduler/rule/rule.ts";
import { readRule } from "../../../src/scheduler/rule/rule_text.ts";
import { describe } from "../../../src/scheduler/rule/rule_words.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { isPlain } from "../../../src/protocol/foreign_text.ts";
import { Stage } from "./stage.ts";

const RUNS = 300;
const DAY_MS = 86_400_000;
const instants = fc.integer({ min: Date.parse("2024-01-01"), max: Date.parse("2030-01-01") });
const zones = fc.constantFrom(
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Sao_Paulo",
  "Africa/Casablanca",
  "Asia/Kathmandu",
);

function field(low: number, high: number): fc.Arbitrary<string> {
  const number = fc.integer({ min: low, max: high });
  const range = fc.tuple(number, number).map((pair) => pair.toSorted((a, b) => a - b).join("-"));
  const step = fc.integer({ min: 1, max: high }).map((each) => `*/${each}`);
  const list = fc.array(number, { minLength: 1, maxLength: 3 }).map((all) => all.join(","));
  return fc.oneof(fc.constant("*"), number.map(String), range, step, list);
}

const expressions = fc.tuple(
  field(0, 59),
  field(0, 23),
  fc.oneof({ weight: 3, arbitrary: fc.constant("*") }, field(1, 28), fc.constant("L")),
  fc.oneof({ weight: 3, arbitrary: fc.constant("*") }, field(1, 12)),
  fc.oneof({ weight: 3, arbitrary: fc.constant("*") }, field(0, 6), fc.constant("mon#1")),
).map((fields) => fields.join(" "));

const rules = fc.oneof(
  fc.tuple(expressions, zones)
    .map<ScheduleRule>(([expression, zone]) => ({ kind: "cron", expression, zone })),
  instants.map<ScheduleRule>((at) => ({ kind: "once", at })),
  fc.tuple(fc.integer({ min: 10_000, max: 40 * DAY_MS }), instants)
    .map<ScheduleRule>(([ms, from]) => ({ kind: "every", ms, from })),
);

Deno.test("the next times of any rule come after the instant, and each after the one before", async () => {
  await fc.assert(
    fc.asyncProperty(rules, instants, async (rule, after) => {
      const times = await nextTimes(rule, after, 20);
      let last = after;
      for (const time of times) {
        assert.ok(time > last, `${time} comes after ${last}`);
        last = time;
      }
      if (rule.kind !== "once") assert.equal(times.length, 20);
      const [first] = times;
      if (first === undefined) return;
      assert.deepEqual(await nextTimes(rule, first - 1, 20), times, "the first is not skipped");
    }),
    { numRuns: RUNS },
  );
});

Deno.test("any rule comes back from the store as it was, and is told in one line", async () => {
  await using stage = await Stage.open("2026-01-01T00:00:00Z");
  await fc.assert(
    fc.asyncProperty(rules, instants, (rule, now) => {
      const name = crypto.randomUUID();
      const { id } = stage.store.add({ name, rule, missed: "skip" }, { now, nextAt: now });
      assert.deepEqual(stage.store.find(id)?.rule, rule);
      assert.deepEqual(ScheduleRule.parse(JSON.parse(JSON.stringify(rule))), rule);
      assert.match(describe(rule, now, "UTC"), /^[^\n]{5,260}$/);
      stage.store.remove(id, now);
      return Promise.resolve();
    }),
    { numRuns: RUNS / 3 },
  );
});

Deno.test("any expression that is typed is read as it stands", async () => {
  await fc.assert(
    fc.asyncProperty(expressions, zones, instants, async (expression, zone, now) => {
      const { rule } = await readRule(expression, { zone, now });
      assert.deepEqual(rule, { kind: "cron", expression, zone });
    }),
    { numRuns: RUNS },
  );
});

Deno.test("any text is a rule or one clear sentence", async () => {
  const words = fc.constantFrom(
    "every",
    "in",
    "daily",
    "at",
    "08:00",
    "15m",
    "*",
    "*/2",
    "mon",
    "L",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.array(fc.oneof(words, fc.string({ maxLength: 4 })), { maxLength: 8 }).map((all) =>
      all.join(" ")
    ),
  );
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const now = Date.parse("2026-01-01T00:00:00Z");
      const read = await readRule(text, { zone: "UTC", now }).catch((cause) => cause);
      if (!(read instanceof PyraError)) {
        ScheduleRule.parse(read.rule);
        return;
      }
      assert.ok(read.hint !== "" && isPlain(read.message + read.hint), read.message);
    }),
    { numRuns: RUNS * 3 },
  );
});

Deno.test("the times that have come are counted and end before the next, however many they are", async () => {
  const frequent = fc.oneof(
    rules,
    fc.constant<ScheduleRule>({ kind: "every", ms: 10_000, from: 7 }),
    fc.constant<ScheduleRule>({ kind: "cron", expression: "*/10 * * * * *", zone: "UTC" }),
  );
  const spans = fc.oneof(
    fc.integer({ min: 0, max: 3_600_000 }),
    fc.integer({ min: 0, max: 20 * DAY_MS }),
  );
  await fc.assert(
    fc.asyncProperty(frequent, instants, spans, async (rule, from, span) => {
      const [dueAt] = await nextTimes(rule, from, 1);
      if (dueAt === undefined) return;
      const now = dueAt + span;
      const past = await pastTimes(rule, dueAt, now);
      const newest = past.newest.at(-1) ?? Infinity;
      assert.ok(newest <= now && (past.next === null || past.next > now));
      assert.deepEqual(await nextTimes(rule, newest, 1), past.next === null ? [] : [past.next]);
      const [oldest = 0] = past.newest;
      if (past.earlier === 0) assert.equal(oldest, dueAt);
      else assert.equal(past.newest.length, 100);
      assert.deepEqual(
        [oldest, ...await nextTimes(rule, oldest, past.newest.length - 1)],
        past.newest,
      );
      if (!past.isCut && rule.kind === "every") {
        assert.equal(past.earlier + past.newest.length, Math.floor(span / rule.ms) + 1);
      }
    }),
    { numRuns: 60 },
  );
});
