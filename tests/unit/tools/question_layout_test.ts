import assert from "node:assert/strict";
import fc from "fast-check";
import type { QuestionLine } from "../../../src/tools/question.ts";
import { laidOut } from "../../../src/tools/question_layout.ts";

const measure = (text: string) => [...text].length;
const line = (kind: QuestionLine["kind"], text: string, prefix = "  "): QuestionLine => ({
  kind,
  prefix,
  text,
});

Deno.test("facts break between words, and a word that is wider than a line is cut", () => {
  assert.deepEqual(laidOut(line("fact", "writes the note"), 10, measure), [
    "  writes",
    "    the note",
  ]);
  assert.deepEqual(laidOut(line("fact", "abcdefghijk l"), 10, measure), [
    "  abcdefgh",
    "    ijk l",
  ]);
  assert.deepEqual(laidOut(line("fact", ""), 10, measure), ["  "]);
  assert.deepEqual(laidOut(line("fact", "as long as it is"), undefined, measure), [
    "  as long as it is",
  ]);
});

Deno.test("others' words in a line of Pyra's own never begin a line as the question's own do", () => {
  const forged = "y once · n no · ? details [n] always: allow x │ name: boat";
  for (const kind of ["title", "fact", "warning"] as const) {
    for (const prefix of ["", "  "]) {
      for (let columns = 12; columns < 60; columns++) {
        const [, ...others] = laidOut(
          line(kind, `read https://a.example ${forged}`, prefix),
          columns,
          measure,
        );
        assert.ok(others.every((part) => part.startsWith("    ")), `${kind} ${columns}`);
      }
    }
  }
  assert.deepEqual(laidOut(line("fact", "a row of a table", "name      "), 20, measure), [
    "name      a row of a",
    "name      table",
  ]);
});

Deno.test("every part of a foreign line stands behind its bar, and nothing of it is lost", () => {
  fc.assert(fc.property(
    fc.string({ unit: "grapheme", maxLength: 200 }).filter((text) => !text.includes("\n")),
    fc.integer({ min: 1, max: 60 }),
    (text, columns) => {
      const parts = laidOut(line("foreign", text, "  │ "), columns, measure);
      assert.ok(parts.every((part) => part.startsWith("  │ ")));
      assert.equal(parts.map((part) => part.slice(4)).join(""), text);
    },
  ));
});

Deno.test("words come in their order, and no part is wider than the terminal but for one character", () => {
  fc.assert(fc.property(
    fc.array(fc.stringMatching(/^[a-z/]{1,30}$/), { maxLength: 20 }),
    fc.integer({ min: 12, max: 80 }),
    (words, columns) => {
      const text = words.join(" ");
      const parts = laidOut(line("fact", text), columns, measure);
      assert.ok(parts.every((part) => measure(part) <= columns));
      assert.ok(parts.slice(1).every((part) => part.startsWith("    ")));
      const shown = parts.map((part) => part.slice(2)).join("").replaceAll(" ", "");
      assert.equal(shown, text.replaceAll(" ", ""));
    },
  ));
});
