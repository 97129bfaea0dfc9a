import fc from "fast-check";
import assert from "node:assert/strict";
import { snippetOf } from "../../../../src/memory/search/snippet.ts";
import { analyserOf } from "../../../../src/memory/text/analysers.ts";
import { marked, NoteDatabase } from "./note_database.ts";

Deno.test("marks fit the text as it was written, though it was found folded and stemmed", async () => {
  using base = await NoteDatabase.of({
    "a.md": "Straßen und CAFÉS: die Häuser sind alt, und ich bin es auch.",
    "b.md": "Die 東京都 ist eine Stadt, und sie ist nicht klein.",
  });
  const [hit] = await base.search("strasse cafe haus");
  assert.ok(hit !== undefined);
  assert.deepEqual(marked(hit), ["Straßen", "CAFÉS", "Häuser"]);
  const [other] = await base.search("東京都");
  assert.ok(other !== undefined);
  assert.deepEqual(marked(other), ["東京都"]);
});

Deno.test("a snippet is cut where the most of the query stands, and shows that it was cut", async () => {
  const filler = "nothing of interest is here and it goes on. ".repeat(8);
  using base = await NoteDatabase.of({
    "a.md": `A train. ${filler}The night train to Vienna leaves.\n\n${filler}`,
  });
  const [hit] = await base.search("night train vienna");
  assert.ok(hit !== undefined);
  assert.deepEqual(marked(hit), ["night", "train", "Vienna"]);
  assert.match(hit.snippet.text, /^….*…$/u);
  assert.ok(hit.snippet.text.length < 170);
});

Deno.test("the line of a hit is that of its best match within the passage", async () => {
  using base = await NoteDatabase.of({
    "a.md": "# Lists\n\n- apples\n- pears\n- the night train\n- plums",
  });
  const [hit] = await base.search("night train");
  assert.equal(hit?.line, 5);
});

Deno.test("a note that is found by its name or summary shows its beginning", async () => {
  using base = await NoteDatabase.of({
    "vienna/trip.md": "---\nsummary: Sacher\n---\nWe went by train.",
  });
  for (const query of ["vienna", "sacher"]) {
    const [hit] = await base.search(query);
    assert.deepEqual(hit?.snippet, { text: "We went by train.", marks: [] });
    assert.equal(hit?.line, 4);
  }
});

const texts = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 40 }),
    fc.constantFrom("train", " night ", "\n", "  ", "👩‍👩‍👧‍👦", "ที่นี่", "e\u0301", "\r\n\r\n", "Trains,"),
  ),
  { maxLength: 60 },
).map((parts) => parts.join(""));

Deno.test("a snippet is one line of whole signs, and each mark is a match", async () => {
  const analyser = await analyserOf("en");
  const weights = new Map([["train", 1], ["night", 2], ["ที่", 1]]);
  fc.assert(
    fc.property(texts, (text) => {
      const { snippet, linesBefore } = snippetOf(text, analyser, weights);
      assert.doesNotMatch(snippet.text, /[\n\r\t]| {2}/u);
      assert.ok(snippet.text.isWellFormed() || !text.isWellFormed());
      assert.ok(snippet.text.length <= 200);
      assert.ok(linesBefore < text.split("\n").length);
      let last = -1;
      for (const [start, end] of snippet.marks) {
        assert.ok(start > last && end > start && end <= snippet.text.length);
        const terms = [...analyser.terms(snippet.text.slice(start, end))].map((term) => term.text);
        assert.ok(terms.some((term) => weights.has(term)), snippet.text.slice(start, end));
        last = end;
      }
    }),
    { numRuns: 3_000 },
  );
});
