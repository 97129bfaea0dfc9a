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

Deno.test("a note that both orders have stands before those that one of them has first", () => {
  const words = ranked([1, 0], [2, 0], [3, 0]);
  const near = ranked([4, 0], [3, 0], [5, 0]);
  assert.deepEqual(names(fuseRanks([words, near], 10)), ["3/0", "1/0", "4/0", "2/0", "5/0"]);
});

Deno.test("scores are reciprocal places, whatever the lists' own scores are", () => {
  const [both, one] = fuseRanks([ranked([1, 0], [2, 1]), ranked([1, 0])], 10);
  assert.equal(both?.score, 2 / 11);
  assert.equal(one?.score, 1 / 12);
});

Deno.test("a note is placed among notes, however many passages stand before it", () => {
  const many = ranked([1, 0], [1, 1], [1, 2], [1, 3], [2, 0]);
  assert.equal(fuseRanks([many], 10)[1]?.score, 1 / 12);
  const split = ranked([1, 3], [2, 0], [2, 1]);
  assert.deepEqual(names(fuseRanks([ranked([2, 0], [2, 1], [2, 2], [1, 3]), split], 1)), ["2/0"]);
});

Deno.test("a note stands by the passage that the lists agree on", () => {
  assert.deepEqual(names(fuseRanks([ranked([1, 0], [1, 1]), ranked([1, 1], [1, 2])], 10)), ["1/1"]);
  assert.deepEqual(names(fuseRanks([ranked([1, 4], [1, 5]), ranked([1, 6])], 10)), ["1/4"]);
});

Deno.test("one list keeps its order, and none gives none", () => {
  assert.deepEqual(names(fuseRanks([ranked([7, 2], [1, 0], [7, 1], [3, 0])], 2)), ["7/2", "1/0"]);
  assert.deepEqual(fuseRanks([], 10), []);
  assert.deepEqual(fuseRanks([[], []], 10), []);
  assert.deepEqual(fuseRanks([ranked([1, 0])], 0), []);
});

Deno.test("every note comes once, by a passage that was given, and the fused order falls", () => {
  const passage = fc.record({
    note: fc.integer({ min: 1, max: 5 }),
    ordinal: fc.integer({ min: 0, max: 3 }),
    score: fc.double({ noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(passage, { maxLength: 20 }), { maxLength: 4 }), (lists) => {
      const fused = fuseRanks(lists, 1_000);
      const given = new Set(names(lists.flat()));
      assert.ok(names(fused).every((name) => given.has(name)));
      const notes = fused.map(({ note }) => note);
      assert.equal(new Set(notes).size, notes.length);
      assert.deepEqual(new Set(notes), new Set(lists.flat().map(({ note }) => note)));
      assert.deepEqual(fused, fused.toSorted((a, b) => b.score - a.score));
      assert.ok(fused.every(({ score }) => score <= lists.length / 11));
    }),
  );
});
