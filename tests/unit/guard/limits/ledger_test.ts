import assert from "node:assert/strict";
import fc from "fast-check";
import { type Ledger, RESERVATION_MS } from "../../../../src/guard/limits/ledger.ts";
import type { LimitSettings } from "../../../../src/guard/limits/span.ts";
import type { Wish } from "../../../../src/guard/limits/verdict.ts";
import { newLedger, NOON, UNLIMITED, used, wish } from "./ledgers.ts";

/** What may happen to requests, in any order. */
type Step =
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "set back"; readonly ms: number }
  | { readonly kind: "ask"; readonly input: number; readonly most: number; readonly turn: string }
  | { readonly kind: "settle"; readonly which: number; readonly share: number };

const ask: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("ask" as const),
  input: fc.integer({ min: 0, max: 90 }),
  most: fc.integer({ min: 1, max: 60 }),
  turn: fc.constantFrom("one", "two"),
});
const settle: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("settle" as const),
  which: fc.nat(40),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
const pass = (most: number): fc.Arbitrary<Step> =>
  fc.record({ kind: fc.constant("pass" as const), ms: fc.nat(most) });
const setBack: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("set back" as const),
  ms: fc.nat(100_000),
});

/** A request that went: what it counts with, and its true time, whatever the clock said. */
interface Gone {
  readonly id: number;
  readonly wish: Wish;
  readonly trueTime: number;
  readonly reserved: number;
  tokens: number;
}

/** Does the steps; `check` looks after each request that went. */
function live(
  ledger: Ledger,
  settings: LimitSettings,
  steps: readonly Step[],
  check: (gone: readonly Gone[], trueTime: number) => void,
): void {
  let [trueTime, clock] = [NOON, NOON];
  const gone: Gone[] = [];
  for (const step of steps) {
    if (step.kind === "pass") [trueTime, clock] = [trueTime + step.ms, clock + step.ms];
    else if (step.kind === "set back") clock -= step.ms;
    else if (step.kind === "ask") {
      const { input, most, turn } = step;
      const asked = wish({ input, most, least: Math.min(most, 5), turn });
      const answer = ledger.reserve(asked, settings, clock);
      if (answer.kind === "refused") continue;
      const { id, output } = answer;
      gone.push({ id, wish: asked, trueTime, reserved: output, tokens: input + output });
      check(gone, trueTime);
    } else {
      const one = gone[step.which];
      if (one === undefined) continue;
      const [input, output] = [one.wish.input, Math.floor(one.reserved * step.share)];
      one.tokens = input + output;
      ledger.settle(one.id, used(input, output), undefined);
    }
  }
}

const total = (gone: readonly Gone[]) => gone.reduce((sum, { tokens }) => sum + tokens, 0);

Deno.test("no minute holds more than the rates, whatever is settled or lost, and if the clock is set back", () => {
  const settings = { ...UNLIMITED, requests_per_minute: 6, tokens_per_minute: 300 };
  const steps = fc.array(fc.oneof(ask, ask, settle, pass(25_000), setBack), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      using ledger = newLedger();
      live(ledger, settings, all, (gone, now) => {
        const minute = gone.filter(({ trueTime }) => trueTime > now - 60_000);
        assert.ok(minute.length <= 6);
        assert.ok(total(minute) <= 300);
      });
    }),
    { numRuns: 150 },
  );
});

Deno.test("no turn and no day uses more than its cap, whatever is settled or lost", () => {
  const settings = { ...UNLIMITED, turn_tokens: 400, day_tokens: 700 };
  const steps = fc.array(fc.oneof(ask, ask, settle, pass(20_000)), { maxLength: 60 });
  fc.assert(
    fc.property(steps, (all) => {
      using ledger = newLedger();
      live(ledger, settings, all, (gone) => {
        assert.ok(total(gone) <= 700);
        for (const turn of ["one", "two"]) {
          assert.ok(total(gone.filter(({ wish }) => wish.turn === turn)) <= 400);
        }
      });
    }),
    { numRuns: 150 },
  );
});

Deno.test("no day costs more than its cap, whatever the price", () => {
  const settings = { ...UNLIMITED, day_cost: 0.000_001 };
  const request = fc.record({ input: fc.nat(90), most: fc.integer({ min: 1, max: 60 }) });
  const rate = fc.double({ min: 0, max: 9, noNaN: true });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 40 }), rate, rate, (requests, input, output) => {
      using ledger = newLedger();
      const price = { input, output, cached: input };
      for (const { input, most } of requests) {
        ledger.reserve(wish({ input, most, least: 1, price }), settings, NOON);
      }
      const [row] = ledger.database.all("SELECT coalesce(sum(cost), 0) AS cost FROM request");
      assert.ok(Number(row?.["cost"]) <= 1_000);
    }),
    { numRuns: 150 },
  );
});

Deno.test("what is refused says when it may go, and then it may", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, requests_per_minute: 2, requests_per_hour: 3 };
  for (const at of [0, 10_000]) ledger.reserve(wish(), settings, NOON + at);
  const minute = ledger.reserve(wish(), settings, NOON + 20_000);
  assert.ok(minute.kind === "refused");
  assert.deepEqual([minute.limit, minute.endsAt], ["requests_per_minute", NOON + 60_000]);
  assert.equal(ledger.reserve(wish(), settings, NOON + 59_999).kind, "refused");
  assert.equal(ledger.reserve(wish(), settings, NOON + 60_000).kind, "reserved");
  const hour = ledger.reserve(wish(), settings, NOON + 200_000);
  assert.ok(hour.kind === "refused");
  assert.deepEqual([hour.limit, hour.endsAt], ["requests_per_hour", NOON + 3_600_000]);
});

