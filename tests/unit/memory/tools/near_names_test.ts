import assert from "node:assert/strict";
import { nearNames } from "../../../../src/memory/tools/near_names.ts";

const NAMES = [
  "context/plans.md",
  "knowledge/boats/mast.md",
  "knowledge/cats.md",
  "user/profile.md",
  "über/café.md",
];

Deno.test("a misspelt name, a missing folder and a part of a name find the note", () => {
  assert.deepEqual(nearNames("user/proflie", NAMES), ["user/profile.md"]);
  assert.deepEqual(nearNames("cat", NAMES), ["knowledge/cats.md"]);
  assert.deepEqual(nearNames("mast", NAMES), ["knowledge/boats/mast.md"]);
  assert.deepEqual(nearNames("boats", NAMES), ["knowledge/boats/mast.md", "knowledge/cats.md"]);
  assert.deepEqual(nearNames("CAFÉ.md", NAMES), ["über/café.md"]);
});

Deno.test("the nearest comes first, and no more are named than asked for", () => {
  const names = ["note.md", "notes.md", "notebook.md", "votes.md"];
  assert.deepEqual(nearNames("notes", names, 2), ["notes.md", "note.md"]);
});

Deno.test("what is like no name finds none", () => {
  for (const typed of ["zzzzzzzz", "", ".md", "x"]) assert.deepEqual(nearNames(typed, NAMES), []);
});

Deno.test("among very many names those that hold the word are found", () => {
  const names = Array.from({ length: 20_000 }, (_, at) => `many/${at}.md`);
  assert.deepEqual(nearNames("lighthouse", [...names, "zoo/lighthouse.md"]), ["zoo/lighthouse.md"]);
});
