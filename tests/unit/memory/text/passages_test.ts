import fc from "fast-check";
import assert from "node:assert/strict";
import type { Note } from "../../../../src/memory/note/note.ts";
import { readNoteText } from "../../../../src/memory/note/read_note.ts";
import { isCut, passagesOf } from "../../../../src/memory/text/passages.ts";

async function noteOf(text: string): Promise<Note> {
  return await readNoteText("knowledge/x.md", text);
}

const markdown = fc.array(
  fc.oneof(
    fc.constantFrom(
      "",
      "",
      "# One",
      "## Two ##",
      "###",
      "Title\n===",
      "---",
      "- item",
      "  below",
      "1. x",
    ),
    fc.constantFrom("```", "~~~ts", "    code", "> quote", "\t- deep", "\r", "a\r", "####### no"),
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.lorem({ maxCount: 80 }),
    fc.lorem({ maxCount: 400 }),
  ),
  { maxLength: 40 },
).map((lines) => lines.join("\n"));

Deno.test("a passage's line is the file's line on which its text begins", async () => {
  await fc.assert(
    fc.asyncProperty(markdown, fc.boolean(), async (text, hasFields) => {
      const note = await noteOf(hasFields ? `---\nsummary: x\n---\n\n${text}` : text);
      const lines = note.text.split("\n");
      for (const passage of passagesOf(note)) {
        const first = passage.text.split("\n")[0] ?? "";
        assert.ok((lines[passage.line - 1] ?? "").includes(first.replace(/\r$/, "")), passage.text);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("passages hold all words of a note, in order, none twice", async () => {
  await fc.assert(
    fc.asyncProperty(markdown, async (text) => {
      const note = await noteOf(text);
      const passages = passagesOf(note);
      const signs = (of: string) => of.replace(/\s/gu, "");
      assert.equal(signs(passages.map((passage) => passage.text).join("")), signs(note.body));
      assert.deepEqual(passages.map(({ ordinal }) => ordinal), passages.map((_, at) => at));
      assert.ok(passages.every((passage) => passage.text.length <= 2_000));
    }),
    { numRuns: 300 },
  );
});

Deno.test("a passage ends at a heading and keeps the headings it stands under", async () => {
  const note = await noteOf(
    "# Trips\n\nintro\n\n## Vienna\n\nby train\n\n### Food\n\ncake\n\n## Rome\n\nby bus",
  );
  assert.deepEqual(passagesOf(note).map(({ line, heading, text }) => [line, heading, text]), [
    [1, "Trips", "# Trips\n\nintro"],
    [5, "Trips › Vienna", "## Vienna\n\nby train"],
    [9, "Trips › Vienna › Food", "### Food\n\ncake"],
    [13, "Trips › Rome", "## Rome\n\nby bus"],
  ]);
});

Deno.test("a heading may be underlined, and a sign of code is none", async () => {
  const note = await noteOf("Trips\n=====\ntext\n\n```sh\n# no heading\n\n## neither\n```\n\nend");
  assert.deepEqual(passagesOf(note).map(({ heading }) => heading), ["Trips"]);
});

Deno.test("fenced code and a list's item are not torn", async () => {
  const filler = "words ".repeat(90).trim();
  const code = `\`\`\`\n${"let x = 1;\n\n".repeat(30)}\`\`\``;
  const item = `- one\n\n  ${"two ".repeat(60)}\n\n  three`;
  const note = await noteOf([filler, code, filler, item, filler].join("\n\n"));
  const texts = passagesOf(note).map(({ text }) => text);
  assert.ok(texts.length > 2);
  assert.ok(texts.some((text) => text.includes(code)));
  assert.ok(texts.some((text) => text.includes(item.trim())));
});

Deno.test("a line as long as a book becomes passages that are cut between words", async () => {
  const passages = passagesOf(await noteOf("some words in one line ".repeat(1_000)));
  assert.ok(passages.length > 20);
  assert.ok(passages.every(({ line }) => line === 1));
  assert.ok(passages.every(({ text }) => /^(?:some|words|in|one|line)\b/.test(text)));
});

Deno.test("signs of two UTF-16 units are never cut in the middle", async () => {
  const passages = passagesOf(await noteOf(`x${"🚆".repeat(3_000)}`));
  assert.ok(passages.length > 3);
  assert.ok(passages.every(({ text }) => text.isWellFormed()));
});

Deno.test("a note without a body has one empty passage", async () => {
  const passages = passagesOf(await noteOf("---\nsummary: only this\n---\n"));
  assert.deepEqual(passages.map(({ ordinal, text }) => [ordinal, text]), [[0, ""]]);
});

Deno.test("of a very long note only the beginning is cut into passages, and that is known", async () => {
  const long = await noteOf("# A\n\nline\n\n".repeat(5_000));
  const passages = passagesOf(long);
  assert.equal(passages.length, 1_500);
  assert.ok(isCut(long, passages));
  const short = await noteOf("# A\n\nline");
  assert.ok(!isCut(short, passagesOf(short)));
});
