import assert from "node:assert/strict";
import fc from "fast-check";
import { AnswerView } from "../../../src/repl/answer_view.ts";
import { palette } from "../../../src/repl/style.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import { answerEntry } from "../../../src/repl/transcript.ts";
import { TOUR } from "../../fakes/scripted_conversation.ts";

await loadMeasure();
const layout = { palette: palette({ color: true }), rows: () => 1_000 };

Deno.test("finished lines and the open block are together what printing at once gives", () => {
  const cuts = fc.array(fc.nat(TOUR.length), { maxLength: 30 });
  fc.assert(
    fc.property(cuts, fc.integer({ min: 10, max: 60 }), (places, columns) => {
      const view = new AnswerView(columns, layout);
      const shown: string[] = [];
      const sorted = [0, ...places.sort((a, b) => a - b), TOUR.length];
      for (const [index, end] of sorted.slice(1).entries()) {
        shown.push(...view.push(TOUR.slice(sorted[index], end), columns));
        const whole = answerEntry(TOUR.slice(0, end), layout.palette)(columns);
        assert.deepEqual([...shown, ...view.render(columns)], whole);
      }
      shown.push(...view.end());
      assert.deepEqual(shown, answerEntry(TOUR, layout.palette)(columns));
      assert.deepEqual(view.render(columns), []);
    }),
    { numRuns: 300 },
  );
});

Deno.test("after a new width only what is not yet finished follows", () => {
  const view = new AnswerView(20, layout);
  view.push("first paragraph\n\nsecond paragraph that is", 20);
  const finished = view.entry(40);
  assert.deepEqual(finished, ["first paragraph", ""]);
  assert.deepEqual(view.render(40), ["second paragraph that is"]);
  const rest = [...view.push(" longer than forty columns\n", 40), ...view.end()];
  assert.deepEqual(
    [...finished, ...rest],
    answerEntry(
      "first paragraph\n\nsecond paragraph that is longer than forty columns\n",
      layout.palette,
    )(40),
  );
});

Deno.test("an open block that is too tall shows its end", () => {
  const view = new AnswerView(20, { ...layout, rows: () => 3 });
  view.push("| a | b |\n|---|---|\n" + "| 1 | 2 |\n".repeat(20), 20);
  assert.equal(view.render(20).length, 3);
});