Deno.test("days and months end at the person's own midnight", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, day_tokens: 200, month_tokens: 250 };
  const midnight = new Date(2026, 2, 19).getTime();
  ledger.reserve(wish(), settings, NOON);
  const day = ledger.reserve(wish(), settings, midnight - 1);
  assert.ok(day.kind === "refused");
  assert.deepEqual([day.limit, day.endsAt], ["day_tokens", midnight]);
  assert.equal(ledger.reserve(wish(), settings, midnight).kind, "reserved");
  const month = ledger.reserve(wish(), settings, midnight + 86_400_000);
  assert.ok(month.kind === "refused");
  assert.deepEqual([month.limit, month.endsAt], ["month_tokens", new Date(2026, 3, 1).getTime()]);
});

Deno.test("what can never fit does not wait, and says so", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, tokens_per_minute: 100 };
  const answer = ledger.reserve(wish({ input: 100 }), settings, NOON);
  assert.ok(answer.kind === "refused");
  assert.equal(answer.endsAt, undefined);
});

Deno.test("a spending cap that leaves less than the answer may have shortens the answer", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, day_tokens: 130 };
  const answer = ledger.reserve(wish({ least: 10 }), settings, NOON);
  assert.ok(answer.kind === "reserved");
  assert.deepEqual([answer.output, answer.most], [30, 30]);
});

Deno.test("a reservation of a killed process ends, and counts with what was seen of its answer", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, day_tokens: 200 };
  const killed = wish({ input: 20, most: 150, least: 150 });
  const reserved = ledger.reserve(killed, settings, NOON);
  assert.ok(reserved.kind === "reserved");
  const { id } = reserved;
  ledger.grow(
    { id, wish: killed },
    { seen: 30, reserved: 150, output: 150 },
    settings,
    NOON + 1_000,
  );
  assert.equal(ledger.reserve(wish(), settings, NOON + 2_000).kind, "refused");
  const ended = NOON + 1_000 + RESERVATION_MS;
  assert.equal(ledger.reserve(wish(), settings, ended - 1).kind, "refused");
  assert.equal(ledger.reserve(wish(), settings, ended).kind, "reserved");
  assert.deepEqual(ledger.standing(settings, ended), [
    { limit: "day_tokens", used: 20 + 30 + 150, value: 200 },
  ]);
});

Deno.test("a clock that was a year ahead blocks for one window, not for a year", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, requests_per_minute: 1, requests_per_hour: 5 };
  assert.equal(ledger.reserve(wish(), settings, NOON + 365 * 86_400_000).kind, "reserved");
  const answer = ledger.reserve(wish(), settings, NOON);
  assert.ok(answer.kind === "refused");
  assert.equal(answer.endsAt, NOON + 60_000);
  assert.equal(ledger.reserve(wish(), settings, NOON + 60_000).kind, "reserved");
});

Deno.test("twenty may go at once, and then five a second", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, requests_per_minute: 50 };
  const kinds = (count: number, at: number) =>
    Array.from({ length: count }, () => ledger.reserve(wish(), settings, at).kind);
  assert.equal(kinds(30, NOON).filter((kind) => kind === "reserved").length, 20);
  assert.equal(kinds(30, NOON + 1_000).filter((kind) => kind === "reserved").length, 5);
});

Deno.test("a limit that is as good as used up is told once in its time", () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, requests_per_minute: 5, day_tokens: 1_000, turn_tokens: 500 };
  const near = (at: number, turn = "t") =>
    ledger.nearLimits(turn, settings, at).map(({ limit }) => limit);
  const go = (at: number) => ledger.reserve(wish(), settings, at);
  for (const at of [0, 1, 2]) go(NOON + at);
  assert.deepEqual(near(NOON + 3), ["turn_tokens"]);
  assert.deepEqual(near(NOON + 3), []);
  ledger.reserve(wish({ turn: "u" }), settings, NOON + 4);
  assert.deepEqual(near(NOON + 5, "u"), ["requests_per_minute"]);
  assert.deepEqual(near(NOON + 6, "u"), []);
  for (const at of [0, 1]) ledger.reserve(wish({ turn: "u" }), settings, NOON + 70_000 + at);
  assert.deepEqual(near(NOON + 70_002, "u"), ["turn_tokens", "day_tokens"]);
});

Deno.test("whatever a provider reports can be written down", () => {
  using ledger = newLedger();
  const price = { input: 1e9, output: 1e9, cached: 0 };
  fc.assert(fc.property(fc.double(), fc.double(), fc.double(), (input, output, cached) => {
    const reserved = ledger.reserve(wish({ price }), UNLIMITED, NOON);
    assert.ok(reserved.kind === "reserved");
    ledger.settle(reserved.id, used(input, output, cached), price);
  }));
  const [row] = ledger.database.all(
    "SELECT min(cost) AS least, max(cached - input) AS more FROM request",
  );
  assert.ok(Number(row?.["least"]) >= 0 && Number(row?.["more"]) <= 0);
});
