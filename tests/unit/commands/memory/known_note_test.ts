import assert from "node:assert/strict";
import { nearestName } from "../../../../src/commands/memory/known_note.ts";
import { TestProfile } from "../../../fakes/command_context.ts";

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

Deno.test("of a note that was removed or renamed it is said how to find it again", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["memory", "write", "user/cat", "Miso."]);
  await profile.run(["memory", "rm", "user/cat"]);
  for (const command of ["show", "rm"]) {
    const { code, err } = await profile.run(["memory", command, "user/cat"]);
    assert.equal(code, 1);
    assert.equal(
      err,
      "pyra: there is no note user/cat.md — there was one; pyra memory history user/cat tells more\n",
    );
  }
});
