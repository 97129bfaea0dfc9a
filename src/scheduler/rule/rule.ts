/**
 * When a schedule is due, as data, and its times.
 *
 * Times are ms since 1970, so a rule means the same instants wherever it is read. A cron expression keeps
 * its zone: another zone of the machine changes nothing.
 * @module
 */
import * as z from "zod/mini";
import { PyraError } from "../../protocol/error.ts";

/** Rules that write seconds may fire so often, ms; nothing may more often. */
export const SHORTEST_MS = 10_000;
/** The longest interval, ms. */
export const LONGEST_MS = 366 * 86_400_000;
/** UTF-16 units of an expression, at most. */
export const EXPRESSION_UNITS = 200;
const ZONE_UNITS = 64;
/** The last instant a `Date` can hold, ms. */
const LAST_INSTANT_MS = 8.64e15;

const Instant = z.int().check(z.gte(0), z.lte(LAST_INSTANT_MS));

/** When a schedule is due. */
export const ScheduleRule = z.discriminatedUnion("kind", [
  /** Five fields, six with seconds, in an IANA zone. */
  z.strictObject({
    kind: z.literal("cron"),
    expression: z.string().check(z.minLength(1), z.maxLength(EXPRESSION_UNITS)),
    zone: z.string().check(z.minLength(1), z.maxLength(ZONE_UNITS)),
  }),
  z.strictObject({ kind: z.literal("once"), at: Instant }),
  /** Each `ms`, counted from `from` in both directions. */
  z.strictObject({
    kind: z.literal("every"),
    ms: z.int().check(z.gte(SHORTEST_MS), z.lte(LONGEST_MS)),
    from: Instant,
  }),
]);
/** When a schedule is due. */
export type ScheduleRule = z.infer<typeof ScheduleRule>;

/**
 * The next times after an instant, strictly increasing, at most `count` of them; fewer only if the rule
 * ends. A local time that daylight saving leaves out is the first moment after it, and one that is there
 * twice is the first of both; an expression with a wildcard or a step in its hours or minutes leaves the
 * one out and takes both of the other.
 * @throws {PyraError} `schedule_rule`, of an expression or a zone that cannot be read
 */
export async function nextTimes(
  rule: ScheduleRule,
  after: number,
  count: number,
): Promise<number[]> {
  switch (rule.kind) {
    case "once":
      return rule.at > after && count > 0 ? [rule.at] : [];
    case "every": {
      const { ms, from } = rule;
      const first = from + (Math.floor((after - from) / ms) + 1) * ms;
      return Array.from({ length: count }, (_, index) => first + index * ms)
        .filter((time) => time <= LAST_INSTANT_MS);
    }
    case "cron": {
      const { cronTimes } = await import("./cron_times.ts");
      try {
        return cronTimes(rule, after, count);
      } catch (cause) {
        const { expression, zone } = rule;
        const message = `"${expression}" in the zone ${zone} has no times`;
        throw new PyraError("configuration", "schedule_rule", message, { cause });
      }
    }
  }
}
