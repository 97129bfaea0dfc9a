import assert from "node:assert/strict";
import fc from "fast-check";
import { PyraError } from "../../../src/protocol/error.ts";
import type { SessionEvent } from "../../../src/sessions/event.ts";
import { type SessionState, StateBuilder } from "../../../src/sessions/state.ts";
import { anyEvent, header } from "./sample_sessions.ts";
import { makeFolder, write } from "./session_folder.ts";

/** What these events should amount to. */
function expected(id: string, created: string, events: readonly SessionEvent[]): SessionState {
  const builder = new StateBuilder(header({ id, created }));
  for (const event of events) builder.add(event);
  return builder.finish([]);
}

Deno.test("any sequence of events is read as it was written", async () => {
  await using folder = await makeFolder();
  await fc.assert(
    fc.asyncProperty(fc.array(anyEvent, { maxLength: 30 }), async (events) => {
      const id = await write(folder, events);
      const state = await folder.store.read(id);
      // JSON replaces nothing but lone surrogates by escapes, which it reads back.
      assert.deepEqual(state, expected(id, state.created, events));
    }),
    { numRuns: 200 },
  );
});

Deno.test("a file cut at any byte loads all lines before the cut", async () => {
  await using folder = await makeFolder();
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { maxLength: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (events, where) => {
        const id = await write(folder, events);
        const bytes = await Deno.readFile(folder.file(id));
        const cut = bytes.subarray(0, Math.floor(bytes.length * where));
        await Deno.writeFile(folder.file(id), cut);
        const { log, state } = await folder.store.open(id);
        await log[Symbol.asyncDispose]();
        const feeds = cut.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0);
        // The last line counts if only its line feed is missing.
        const { length } = new TextEncoder().encode(
          [header({ id }), ...events].map((line) => JSON.stringify(line)).slice(0, feeds + 1)
            .join("\n"),
        );
        if (feeds === 0 && cut.length < length) return;
        const whole = feeds - 1 + (cut.length === length ? 1 : 0);
        const reference = expected(id, state.created, events.slice(0, whole));
        assert.deepEqual({ ...state, warnings: [] }, reference);
      },
    ),
    { numRuns: 300 },
  );
});

Deno.test("random bytes in a session file never make more than a PyraError", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, []);
  const line = fc.oneof(
    fc.json(),
    anyEvent.map((event) => JSON.stringify(event)),
    anyEvent.map((event) => JSON.stringify({ ...event, type: "turn" })),
    fc.string({ unit: "binary" }),
  );
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(line, { maxLength: 8 }).map((lines) => new TextEncoder().encode(lines.join("\n"))),
  );
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      await Deno.writeFile(folder.file(id), bytes);
      try {
        await folder.store.list();
        const { log } = await folder.store.open(id);
        await log[Symbol.asyncDispose]();
      } catch (thrown) {
        assert.ok(thrown instanceof PyraError, String(thrown));
      }
    }),
    { numRuns: 500 },
  );
});
