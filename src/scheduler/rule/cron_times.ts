/**
 * Cron expressions, by `croner`. This file is loaded when one is computed.
 * @module
 */
import { Cron } from "croner";

/** A cron expression and its zone. */
export interface CronRule {
  readonly expression: string;
  readonly zone: string;
}

/** What the fields are called, and what may stand in them, from the right. */
const FIELDS = [
  { name: "weekday", range: "0 to 7 (0 and 7 are Sunday), or sun to sat" },
  { name: "month", range: "1 to 12, or jan to dec" },
  { name: "day of the month", range: "1 to 31, or L for the last" },
  { name: "hour", range: "0 to 23" },
  { name: "minute", range: "0 to 59" },
  { name: "second", range: "0 to 59" },
] as const;
const MINUTE_MS = 60_000;

/** A field that cannot be read. */
export interface BadField {
  readonly text: string;
  readonly name: string;
  readonly range: string;
}

/** The next times of an expression. @throws what croner says of what it cannot read */
export function cronTimes(rule: CronRule, after: number, count: number): number[] {
  const cron = cronOf(rule);
  const times: number[] = [];
  let last = after;
  while (times.length < count) {
    const next = cron.nextRun(new Date(last))?.getTime();
    // Whoever waits for the next time must never be given one that is over.
    if (next === undefined || next <= last) break;
    times.push(next);
    last = next;
  }
  return times;
}

function cronOf({ expression, zone }: CronRule): Cron {
  return new Cron(expression, {
    timezone: zone,
    mode: "5-or-6-parts",
    // "30 2,14 * * *" is meant as two fixed times, which no change of the clock should take away.
    fixedTimeRule: "no-wildcard",
  });
}

/** The first field of an expression that cannot be read; `undefined` if each of them can. */
export function badField(fields: readonly string[]): BadField | undefined {
  for (const [index, text] of fields.entries()) {
    const alone = fields.map((_, other) => other === index ? text : "*").join(" ");
    const named = FIELDS[fields.length - 1 - index];
    if (named !== undefined && !isReadable(alone)) return { text, ...named };
  }
  return undefined;
}

/** Whether an expression can be read at all. */
export function isReadable(expression: string): boolean {
  try {
    cronOf({ expression, zone: "UTC" });
    return true;
  } catch (cause) {
    if (cause instanceof Error) return false;
    throw cause;
  }
}

/** Whether the seconds of a field are nearer to each other than so many ms, over the minute's end too. */
export function isTooOften(seconds: string, shortestMs: number): boolean {
  const times = cronTimes({ expression: `${seconds} * * * * *`, zone: "UTC" }, 0, 61);
  return times.some((time, index) => {
    const next = times[index + 1];
    return time <= MINUTE_MS && next !== undefined && next - time < shortestMs;
  });
}
