import assert from "node:assert/strict";
import fc from "fast-check";
import { visibleWidth } from "@earendil-works/pi-tui/dist/utils.js";
import { byteText, jsonText, localTime, shorten, table } from "../../../src/commands/output.ts";
import { causeLines, errorLine, oneLine } from "../../../src/commands/errors.ts";
import { PyraError } from "../../../src/protocol/error.ts";

Deno.test("columns align, wide characters and emoji included", () => {
  const head = [{ title: "name" }, { title: "n", align: "right" }] as const;
  assert.equal(
    table(head, [["日本", "1"], ["👩‍👩‍👧", "20"], ["é", "300"]], undefined),
    "name    n\n日本    1\n👩‍👩‍👧     20\né     300\n",
  );
});

Deno.test("of a path the end is kept, and a column keeps the width that it needs", () => {
  const head = [
    { title: "name", shrinks: true, least: 12, keeps: "end" },
    { title: "size", align: "right", optional: true },
    { title: "text", shrinks: true },
  ] as const;
  const rows = [["folder/of/notes/bread.md", "3 kB", "how bread is made"]];
  assert.equal(
    table(head, rows, 34),
    "name           size  text\n…tes/bread.md  3 kB  how bread is…\n",
  );
  assert.equal(table(head, rows, 24), "name          text\n…es/bread.md  how bread…\n");
  assert.equal(table(head, rows, undefined).split("\n")[1]?.slice(0, 24), rows[0]?.[0]);
});

Deno.test("sizes are written in the unit that suits them", () => {
  const sizes = [0, 999, 1_000, 9_940, 9_960, 999_499, 999_500, 12_345_678, 5e15];
  assert.deepEqual(sizes.map(byteText), [
    ..."0 B|999 B|1.0 kB|9.9 kB|10 kB|999 kB|1.0 MB|12 MB|5000 TB".split("|"),
  ]);
});

Deno.test("a narrow terminal cuts the widest column that may be cut, then leaves some out", () => {
  const head = [
    { title: "id" },
    { title: "who", optional: true },
    { title: "text", shrinks: true },
  ] as const;
  const rows = [["12345678", "you", "a long sentence about nothing"]];
  assert.equal(table(head, rows, 30), "id        who  text\n12345678  you  a long sentenc…\n");
  assert.equal(table(head, rows, 20), "id        text\n12345678  a long se…\n");
});

Deno.test("no line of a table is wider than the terminal, whatever is in it", () => {
  const cell = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 30 }),
    fc.string({ maxLength: 9 }),
  );
  fc.assert(fc.property(
    fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
    fc.integer({ min: 2, max: 80 }),
    (rows, width) => {
      const head = [
        { title: "one" },
        { title: "two", shrinks: true, optional: true },
        { title: "three", shrinks: true },
      ] as const;
      const lines = table(head, rows, width).split("\n").slice(0, -1);
      assert.equal(lines.length, rows.length + 1);
      for (const line of lines) assert.ok(visibleWidth(line) <= width, line);
    },
  ));
});

Deno.test("cells cannot break lines or control the terminal", () => {
  assert.equal(table([{ title: "" }], [["a\x1b[31m\nb\u202e"]], undefined), "a [31m b\n");
});

Deno.test("a text that fits is not cut", () => {
  assert.equal(shorten("日本", 4), "日本");
  assert.equal(shorten("日本", 3), "日…");
  assert.equal(shorten("abc", 1), "…");
});

Deno.test("times are shown in the person's zone, and what is no time as it is", () => {
  assert.match(localTime("2026-05-06T07:08:09Z"), /^2026-05-0\d \d\d:\d8$/);
  assert.equal(localTime("yester\nday"), "yester day");
});

Deno.test("an error is one line, whatever a server put into it", () => {
  const error = new PyraError("api", "x", "it\nsaid \x1b]0;title\x07", { hint: "try\r\nagain" });
  assert.equal(errorLine(error), "pyra: it said  ]0;title  — try again");
  assert.equal(oneLine("  a\u2028b  "), "a b");
});

Deno.test("a chain of causes that never ends is cut", () => {
  const error = new Error("again");
  error.cause = error;
  assert.equal(causeLines(error).length, 8);
});

Deno.test("JSON ends with a line feed", () => {
  assert.equal(jsonText([]), "[]\n");
});
