import fc from "fast-check";
import assert from "node:assert/strict";
import { parseQuery, QUERY_LIMIT } from "../../../../src/memory/search/query.ts";
import { NoteDatabase } from "./note_database.ts";

function parsed(query: string): string[] {
  return parseQuery(query).map(({ kind, text, isExcluded }) =>
    `${isExcluded ? "not " : ""}${kind} ${text}`
  );
}

Deno.test("words, phrases, beginnings and what is left out are told apart", () => {
  assert.deepEqual(parsed('deno* "night train" -car -"two words" x-y user:me'), [
    "prefix deno",
    "phrase night train",
    "not words car",
    "not phrase two words",
    "words x-y",
    "words user:me",
  ]);
});

Deno.test("quotation marks of other keyboards work, and one that is never closed ends with the query", () => {
  assert.deepEqual(parsed("“night train” more"), ["phrase night train", "words more"]);
  assert.deepEqual(parsed('"night train'), ["phrase night train"]);
});

Deno.test("what the query language of the index knows is just words", () => {
  assert.deepEqual(parsed("a OR b AND (c NOT d) NEAR(e, 2) ^f {path}: g"), [
    ..."a|OR|b|AND|(c|NOT|d)|NEAR(e,|2)|^f|{path}:|g".split("|").map((word) => `words ${word}`),
  ]);
});

Deno.test("a query is read up to a thousand units and 32 parts", () => {
  assert.equal(parseQuery("word ".repeat(1_000_000)).length, 32);
  const [only] = parseQuery("x".repeat(1_000_000));
  assert.equal(only?.text.length, QUERY_LIMIT);
});

const NOTES = {
  "user/a.md": "The night train to Vienna. 東京都 ข้าวผัด naïve café 😀 42 ½ ⑴ don't C++ a_b",
  "user/b.md": "---\nsummary: s\nkeywords: [k]\n---\n# Head\n\ntext path body heading NEAR OR",
};

/** Pieces that have a meaning somewhere: to FTS5, to our parser, to SQL, to JSON, to GLOB. */
const PIECES = [
  ..."\" “ ” ' * - -- + ^ : ( ) { } [ ] AND OR NOT NEAR NEAR/2 , ; % _ ? \\ / . $1 :x \0 \n \t"
    .split(" "),
  ..."night trai train* -vienna path: 東 京都 ข้าว ก็ 😀 \u200d \u0301 ½ ⑴ ﷺ ß İ \ud800 \udc00 2023-01-19"
    .split(" "),
  ...'1999年13月99日 may 9999 a\'s \'\' "" -" *" -* "-a" x'.split(" "),
];

const queries = fc.oneof(
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.constantFrom(...PIECES, " "), { maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
);

Deno.test("100,000 random queries over all of Unicode are read", () => {
  fc.assert(
    fc.property(queries, (query) => {
      for (const { text } of parseQuery(query)) {
        assert.ok(text.isWellFormed() && !text.includes("\0"));
        assert.ok(text.length <= QUERY_LIMIT);
      }
    }),
    { numRuns: 100_000 },
  );
});

Deno.test("a random query is never an error to the index", async () => {
  using base = await NoteDatabase.of(NOTES);
  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
      for (const hit of await base.search(query)) {
        assert.ok(hit.score > 0 && Number.isFinite(hit.score));
        assert.ok(hit.file in NOTES);
      }
    }),
    { numRuns: 4_000 },
  );
});

Deno.test("a query of a megabyte, of one sign or of many, is answered", async () => {
  using base = await NoteDatabase.of(NOTES);
  for (const query of ["train ", "x", '"', "-", "*", "東", "\ud800", "\0", "é", "a\u0301"]) {
    await base.search(query.repeat(1_000_000 / query.length));
  }
});
