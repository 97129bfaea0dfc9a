import fc from "fast-check";
import assert from "node:assert/strict";
import { dateFinder, termsOfDate } from "../../../../src/memory/text/dates.ts";

function found(text: string, language = ""): string[] {
  return dateFinder(language)(text).flatMap(termsOfDate);
}

Deno.test("a day is the same day however it is written", () => {
  for (
    const text of [
      "19 January, 2023",
      "4:04 pm on 19 January 2023.",
      "January 19th, 2023",
      "Jan 19, 2023",
      "the 19th of January 2023",
      "2023-01-19T10:00:00Z",
      "2023/1/19",
      "19.1.2023",
      "2023年1月19日",
      "2023년 1월 19일",
    ]
  ) assert.deepEqual(found(text), ["m202301", "d20230119"], text);
});

Deno.test("months are known in the note's language too", () => {
  assert.deepEqual(found("am 3. März 2024", "de"), ["m202403", "d20240303"]);
  assert.deepEqual(found("le 1er août 2020", "fr"), ["m202008", "d20200801"]);
  assert.deepEqual(found("3 de mayo de 2021", "es"), ["m202105", "d20210503"]);
  assert.deepEqual(found("5 мая 2020 г.", "ru"), ["m202005", "d20200505"]);
});

Deno.test("a month stands for itself, and a year for nothing", () => {
  assert.deepEqual(found("in May 2023"), ["m202305"]);
  assert.deepEqual(found("2023-05"), ["m202305"]);
  assert.deepEqual(found("in 2023"), []);
});

Deno.test("what is no date is none", () => {
  for (
    const text of ["2023-13-01", "99.99.2023", "12023-01-012", "we may 20235", "0x2023-1", "v1.2.3"]
  ) {
    assert.deepEqual(found(text), [], text);
  }
});

Deno.test("any text in any language has a bounded number of dates", () => {
  const finders = ["", "de", "tr", "ar", "hi"].map(dateFinder);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(9_999), (text, year) => {
      for (const find of finders) find(`${text} ${year} ${text}`);
    }),
    { numRuns: 500 },
  );
  assert.ok(found("2023-01-19 ".repeat(10_000)).length <= 100);
});
