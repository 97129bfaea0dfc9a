import assert from "node:assert/strict";
import { nearestName } from "../../../../src/commands/memory/known_note.ts";

const NAMES = ["user/profile.md", "knowledge/bread.md", "knowledge/deno.md", "context/今日.md"];

Deno.test("a misspelt or half-written name finds the note that was meant", () => {
  for (
    const [typed, meant] of [
      ["user/profil", "user/profile"],
      ["usr/profile.md", "user/profile"],
      ["profile", "user/profile"],
      ["Profile", "user/profile"],
      ["context/bread", "knowledge/bread"],
      ["knowledge/brad", "knowledge/bread"],
      ["今曰", "context/今日"],
    ] as const
  ) {
    assert.equal(nearestName(typed, NAMES), meant, typed);
  }
});

Deno.test("of two names as like, the one in the folder that was typed was meant", () => {
  assert.equal(nearestName("user/bred", ["other/bread.md", "user/bread.md"]), "user/bread");
});

Deno.test("what is like no note has none that was meant", () => {
  assert.equal(nearestName("holiday", NAMES), undefined);
  assert.equal(nearestName("x", NAMES), undefined);
  assert.equal(nearestName("profile", []), undefined);
});
