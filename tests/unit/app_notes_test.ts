import assert from "node:assert/strict";
import { FollowedNotes } from "../../src/app_notes.ts";
import { HeldMemory } from "../../src/commands/held_memory.ts";
import { PyraError } from "../../src/protocol/error.ts";
import { putNote, withNotes } from "../fakes/notes.ts";

/** Waits until something holds. */
async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let time = 0; time < 200; time++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error("it did not come to hold in 5 s");
}

Deno.test("a chat indexes what changed before it and while it runs", async () => {
  await withNotes({}, async (memory, folder) => {
    const held = new HeldMemory({ memory: () => Promise.resolve(memory) });
    await putNote(folder, "before.md", "The boat needs paint.");
    await using notes = new FollowedNotes(held);
    await until(async () => (await memory.search("paint")).length === 1);
    await putNote(folder, "during.md", "The mast needs paint too.");
    await until(async () => (await memory.search("paint")).length === 2);
    assert.deepEqual(notes.problems, []);
  });
});

Deno.test("why changes are not followed is kept for /memory, and ends nothing", async () => {
  const fault = new PyraError("file", "x", "too many folders to watch");
  const held = new HeldMemory({ memory: () => Promise.reject(fault) });
  await using notes = new FollowedNotes(held);
  await until(() => notes.problems.length > 0);
  assert.deepEqual(notes.problems, [
    "changes to notes are not noticed: too many folders to watch",
  ]);
});

Deno.test("a chat that ends at once opens no notes", async () => {
  let opened = 0;
  const held = new HeldMemory({
    memory: () => Promise.reject(new Error(`opened ${++opened} times`)),
  });
  {
    await using _notes = new FollowedNotes(held);
  }
  assert.equal(opened, 0);
});
