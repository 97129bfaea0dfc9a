/**
 * Whether a request may go, and what it may use.
 * @module
 */
import { costOf, type Price } from "./price.ts";
import { type Limit, type LimitName, LIMITS, type LimitSettings, valueOf } from "./span.ts";
import type { SpanSums } from "./span_sums.ts";

/** A request that wants to go. */
export interface Wish {
  readonly provider: string;
  readonly model: string;
  /** Empty if it belongs to no conversation. */
  readonly session: string;
  readonly turn: string;
  /** Estimated tokens. */
  readonly input: number;
  /** Tokens that the answer may have. */
  readonly most: number;
  /** It goes as well if a spending cap leaves only so many for the answer; `most` at most. */
  readonly least: number;
  /** `undefined` if unknown: then it counts in tokens only. */
  readonly price: Price | undefined;
  /** Whether the rates hold it; spending caps hold everything. */
  readonly paced: boolean;
}

/** A request that may not go now. */
export interface Refused {
  readonly kind: "refused";
  /** `burst`: too many at the same moment. */
  readonly limit: LimitName | "burst";
  /** The limit's value, as it is counted: costs are billionths of a dollar. */
  readonly value: number;
  /** What it would need at least. */
  readonly want: number;
  readonly used: number;
  /** When it may go, ms since 1970; `undefined`: not by waiting. */
  readonly endsAt: number | undefined;
  /** Whether its turn has asked before: there is work to lose. */
  readonly hasBegun: boolean;
}

/** The limit that holds a request back longest; `undefined` if none does. */
export function refusalOf(
  wish: Wish,
  settings: LimitSettings,
  sums: SpanSums,
): Refused | undefined {
  const { input, most, least, price } = wish;
  const limits = wish.paced ? LIMITS : LIMITS.filter(isSpending);
  return longest(limits.map((limit) => {
    const value = valueOf(limit, settings);
    if (limit.unit === "requests") return check(limit, { value, want: 1 }, sums);
    // A rate has room again soon, so its whole answer is waited for, if it can ever have it.
    const tokens = limit.span === "minute"
      ? Math.max(input + least, Math.min(input + most, value))
      : input + least;
    const cost = costOf(price, { input_tokens: input, output_tokens: least, cached_tokens: 0 });
    return check(limit, { value, want: limit.unit === "tokens" ? tokens : cost ?? 0 }, sums);
  }));
}

/** The spending cap that refuses an answer so many more tokens; `undefined` if none does. */
export function refusalOfMore(
  more: number,
  { price }: Wish,
  settings: LimitSettings,
  sums: SpanSums,
): Refused | undefined {
  const cost = costOf(price, { input_tokens: 0, output_tokens: more, cached_tokens: 0 });
  return longest(
    LIMITS.filter(isSpending).map((limit) => {
      const want = limit.unit === "cost" ? cost ?? 0 : more;
      return check(limit, { value: valueOf(limit, settings), want }, sums);
    }),
  );
}

/**
 * Tokens that are left for an answer, as far as they matter: by all limits, and by the spending caps
 * alone. Neither is below `least`.
 */
export function roomForAnswer(
  { input, most, least, price, paced }: Wish,
  settings: LimitSettings,
  sums: SpanSums,
): { readonly reserved: number; readonly spendable: number } {
  let [reserved, spendable] = [most, most];
  for (const limit of LIMITS) {
    const value = valueOf(limit, settings);
    if (value <= 0 || limit.unit === "requests") continue;
    if (!paced && !isSpending(limit)) continue;
    const left = value - sums.used(limit);
    let room = Infinity;
    if (limit.unit === "tokens") room = left - input;
    else if (price !== undefined && price.output > 0) {
      // A billionth is lost where costs are rounded up.
      room = Math.floor((left - 1 - input * price.input) / price.output);
    }
    reserved = Math.min(reserved, room);
    if (isSpending(limit)) spendable = Math.min(spendable, room);
  }
  return { reserved: Math.max(least, reserved), spendable: Math.max(least, spendable) };
}

function isSpending({ span }: Limit): boolean {
  return span !== "minute" && span !== "hour";
}

function check(
  limit: Limit,
  { value, want }: { readonly value: number; readonly want: number },
  sums: SpanSums,
): Refused | undefined {
  if (value <= 0 || want <= 0) return undefined;
  const used = sums.used(limit);
  if (used + want <= value) return undefined;
  const hasBegun = sums.used({ unit: "requests", span: "turn" }) > 0;
  const endsAt = sums.fitsAt(limit, value, want);
  return { kind: "refused", limit: limit.name, value, want, used, endsAt, hasBegun };
}

function longest(refusals: readonly (Refused | undefined)[]): Refused | undefined {
  const all = refusals.filter((one) => one !== undefined);
  const until = ({ endsAt = Infinity }: Refused) => endsAt;
  return all.toSorted((a, b) => until(b) === until(a) ? 0 : until(b) - until(a))[0];
}
