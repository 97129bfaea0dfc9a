import assert from "node:assert/strict";
import fc from "fast-check";
import type { RankedPassage } from "../../../../src/memory/search/hit.ts";
import { fuseRanks } from "../../../../src/memory/vectors/fusion.ts";

function ranked(...passages: readonly (readonly [note: number, ordinal: number])[]) {
  return passages.map(([note, ordinal], at) => ({ note, ordinal, score: 100 - at }));
}

function names(passages: readonly RankedPassage[]): string[] {
  return passages.map(({ note, ordinal }) => `${note}/${ordinal}`);
}

Deno.test("a passage that both orders have stands before those that one of them has first", () => {
  const words = ranked([1, 0], [2, 0], [3, 0]);
  const near = ranked([4, 0], [3, 0], [5, 0]);
  assert.deepEqual(names(fuseRanks([words, near], 10)), ["3/0", "1/0", "4/0", "2/0", "5/0"]);
});

Deno.test("scores are the reciprocal places of the paper, whatever the lists' own scores are", () => {
  const [both, one] = fuseRanks([ranked([1, 0], [1, 1]), ranked([1, 0])], 10);
  assert.equal(both?.score, 2 / 61);
  assert.equal(one?.score, 1 / 62);
});

Deno.test("passages of the same note are told apart", () => {
  const fused = fuseRanks([ranked([1, 0], [1, 1]), ranked([1, 1])], 10);
  assert.deepEqual(names(fused), ["1/1", "1/0"]);
});

Deno.test("one list keeps its order, and none gives none", () => {
  assert.deepEqual(names(fuseRanks([ranked([7, 2], [1, 0], [7, 1])], 2)), ["7/2", "1/0"]);
  assert.deepEqual(fuseRanks([], 10), []);
  assert.deepEqual(fuseRanks([[], []], 10), []);
  assert.deepEqual(fuseRanks([ranked([1, 0])], 0), []);
});

Deno.test("every passage comes once, and the fused order falls", () => {
  const passage = fc.record({
    note: fc.integer({ min: 1, max: 5 }),
    ordinal: fc.integer({ min: 0, max: 3 }),
    score: fc.double({ noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(passage, { maxLength: 20 }), { maxLength: 4 }), (lists) => {
      const fused = fuseRanks(lists, 1_000);
      assert.deepEqual(new Set(names(fused)), new Set(names(lists.flat())));
      assert.equal(new Set(names(fused)).size, fused.length);
      assert.deepEqual(fused, fused.toSorted((a, b) => b.score - a.score));
      assert.ok(fused.every(({ score }) => score <= lists.length / 61));
    }),
  );
});
