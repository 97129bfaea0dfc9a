import assert from "node:assert/strict";
import { visibleWidth } from "@earendil-works/pi-tui";
import fc from "fast-check";
import {
  fittingPrefix,
  graphemes,
  isSimple,
  loadMeasure,
  shorten,
  textWidth,
} from "../../../src/repl/text_width.ts";

await loadMeasure();

Deno.test("what is counted here is what the editor counts, for every simple character", () => {
  let simple = 0;
  for (let code = 0x20; code <= 0x1ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (!isSimple(character)) continue;
    simple += 1;
    assert.equal(textWidth(character), visibleWidth(character), `U+${code.toString(16)}`);
    const pair = `${character}a漢${character}`;
    assert.equal(textWidth(pair), visibleWidth(pair), `U+${code.toString(16)} in a text`);
    const whole = [...new Intl.Segmenter().segment(pair)].map((part) => part.segment);
    assert.deepEqual(graphemes(pair), whole, `U+${code.toString(16)} is joined with no other`);
  }
  assert.ok(simple > 40_000, String(simple));
});

Deno.test("any text has the editor's width", () => {
  const text = fc.array(
    fc.oneof(
      fc.constantFrom("👩‍👩‍👧", "🇩🇪", "e\u0301", "👍🏽", "สวัสดี", "नमस्ते", "שלום", "✔️", "한글", "漢字"),
      fc.string({ unit: "grapheme", maxLength: 3 }),
    ),
    { maxLength: 12 },
  ).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (value, columns) => {
      assert.equal(textWidth(value), visibleWidth(value));
      assert.equal(graphemes(value).join(""), value);
      assert.ok(value.startsWith(fittingPrefix(value, columns)));
      if (columns > 2) assert.ok(textWidth(shorten(value, columns)) <= columns);
    }),
    { numRuns: 2_000, examples: [["𝅘𝅥𝅮 ", 3]] },
  );
});
