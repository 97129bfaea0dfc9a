/**
 * What is limited, over which time, and when such a time begins and ends. Days and months are the
 * person's own, in their time zone.
 * @module
 */

/** The limits by their names in the settings. 0: no limit. Costs are US dollars. */
export interface LimitSettings {
  readonly requests_per_minute: number;
  readonly requests_per_hour: number;
  readonly tokens_per_minute: number;
  readonly turn_tokens: number;
  readonly day_tokens: number;
  readonly month_tokens: number;
  readonly turn_cost: number;
  readonly day_cost: number;
  readonly month_cost: number;
}
/** The name of one limit. */
export type LimitName = keyof LimitSettings;

/** One limit: what is counted, and over which time. */
export interface Limit {
  readonly name: LimitName;
  readonly unit: "requests" | "tokens" | "cost";
  readonly span: Span;
}
/** `minute` and `hour` slide; a turn is a question with all that its answer takes. */
export type Span = "minute" | "hour" | "turn" | "day" | "month";

/** Every limit, the shortest time first. */
export const LIMITS: readonly Limit[] = [
  { name: "requests_per_minute", unit: "requests", span: "minute" },
  { name: "requests_per_hour", unit: "requests", span: "hour" },
  { name: "tokens_per_minute", unit: "tokens", span: "minute" },
  { name: "turn_tokens", unit: "tokens", span: "turn" },
  { name: "turn_cost", unit: "cost", span: "turn" },
  { name: "day_tokens", unit: "tokens", span: "day" },
  { name: "day_cost", unit: "cost", span: "day" },
  { name: "month_tokens", unit: "tokens", span: "month" },
  { name: "month_cost", unit: "cost", span: "month" },
];

/** How long a sliding span is, ms. */
export const SLIDING_MS = { minute: 60_000, hour: 3_600_000 } as const;

/** Billionths of a dollar: sums of them are exact. */
export const NANO_PER_DOLLAR = 1e9;

/** A limit's value in the unit in which it is counted; 0 if there is none. */
export function valueOf({ name, unit }: Limit, settings: LimitSettings): number {
  return unit === "cost" ? Math.round(settings[name] * NANO_PER_DOLLAR) : settings[name];
}

/** When a day or a month began, ms since 1970. */
export function startOf(span: "day" | "month", now: number): number {
  const date = new Date(now);
  const day = span === "day" ? date.getDate() : 1;
  return new Date(date.getFullYear(), date.getMonth(), day).getTime();
}

/** When the next day or month begins, ms since 1970. */
export function nextAfter(span: "day" | "month", now: number): number {
  const date = new Date(now);
  return span === "day"
    ? new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime()
    : new Date(date.getFullYear(), date.getMonth() + 1, 1).getTime();
}
