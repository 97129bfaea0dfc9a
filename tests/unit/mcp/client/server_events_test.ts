import assert from "node:assert/strict";
import fc from "fast-check";
import { McpError } from "../../../../src/mcp/client/error.ts";
import { type ServerEvent, serverEvents } from "../../../../src/mcp/client/server_events.ts";

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let at = 0; from < bytes.length; at++) {
    const size = sizes[at % sizes.length] ?? 1;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

function eventsIn(text: string, sizes: readonly number[] = [1_000]): Promise<ServerEvent[]> {
  return Array.fromAsync(serverEvents(pieces(new TextEncoder().encode(text), sizes)));
}

Deno.test("events have their data, their id, and when to come back", async () => {
  const text =
    ":hello\n\nid: 7\nretry: 250\ndata:\n\nevent: message\ndata: {\ndata:  1}\n\ndata: cut";
  assert.deepEqual(await eventsIn(text), [
    { data: "", id: "7", retryMs: 250 },
    { data: "{\n 1}", id: undefined, retryMs: undefined },
  ]);
});

Deno.test("an event is the same however its bytes come, and however its lines end", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((one) =>
    one.replace(/[\r\n]/g, "")
  );
  const event = fc.array(line, { minLength: 1, maxLength: 4 });
  const end = fc.constantFrom("\n", "\r\n", "\r");
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 4 }), end, sizes, async (all, eol, cut) => {
      // The runtime drops a mark of byte order at the very beginning, as the standard says.
      const text = ":x" + eol +
        all.map((lines) => lines.map((one) => `data: ${one}${eol}`).join("") + eol).join("");
      const found = await eventsIn(text, cut);
      assert.deepEqual(found.map(({ data }) => data), all.map((lines) => lines.join("\n")));
    }),
    { numRuns: 200 },
  );
});

Deno.test("whoever sends too much is cut off", async () => {
  async function* endless(text: string): AsyncGenerator<Uint8Array> {
    const bytes = new TextEncoder().encode(text);
    for (;;) yield bytes;
  }
  const filler = "x".repeat(64 * 1024);
  for (const text of [filler, `data: ${filler}\n`, `:${filler}\n`, `data: ${filler}\n\n`]) {
    await assert.rejects(
      Array.fromAsync(serverEvents(endless(text))),
      (error) => error instanceof McpError && error.code === "bad_answer",
    );
  }
});
