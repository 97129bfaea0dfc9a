import assert from "node:assert/strict";
import { fenced } from "../../../src/memory/exchange/conversation.ts";
import { inlineTags } from "../../../src/memory/exchange/inline_tags.ts";
import { withoutBlockMarks } from "../../../src/memory/exchange/logseq.ts";
import { composeWrite } from "../../../src/memory/note/compose.ts";
import { readNoteText } from "../../../src/memory/note/read_note.ts";
import { passagesOf } from "../../../src/memory/text/passages.ts";

// Nothing is timed here. Where the time grows with the square of the length these take minutes or hours.

for (const space of [" ", "\t", " #", "\u2028"]) {
  Deno.test(`a heading with 900,000 units of ${JSON.stringify(space)} in it is cut into passages`, async () => {
    const note = await readNoteText(
      "a.md",
      `# Roses${space.repeat(900_000 / space.length)}end\n\nRed ones.\n`,
    );
    const passages = passagesOf(note);
    assert.match(passages[0]?.heading ?? "", /^Roses/);
    assert.match(passages.at(-1)?.text ?? "", /Red ones/);
  });
}

Deno.test("headings lose the signs that close them, and no others", async () => {
  const headings = ["# One #", "## Two ##  ", "# C#", "# #", "#", "### Three #3", "#four"];
  const note = await readNoteText("a.md", headings.map((line) => `${line}\n\ntext\n\n`).join(""));
  assert.deepEqual(passagesOf(note).map(({ heading }) => heading), [
    "One",
    "One › Two",
    "C#",
    "",
    "",
    "Three #3",
  ]);
});

Deno.test("a line of nothing but backticks at the end of a text is no code and holds no tags up", () => {
  assert.deepEqual(inlineTags(`#roses\n${"`".repeat(199_000)}`), ["roses"]);
  assert.deepEqual(inlineTags("````\n#no\n```\n#no\n````\n#roses"), ["roses"]);
});

Deno.test("of 50,000 blocks with ids those that are referred to keep theirs", () => {
  const id = (number: number) =>
    `${number.toString(16).padStart(8, "0")}-0000-0000-0000-000000000000`;
  const blocks = Array.from({ length: 50_000 }, (_, at) => `- block\n  id:: ${id(at)}\n`).join("");
  const text = withoutBlockMarks(`${blocks}- see ((${id(7)})) and (((${id(8)})))\n`);
  assert.deepEqual(text.match(/id:: .*/g), [`id:: ${id(7)}`, `id:: ${id(8)}`]);
});

Deno.test("a text with a million fences in it is fenced", () => {
  const text = "```a ".repeat(1_000_000);
  assert.equal(fenced(text), `\`\`\`\`\n${text}\n\`\`\`\``);
});

Deno.test("a text with thousands of fields replaces a note with thousands of others", async () => {
  const fields = (letter: string) =>
    Array.from({ length: 3_000 }, (_, at) => `${letter}${at}: 1\n`).join("");
  const before = `---\n${fields("a")}b5: 2\n---\nold\n`;
  const after = await composeWrite(before, { body: `---\n${fields("b")}---\nnew\n` }, 0);
  const wanted = [fields("a"), "b5: 1\n", fields("b").replace("b5: 1\n", "")].join("");
  assert.equal(after, `---\n${wanted}updated: 1970-01-01T00:00:00Z\n---\nnew\n`);
});
