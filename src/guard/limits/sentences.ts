/**
 * What a person is told of limits.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { LimitUse } from "./ledger.ts";
import { type LimitName, LIMITS, NANO_PER_DOLLAR } from "./span.ts";
import type { Refused } from "./verdict.ts";

/** The code of the error when a limit is reached. */
export const LIMIT_REACHED = "limit_reached";

/** `$0.42`, and as many places as it takes for less than a cent. */
export function dollars(nano: number): string {
  const value = nano / NANO_PER_DOLLAR;
  if (value === 0 || value >= 0.01) return `$${grouped(value.toFixed(2))}`;
  return value < 0.0001 ? "less than $0.0001" : `$${value.toFixed(4)}`;
}

/** `12,345`. */
export function count(value: number): string {
  return grouped(String(Math.round(value)));
}

/** `23 s`, `5 min`, `3 h`: rounded up, so that whoever waits that long may go. */
export function waitText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.ceil(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
}

/** A limit with its value: `50 requests a minute`, `$2.00 a day`. */
export function limitText(name: LimitName, value: number): string {
  const { unit, span } = limitOf(name);
  const units = value === 1 ? unit.slice(0, -1) : unit;
  const amount = unit === "cost" ? dollars(value) : `${count(value)} ${units}`;
  return `${amount} ${span === "hour" ? "an hour" : span === "turn" ? "a question" : `a ${span}`}`;
}

/** The sentence of a limit that is as good as used up. */
export function nearSentence({ limit, used, value }: LimitUse): string {
  const { unit } = limitOf(limit);
  const amount = unit === "cost" ? dollars(used) : count(used);
  const percent = Math.floor(used / value * 100);
  return `${amount} of ${limitText(limit, value)} are used (${percent} %)`;
}

/** The sentence of a limit that is reached, with when it ends. */
export function reachedSentence(refused: Refused, now: number): string {
  const { limit, value, want, used, endsAt = now } = refused;
  const left = waitText(endsAt - now);
  if (limit === "burst") return `too many requests at once; the next may go in ${left}`;
  const { unit, span } = limitOf(limit);
  const amount = (it: number) => unit === "cost" ? dollars(it) : `${count(it)} ${unit}`;
  const is = `the limit of ${limitText(limit, value)}`;
  if (want > value) return `this needs up to ${amount(want)}, which ${is} never allows`;
  if (span === "turn") return `this question has used ${amount(used)}, and ${is} is reached`;
  if (span === "minute" || span === "hour") return `${is} is reached; the next may go in ${left}`;
  const begin = span === "day" ? "at midnight" : "on the first of the month";
  return `${is} is reached, ${amount(used)} are used; it begins anew ${begin}, in ${left}`;
}

/** The error for a request that may not go. */
export function limitReached(refused: Refused, now: number): PyraError {
  const { limit, want, value } = refused;
  const name = limit === "burst" ? "requests_per_minute" : limit;
  const raise = `raise limits.${name} with pyra config set`;
  const first = limit === "burst"
    ? "wait"
    : want > value
    ? "ask for less"
    : limitOf(limit).span === "turn"
    ? "ask again to go on"
    : "wait";
  return new PyraError("permission", LIMIT_REACHED, reachedSentence(refused, now), {
    hint: `${first}, or ${raise}`,
  });
}

/** The sentence for a model whose price is not known, where money is limited. */
export function unpricedSentence(provider: string, model: string): string {
  return `the price of ${provider}/${model} is unknown, so the limits in money do not count it; ` +
    "limits.prices can name it";
}

function limitOf(name: LimitName) {
  const limit = LIMITS.find((one) => one.name === name);
  // A planted mistake is caught by the test that goes through all names.
  if (limit === undefined) throw new TypeError(`no limit ${name} in the table`);
  return limit;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+(?!\d))/g, ",");
}
