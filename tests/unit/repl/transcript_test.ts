import assert from "node:assert/strict";
import { palette } from "../../../src/repl/style.ts";
import { matchEntry } from "../../../src/repl/transcript.ts";

const PIECES = [
  { text: "the boat needs red ", isMatch: false },
  { text: "paint", isMatch: true },
  { text: " before summer", isMatch: false },
];

Deno.test("a match is marked by stars where there is no colour, and lines keep their indent", () => {
  const entry = matchEntry(PIECES, palette({ color: false }));
  assert.deepEqual(entry(80), ["  the boat needs red **paint** before summer"]);
  assert.deepEqual(entry(20), ["  the boat needs red", "  **paint** before", "  summer"]);
});

Deno.test("a match stands out by its style where there is colour, also within a word", () => {
  const entry = matchEntry(
    [...PIECES.slice(0, 2), { text: "s", isMatch: false }],
    palette({ color: true }),
  );
  assert.deepEqual(entry(80), ["  the boat needs red \x1b[1;33mpaint\x1b[0ms"]);
});

Deno.test("a snippet without a match is a line too", () => {
  assert.deepEqual(matchEntry([{ text: "words", isMatch: false }], palette({ color: true }))(80), [
    "  words",
  ]);
});
