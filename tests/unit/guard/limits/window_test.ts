import assert from "node:assert/strict";
import fc from "fast-check";
import { fitsAt, take } from "../../../../src/guard/limits/window.ts";

const spanMs = 1_000;

Deno.test("whatever is let in when it fits, no window ever holds more than the limit", () => {
  const steps = fc.array(fc.record({ after: fc.nat(700), want: fc.integer({ min: 1, max: 12 }) }));
  fc.assert(fc.property(steps, fc.integer({ min: 1, max: 30 }), (wishes, limit) => {
    let now = 0;
    const all: { at: number; amount: number }[] = [];
    for (const { after, want } of wishes) {
      now += after;
      const counted = all.filter(({ at }) => at > now - spanMs);
      const at = fitsAt(counted, { limit, want, spanMs, now });
      assert.equal(at === undefined, want > limit);
      if (at === undefined) continue;
      now = at;
      all.push({ at: now, amount: want });
      for (const { at: end } of all) {
        const held = all.filter(({ at }) => at > end - spanMs && at <= end);
        assert.ok(held.reduce((sum, { amount }) => sum + amount, 0) <= limit);
      }
    }
  }));
});

Deno.test("the time at which it fits is the first one", () => {
  const counted = [{ at: 100, amount: 3 }, { at: 400, amount: 5 }, { at: 900, amount: 2 }];
  const at = (want: number) => fitsAt(counted, { limit: 10, want, spanMs, now: 950 });
  assert.deepEqual([1, 3, 4, 8, 9, 10].map(at), [1_100, 1_100, 1_400, 1_400, 1_900, 1_900]);
});

Deno.test("a bucket never gives more than it holds and than has flowed in", () => {
  const bucket = { capacity: 20, perMs: 5 / 1_000 };
  fc.assert(fc.property(fc.array(fc.integer({ min: -300, max: 900 })), (steps) => {
    let [now, passed, taken] = [1_000, 0, 0];
    let level: { level: number; at: number } | undefined;
    for (const step of steps) {
      now += step;
      passed += Math.max(0, step);
      const answer = take(bucket, level, now);
      if (answer.kind === "taken") {
        level = answer.after;
        taken++;
        assert.ok(taken <= bucket.capacity + passed * bucket.perMs + 1e-9);
      } else {
        assert.ok(answer.waitMs > 0 && answer.waitMs <= 200, "it is never long empty");
        const later = Math.max(now, level?.at ?? now) + answer.waitMs;
        assert.equal(take(bucket, level, later).kind, "taken");
      }
    }
  }));
});
