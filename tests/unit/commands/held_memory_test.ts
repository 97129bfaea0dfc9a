import assert from "node:assert/strict";
import { HeldMemory } from "../../../src/commands/held_memory.ts";
import type { Memory } from "../../../src/memory/memory.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { withNotes } from "../../fakes/notes.ts";

const signal = new AbortController().signal;

Deno.test("the notes are opened once, when they are first needed, and closed at the end", async () => {
  await withNotes({ "user/profile.md": "I am Ada." }, async (real) => {
    const calls: string[] = [];
    const memory: Memory = Object.create(real, {
      contextFor: { value: real.contextFor.bind(real) },
      notices: { value: ["remade"] },
      [Symbol.asyncDispose]: { value: () => Promise.resolve(void calls.push("close")) },
    });
    {
      await using held = new HeldMemory({
        memory: () => Promise.resolve((calls.push("open"), memory)),
      });
      const questions = held.forQuestions(2_000);
      assert.deepEqual([calls, questions.notices], [[], []]);
      const context = await questions.contextFor("hello", { room: undefined, signal });
      assert.match(context?.standing ?? "", /I am Ada/);
      assert.equal(await held.open(), memory);
      assert.deepEqual(questions.notices, ["remade"]);
      assert.equal(await questions.contextFor("hello", { room: 20, signal }), undefined);
    }
    assert.deepEqual(calls, ["open", "close"]);
  });
});

Deno.test("notes that could not be opened are tried anew, and nothing is closed", async () => {
  let times = 0;
  await using held = new HeldMemory({
    memory: () => Promise.reject(new PyraError("file", "no_folder", `fault ${++times}`)),
  });
  await assert.rejects(held.open(), /fault 1/);
  await assert.rejects(held.open(), /fault 2/);
});
