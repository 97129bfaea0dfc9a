import assert from "node:assert/strict";
import { completion } from "../../../src/repl/completion.ts";
import type { ReplMemory } from "../../../src/repl/ports.ts";
import { withNotes } from "../../fakes/notes.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";

Deno.test("/forget and /memory complete the names of notes, with or without their folder", async () => {
  const files = {
    "knowledge/boat.md": "---\nsummary: our boat\n---\nx",
    "knowledge/boats.md": "x",
    "user/profile.md": "x",
  };
  await withNotes(files, async (memory, folder) => {
    const notes: ReplMemory = {
      open: () => Promise.resolve(memory),
      folder,
      goesWithQuestions: true,
      problems: [],
      now: Date.now,
    };
    const suggest = async (line: string, ports = fakePorts({ memory: notes }).ports) => {
      const { signal } = new AbortController();
      const found = await completion(ports).getSuggestions([line], 0, line.length, { signal });
      return found?.items.map(({ value }) => value);
    };
    assert.deepEqual(await suggest("/forget boa"), ["knowledge/boat.md", "knowledge/boats.md"]);
    assert.deepEqual(await suggest("/memory user/"), ["user/profile.md"]);
    assert.equal(await suggest("/memory knowledge/boat"), undefined, "Enter sends a whole name");
    assert.equal(await suggest("/forget zebra"), undefined);
    assert.equal(await suggest("/forget boa", fakePorts().ports), undefined);
  });
});
