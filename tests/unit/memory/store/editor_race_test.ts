import assert from "node:assert/strict";
import { openNoteStore } from "../../../../src/memory/store/folder_store.ts";

Deno.test("what an editor saves in the middle of a change is kept as a version", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    let saves = 0;
    const store = openNoteStore({
      folder,
      // The clock is read when the version before is kept: the file was read by then.
      now() {
        // deno-lint-ignore no-sync-fn-in-async-fn -- a clock does not wait
        if (saves-- > 0) Deno.writeTextFileSync(`${folder}/a.md`, "the editor's words");
        return Date.now();
      },
    });
    await store.replace("a", "first");
    saves = 1;
    await store.replace("a", "second");
    assert.equal(await Deno.readTextFile(`${folder}/a.md`), "second");
    const texts = await Promise.all((await store.history("a")).map(({ id }) => store.version(id)));
    assert.ok(texts.includes("the editor's words"), texts.join(" | "));
    assert.equal((await store.undo("a")).after, "the editor's words");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
