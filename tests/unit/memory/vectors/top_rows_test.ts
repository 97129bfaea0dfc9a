import assert from "node:assert/strict";
import fc from "fast-check";
import { TopRows } from "../../../../src/memory/vectors/top_rows.ts";

function best(scores: readonly number[], capacity: number): number[] {
  const top = new TopRows(capacity);
  for (const [row, score] of scores.entries()) top.offer(row, score);
  return top.rows();
}

Deno.test("the best rows come first, and no more than there is room for", () => {
  assert.deepEqual(best([0.1, 0.9, -1, 0.5], 2), [1, 3]);
  assert.deepEqual(best([0.1, 0.9], 5), [1, 0]);
  assert.deepEqual(best([], 3), []);
});

Deno.test("a score that is no number gets in nowhere", () => {
  assert.deepEqual(best([NaN, 0.5, NaN], 2), [1]);
});

Deno.test("what gets in is what a sort of all would begin with", () => {
  const scores = fc.array(fc.integer({ min: -1_000, max: 1_000 }), { maxLength: 200 });
  fc.assert(fc.property(scores, fc.integer({ min: 1, max: 40 }), (list, capacity) => {
    const sorted = list.toSorted((a, b) => b - a).slice(0, capacity);
    assert.deepEqual(best(list, capacity).map((row) => list[row]), sorted);
  }));
});
