/**
 * Ledgers in memory, and what tests ask of them.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { Ledger } from "../../../../src/guard/limits/ledger.ts";
import type { LimitSettings } from "../../../../src/guard/limits/span.ts";
import { USAGE_TABLES } from "../../../../src/guard/limits/tables.ts";
import { UsageDatabase } from "../../../../src/guard/limits/usage_database.ts";
import type { Usage } from "../../../../src/protocol/message.ts";
import type { Wish } from "../../../../src/guard/limits/verdict.ts";

/** Noon of a day in the middle of a month, in the tester's own time zone. */
export const NOON = new Date(2026, 2, 18, 12).getTime();

/** No limit at all. */
export const UNLIMITED: LimitSettings = {
  requests_per_minute: 0,
  requests_per_hour: 0,
  tokens_per_minute: 0,
  turn_tokens: 0,
  day_tokens: 0,
  month_tokens: 0,
  turn_cost: 0,
  day_cost: 0,
  month_cost: 0,
};

/** An empty ledger. */
export function newLedger(): Ledger {
  const db = new DatabaseSync(":memory:");
  db.exec(USAGE_TABLES);
  return new Ledger(new UsageDatabase(db));
}

/** A request of 100 tokens whose answer has 50 at most; no price. */
export function wish(changes: Partial<Wish> = {}): Wish {
  return {
    provider: "p",
    model: "m",
    session: "s",
    turn: "t",
    input: 100,
    most: 50,
    least: 50,
    price: undefined,
    paced: true,
    ...changes,
  };
}

/** What a request used. */
export function used(input_tokens: number, output_tokens: number, cached_tokens = 0): Usage {
  return { input_tokens, output_tokens, cached_tokens };
}
