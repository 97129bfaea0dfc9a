import assert from "node:assert/strict";
import {
  dollars,
  limitReached,
  nearSentence,
  reachedSentence,
  waitText,
} from "../../../../src/guard/limits/sentences.ts";
import { LIMITS } from "../../../../src/guard/limits/span.ts";
import type { Refused } from "../../../../src/guard/limits/verdict.ts";
import { NOON } from "./ledgers.ts";

function refused(changes: Partial<Refused>): Refused {
  const base = { kind: "refused", limit: "requests_per_minute", value: 50, want: 1 } as const;
  return { ...base, used: 50, endsAt: NOON + 22_400, hasBegun: false, ...changes };
}

Deno.test("a reached limit is named with its value and its end", () => {
  const told: readonly (readonly [Partial<Refused>, string])[] = [
    [{}, "the limit of 50 requests a minute is reached; the next may go in 23 s"],
    [
      { limit: "requests_per_hour", value: 500, endsAt: NOON + 1_200_000 },
      "the limit of 500 requests an hour is reached; the next may go in 20 min",
    ],
    [
      { limit: "tokens_per_minute", value: 100_000, want: 120_000, endsAt: undefined },
      "this needs up to 120,000 tokens, which the limit of 100,000 tokens a minute never allows",
    ],
    [
      { limit: "turn_tokens", value: 1_000_000, used: 999_000, endsAt: undefined },
      "this question has used 999,000 tokens, and the limit of 1,000,000 tokens a question is reached",
    ],
    [
      { limit: "day_cost", value: 2e9, used: 1.995e9, want: 1e7, endsAt: NOON + 43_200_000 },
      "the limit of $2.00 a day is reached, $2.00 are used; it begins anew at midnight, in 12 h",
    ],
    [
      { limit: "month_tokens", value: 5_000, used: 4_990, want: 50, endsAt: NOON + 9 * 86_400_000 },
      "the limit of 5,000 tokens a month is reached, 4,990 tokens are used; " +
      "it begins anew on the first of the month, in 9 days",
    ],
    [
      { limit: "burst", value: 20, endsAt: NOON + 120 },
      "too many requests at once; the next may go in 1 s",
    ],
  ];
  for (const [changes, sentence] of told) {
    assert.equal(reachedSentence(refused(changes), NOON), sentence);
  }
});

Deno.test("every limit has its sentences, and a hint that names its setting", () => {
  for (const { name } of LIMITS) {
    const error = limitReached(refused({ limit: name }), NOON);
    assert.match(error.hint, new RegExp(`limits\\.${name} with pyra config set`));
    assert.equal(error.code, "limit_reached");
    assert.match(nearSentence({ limit: name, used: 80, value: 100 }), / of .* used \(80 %\)$/);
  }
});

Deno.test("a wait is never told shorter than it is", () => {
  const told = [0, 1, 1_000, 1_001, 119_000, 120_001, 7_200_000, 7_200_001, 172_800_001];
  assert.deepEqual(told.map(waitText), [
    "1 s",
    "1 s",
    "1 s",
    "2 s",
    "119 s",
    "3 min",
    "2 h",
    "3 h",
    "3 days",
  ]);
});

Deno.test("dollars have cents, and as many places as little money needs", () => {
  const told = [0, 1, 120_000, 9_900_000, 10_000_000, 1_234_567_890_000];
  assert.deepEqual(told.map(dollars), [
    "$0.00",
    "less than $0.0001",
    "$0.0001",
    "$0.0099",
    "$0.01",
    "$1,234.57",
  ]);
});
