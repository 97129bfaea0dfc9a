import assert from "node:assert/strict";
import { presentPlace, readPlace } from "../../../../src/memory/store/place.ts";
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";

/** A folder with one note, and a file beside the folder that is nobody's note. */
async function withSecret(act: (folder: string, secret: string) => Promise<void>): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${home}/memory`);
    await Deno.writeTextFile(`${home}/memory/a.md`, "mine");
    await Deno.writeTextFile(`${home}/secret.md`, "secret");
    await act(`${home}/memory`, `${home}/secret.md`);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const LIMIT = 1_000;

Deno.test("a note that becomes a link after it was looked at is not read through it", {
  // Windows lets only some people make links.
  ignore: Deno.build.os === "windows",
}, () =>
  withSecret(async (folder, secret) => {
    const place = presentPlace(folder, "a");
    assert.equal(new TextDecoder().decode(await readPlace(place, LIMIT)), "mine");
    await Deno.remove(place.path);
    await Deno.symlink(secret, place.path);
    assert.equal(await readPlace(place, LIMIT), undefined);
    await assert.rejects(openNoteStore({ folder, now: Date.now }).read("a"), {
      code: "note_unreadable",
    });
  }));

Deno.test("a note that grows after it was looked at is read up to the limit at the most", () =>
  withSecret(async (folder) => {
    const place = presentPlace(folder, "a");
    await Deno.writeTextFile(place.path, " and more", { append: true });
    assert.equal(new TextDecoder().decode(await readPlace(place, LIMIT)), "mine and more");
    await Deno.writeTextFile(place.path, "x".repeat(LIMIT), { append: true });
    await assert.rejects(readPlace(place, LIMIT), { code: "note_too_large" });
  }));

Deno.test("a note that goes after it was looked at is no fault, and is missing from then on", () =>
  withSecret(async (folder) => {
    const place = presentPlace(folder, "a");
    await Deno.remove(place.path);
    assert.equal(await readPlace(place, LIMIT), undefined);
    await assert.rejects(openNoteStore({ folder, now: Date.now }).read("a"), {
      code: "no_such_note",
    });
  }));
