import assert from "node:assert/strict";
import fc from "fast-check";
import type { Note } from "../../../../src/memory/note/note.ts";
import { readNote } from "../../../../src/memory/note/read_note.ts";
import { yamlLike } from "./yaml_like.ts";

function read(text: string | Uint8Array): Promise<Note> {
  return readNote("a.md", typeof text === "string" ? new TextEncoder().encode(text) : text);
}

Deno.test("a note's front matter becomes facts, and its body knows its line", async () => {
  const note = await read(
    "---\r\nsummary: Keys\r\nkeywords: a, b\r\ntags: ['#c', a]\r\npinned: true\r\n" +
      "created: 2026-01-31\r\nsource: person\r\n---\r\n# Title\r\n",
  );
  assert.deepEqual(note.facts, {
    summary: "Keys",
    keywords: ["a", "b", "c"],
    created: "2026-01-31",
    updated: "",
    source: "person",
    pinned: true,
  });
  assert.equal(note.body, "# Title\r\n");
  assert.equal(note.bodyLine, 9);
  assert.deepEqual(note.problems, []);
});

Deno.test("a byte order mark is no part of the body and stays in the text", async () => {
  const note = await read("\ufeff---\nsummary: a\n...\nbody");
  assert.equal(note.facts.summary, "a");
  assert.equal(note.body, "body");
  assert.ok(note.text.startsWith("\ufeff---"));
  assert.equal((await read("\ufeffbody")).body, "body");
});

Deno.test("YAML beyond the plain kind is read too", async () => {
  const note = await read(
    "---\nsummary: >\n  two\n  lines\nkeywords:\n  - &x one\n  - *x\ntags: [[page]]\n" +
      "nested: {a: 1}\nsummary: 'again: last'\n---\n",
  );
  assert.equal(note.facts.summary, "again: last");
  assert.deepEqual(note.facts.keywords, ["one", "page"]);
  assert.deepEqual(note.problems, []);
});

Deno.test("a broken front matter is a problem, and the whole file is the body", async () => {
  for (const broken of ["a: [1", 'summary: "x', "a: b: c", "a: !!js/function x\n\tb"]) {
    const text = `---\n${broken}\n---\nbody\n`;
    const note = await read(text);
    assert.equal(note.body, text, broken);
    assert.equal(note.bodyLine, 1);
    assert.match(note.problems.join(), /front matter cannot be read/);
  }
  const open = await read("---\nsummary: a\n\nbody");
  assert.match(open.problems.join(), /has no end/);
  assert.equal(open.body, open.text);
  // Aliases that grow without end.
  const bomb = "a: &a [x,x,x,x,x,x,x,x]\n" +
    [..."bcdefgh"].map((l, i) => `${l}: &${l} [${Array(8).fill(`*${"abcdefgh"[i]}`)}]\n`).join("");
  assert.match((await read(`---\n${bomb}---\n`)).problems.join(), /front matter cannot be read/);
});

Deno.test("rules between paragraphs are no front matter and no problem", async () => {
  for (const text of ["---\nonly words\n---\nmore", "---", "---\n\nwords", "----\na: 1\n---\n"]) {
    const note = await read(text);
    assert.equal(note.body, text);
    assert.deepEqual(note.problems, []);
  }
});

Deno.test("Logseq's first lines are facts where there is no front matter", async () => {
  const note = await read("title:: Locks\ntags:: [[door]], #key\nkeywords:: left\n\nfoo:: bar\n");
  assert.equal(note.facts.summary, "Locks");
  assert.deepEqual(note.facts.keywords, ["left", "door", "key"]);
  assert.equal(note.bodyLine, 1);
});

Deno.test("bytes that are no text are told, and what can be read is read", async () => {
  const latin = await read(new Uint8Array([0x63, 0x61, 0x66, 0xe9]));
  assert.equal(latin.body, "caf\ufffd");
  assert.match(latin.problems.join(), /not UTF-8/);
  const picture = await read(new Uint8Array([0x89, 0x50, 0, 0]));
  assert.deepEqual([picture.text, picture.body], ["", ""]);
  assert.match(picture.problems.join(), /no text/);
  assert.match((await read(new Uint8Array([0xff, 0xfe, 0x61, 0]))).problems.join(), /UTF-16/);
});

Deno.test("of a file over 4 MB the first MB is read, cut between two characters", async () => {
  const note = await read(`x${"é".repeat(3_000_000)}`);
  assert.match(note.problems.join(), /larger than 4 MB/);
  assert.equal(note.problems.length, 1, "no half character at the end");
  assert.ok(note.body.length > 520_000 && note.body.length < 530_000);
});

Deno.test("no bytes make the reader throw, and none of the text is lost", async () => {
  const wrapped = yamlLike.map((yaml) => `---\n${yaml}\n---\nbody\n`);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.oneof(wrapped, yamlLike).map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (content) => {
      const note = await read(content);
      assert.ok(note.text.endsWith(note.body));
      const before = note.text.slice(0, note.text.length - note.body.length);
      assert.equal(note.bodyLine, before.split("\n").length);
      assert.equal(typeof note.facts.summary, "string");
    }),
    { numRuns: 5_000 },
  );
});
