import assert from "node:assert/strict";
import fc from "fast-check";
import {
  categoryOf,
  isNoteName,
  noteName,
  presentNoteName,
} from "../../../../src/memory/note/name.ts";
import { PyraError } from "../../../../src/protocol/error.ts";

/** The name, or the code and sentence of the refusal. */
function tried(typed: string, name = noteName): string {
  try {
    return name(typed);
  } catch (cause) {
    assert.ok(cause instanceof PyraError);
    assert.equal(cause.code, "bad_note_name");
    assert.match(cause.hint, /knowledge\/deno\.md/);
    return `refused: ${cause.message}`;
  }
}

Deno.test("a name in any script is fine and gets its ending", () => {
  const names = [
    "user/profile",
    "知识/笔记",
    "الذاكرة/قلب",
    "บันทึก",
    "می‌خواهم",
    "👩‍🚀 logs/1",
    " a",
    "a.b",
  ];
  for (const name of names) assert.equal(tried(name), `${name}.md`.normalize("NFC"));
  assert.equal(tried("A.MD"), "A.MD");
  assert.equal(tried("notes.markdown"), "notes.markdown.md");
  assert.equal(tried("cafe\u0301"), "caf\u00e9.md", "composed");
});

Deno.test("a name that leads elsewhere, is hidden or cannot be seen is refused", () => {
  const names = [
    "",
    ".",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    "/etc/passwd",
    "C:/a",
    "c:a",
    "a\\b",
    "a//b",
    "a/",
    ".history/a",
    "a/.b",
    ".md",
    "a/.md",
    "a\0b",
    "a\nb",
    "a\x7f",
    "a\u0085",
    "a\u202eb",
    "a\u2028",
    "\ufeffa",
    "a\ud800",
    "MEMORY_INDEX.md",
    "memory_index",
    "memory_index.json",
  ];
  for (const name of names) {
    assert.match(tried(name), /^refused/, JSON.stringify(name));
    assert.match(tried(name, presentNoteName), /^refused/, JSON.stringify(name));
  }
  assert.match(tried("a/../b"), /leads to other folders/);
  assert.equal(tried("a/MEMORY_INDEX"), "a/MEMORY_INDEX.md", "only at the top");
  assert.equal(tried("a..b/c"), "a..b/c.md", "two dots within a name lead nowhere");
});

Deno.test("a name that Windows cannot have is refused for a new note and read if it is there", () => {
  const names = [
    "CON",
    "nul.md",
    "a/aux.txt",
    "COM1",
    "lpt9.x",
    "com²",
    "a:b",
    "what?",
    'a"',
    "a*",
    "a|b",
  ];
  for (const name of [...names, "a<b", "a.", "a ", "b./a", "CON /a"]) {
    assert.match(tried(name), /^refused/, name);
    if (!name.includes(":")) assert.doesNotMatch(tried(name, presentNoteName), /^refused/, name);
  }
  assert.equal(tried("console"), "console.md");
  assert.equal(tried("com10"), "com10.md");
});

Deno.test("a name that is too long or too deep is refused with the limit", () => {
  assert.match(
    tried("a".repeat(400)),
    /^refused: "a{60}…" has a part that is longer than 200 bytes/,
  );
  assert.equal(tried("a".repeat(197)), `${"a".repeat(197)}.md`);
  assert.match(tried("漢".repeat(70)), /longer than 200 bytes/);
  assert.match(tried(Array(6).fill("a".repeat(100)).join("/")), /longer than 500 bytes/);
  assert.match(tried(Array(17).fill("a").join("/")), /deeper than 16/);
});

Deno.test("a file that was found is a note if it ends in .md and nothing of its path is hidden", () => {
  for (const name of ["a.md", "x/y/z.MD", "what now?.md", "cafe\u0301.md"]) {
    assert.ok(isNoteName(name));
  }
  for (
    const name of ["a.txt", "md", ".a.md", ".git/a.md", "MEMORY_INDEX.md", "a\u202e.md", "a.md/"]
  ) {
    assert.ok(!isNoteName(name), name);
  }
  assert.equal(categoryOf("knowledge/places/rome.md"), "knowledge/places");
  assert.equal(categoryOf("rome.md"), "");
});

Deno.test("whatever is typed, the path stays in the folder and the name is its own name", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom(
      "..",
      ".",
      "",
      "con",
      "a",
      "C:",
      "%2e%2e",
      "．．",
      "\u2025",
      "~",
      "\ud83d",
      "..\0",
    ),
  );
  const typed = fc.tuple(fc.array(piece, { maxLength: 5 }), fc.constantFrom("/", "\\", "//", "∕"));
  fc.assert(
    fc.property(typed, ([pieces, separator]) => {
      for (const nameOf of [noteName, presentNoteName]) {
        const name = tried(pieces.join(separator), nameOf);
        if (name.startsWith("refused")) return;
        const url = new URL(`file:///memory/${name.split("/").map(encodeURIComponent).join("/")}`);
        assert.ok(url.pathname.startsWith("/memory/"));
        assert.equal(
          decodeURIComponent(url.pathname),
          `/memory/${name}`,
          "nothing is resolved away",
        );
        assert.equal(nameOf(name), name);
        assert.ok(isNoteName(name));
      }
    }),
    { numRuns: 20_000 },
  );
});
