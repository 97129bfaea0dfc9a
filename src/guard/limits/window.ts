/**
 * The arithmetic of rates: a sliding window that bounds, and a token bucket that smooths.
 * @module
 */

/** Something that was counted at a time. */
export interface Counted {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly amount: number;
}

/**
 * When `want` more fit into a sliding window, so that no window of that length ever holds more than
 * `limit`; `now` if they do already, `undefined` if they never do.
 * @param counted what the window holds, the oldest first; none later than `now`
 */
export function fitsAt(
  counted: readonly Counted[],
  { limit, want, spanMs, now }: {
    readonly limit: number;
    readonly want: number;
    readonly spanMs: number;
    readonly now: number;
  },
): number | undefined {
  if (want > limit) return undefined;
  let held = 0;
  for (const { amount } of counted) held += amount;
  let at = now;
  for (const one of counted) {
    if (held + want <= limit) break;
    held -= one.amount;
    at = Math.max(at, one.at + spanMs);
  }
  return at;
}

/** A token bucket: it holds so many at most, and is filled again at a constant rate. */
export interface Bucket {
  readonly capacity: number;
  readonly perMs: number;
}

/** How full a bucket was, and when. */
export interface BucketLevel {
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One token taken from a bucket, or how long to wait for one, ms. */
export function take(
  { capacity, perMs }: Bucket,
  before: BucketLevel | undefined,
  now: number,
): { readonly kind: "taken"; readonly after: BucketLevel } | {
  readonly kind: "empty";
  readonly waitMs: number;
} {
  // A clock that was set back fills nothing, and takes nothing away.
  const passed = before === undefined ? 0 : Math.max(0, now - before.at);
  const level = Math.min(capacity, (before?.level ?? capacity) + passed * perMs);
  return level >= 1
    ? { kind: "taken", after: { level: level - 1, at: now } }
    : { kind: "empty", waitMs: Math.ceil((1 - level) / perMs) };
}
