/**
 * What models used in a day, a week or a month.
 * @module
 */
import { nextAfter, startOf } from "./span.ts";
import type { Row } from "../../locking/locked_database.ts";
import type { UsageDatabase } from "./usage_database.ts";

/** `day`: today; `week`: the last seven days; `month`: since the first. */
export type Period = "day" | "week" | "month";
/** What usage is told apart by. */
export const USAGE_KEYS = ["provider", "model", "session"] as const;
/** What usage is told apart by. */
export type UsageKey = typeof USAGE_KEYS[number];

/** Sums of some requests. */
export interface UsageSum {
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** The part of the input that came from a provider's cache. */
  readonly cached_tokens: number;
  /** Billionths of a dollar. */
  readonly cost: number;
  /** Those whose price is unknown, so that their cost is not in it. */
  readonly unpriced_requests: number;
}

/** Sums of one provider, model (`provider/model`) or session. */
export interface NamedUsage extends UsageSum {
  /** Of requests without a session: empty. */
  readonly name: string;
}

/** A part of the period: an hour of a day, else a day. */
export interface UsageStep {
  /** Its beginning, ms since 1970. */
  readonly at: number;
  readonly tokens: number;
}

/** What models used. */
export interface UsageReport {
  readonly period: Period;
  /** Its beginning, ms since 1970. */
  readonly from: number;
  readonly total: UsageSum;
  /** The most used first. */
  readonly by: Readonly<Record<UsageKey, readonly NamedUsage[]>>;
  /** All of the period that has begun, in order. */
  readonly steps: readonly UsageStep[];
  /** The models whose price is unknown, as `provider/model`. */
  readonly unpriced: readonly string[];
}

/** So many of a kind are told apart; the rest is in the total only. */
const ROWS = 100;
const WEEK_DAYS = 7;
const HOUR_MS = 3_600_000;

const SUMS = `count(*) AS requests, coalesce(sum(input), 0) AS input,
  coalesce(sum(output), 0) AS output, coalesce(sum(cached), 0) AS cached,
  coalesce(sum(cost), 0) AS cost, count(*) - count(cost) AS unpriced`;
const NAMES: Readonly<Record<UsageKey, string>> = {
  provider: "provider",
  model: "provider || '/' || model",
  session: "session",
};

/** The report of a period that ends now. */
export function usageReport(db: UsageDatabase, period: Period, now: number): UsageReport {
  const from = beginOf(period, now);
  const [total] = db.all(`SELECT ${SUMS} FROM request WHERE at >= ?`, from);
  const grouped = (key: UsageKey) =>
    db.all(
      `SELECT ${NAMES[key]} AS name, ${SUMS} FROM request WHERE at >= ?
       GROUP BY 1 ORDER BY sum(input + output) DESC, 1 LIMIT ${ROWS}`,
      from,
    ).map((row) => ({ name: String(row["name"]), ...sumOf(row) }));
  const unpriced = db.all(
    `SELECT DISTINCT ${NAMES.model} AS name FROM request
     WHERE at >= ? AND cost IS NULL ORDER BY 1 LIMIT ${ROWS}`,
    from,
  );
  return {
    period,
    from,
    total: sumOf(total ?? {}),
    by: { provider: grouped("provider"), model: grouped("model"), session: grouped("session") },
    steps: stepsOf(period, from, now).map(({ at, end }) => ({
      at,
      tokens: db.number(
        "SELECT coalesce(sum(input + output), 0) FROM request WHERE at >= ? AND at < ?",
        ...[at, end],
      ),
    })),
    unpriced: unpriced.map(({ name }) => String(name)),
  };
}

function beginOf(period: Period, now: number): number {
  if (period !== "week") return startOf(period, now);
  const today = new Date(now);
  const day = today.getDate() - WEEK_DAYS + 1;
  return new Date(today.getFullYear(), today.getMonth(), day).getTime();
}

/** Days have 23 to 25 hours, so their ends are looked up and not counted. */
function stepsOf(period: Period, from: number, now: number): { at: number; end: number }[] {
  const steps: { at: number; end: number }[] = [];
  for (let at = from; at <= now;) {
    const end = period === "day" ? at + HOUR_MS : nextAfter("day", at);
    steps.push({ at, end });
    at = end;
  }
  return steps;
}

function sumOf(row: Row): UsageSum {
  const number = (name: string) => Number(row[name] ?? 0);
  return {
    requests: number("requests"),
    input_tokens: number("input"),
    output_tokens: number("output"),
    cached_tokens: number("cached"),
    cost: number("cost"),
    unpriced_requests: number("unpriced"),
  };
}
