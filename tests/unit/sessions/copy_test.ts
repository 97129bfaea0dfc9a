import assert from "node:assert/strict";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { newSessionId, SESSION_VERSION } from "../../../src/sessions/format.ts";
import type { SessionEvent } from "../../../src/sessions/event.ts";

const AT = "2026-01-02T03:04:05.000Z";
const turn = (text: string, ...between: SessionEvent[]): SessionEvent[] => [
  { type: "question", at: AT, parts: [{ type: "text", text }], from: "plugin q", marker: "mmmm" },
  ...between,
  {
    type: "turn",
    at: AT,
    finish: "stop",
    provider: "p",
    model: "m",
    messages: [{ role: "assistant", text: "fine", tool_calls: [] }],
  },
];
const SUMMARY = { turns: 1, text: "in short", rules: ["always"], origins: ["t"], kept: [] };

async function sessionOf(
  events: SessionEvent[],
  check: (folder: string, id: string) => Promise<void>,
) {
  const folder = await Deno.makeTempDir();
  try {
    const store = openSessionStore(folder, Date.now);
    const id = newSessionId(Date.now());
    const header = {
      v: SESSION_VERSION,
      type: "session",
      id,
      created: AT,
      provider: "p",
      model: "m",
    };
    await using log = await store.create(header as never);
    await log.append(...events);
    await check(folder, id);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a copy of a session keeps marks of origin, whole results and the summary", async () => {
  const events: SessionEvent[] = [
    ...turn(
      "one",
      { type: "untrusted", from: "plugin p" },
      { type: "sensitive", from: "the note a" },
      { type: "tool_output", call_id: "1", text: "all" },
    ),
    ...turn("two", { type: "summary", at: AT, ...SUMMARY }),
  ];
  await sessionOf(events, async (folder, id) => {
    const store = openSessionStore(folder, Date.now);
    const [state, copy] = [await store.read(id), await store.read(await store.fork(id))];
    assert.deepEqual(state.turns[0]?.untrusted, "plugin p");
    assert.deepEqual(state.turns[0]?.sensitive, "the note a");
    assert.deepEqual(state.turns[0]?.from, "plugin q");
    assert.deepEqual(state.turns[0]?.marker, "mmmm");
    assert.deepEqual(copy.turns, state.turns);
    assert.deepEqual([copy.summary, state.summary], [SUMMARY, SUMMARY]);
    assert.deepEqual(copy.warnings, []);
  });
});

Deno.test("a summary stands for no more turns than there are, and goes with the last of them", async () => {
  const read = async (events: SessionEvent[]) => {
    let summary: unknown;
    await sessionOf(events, async (folder, id) => {
      summary = (await openSessionStore(folder, Date.now).read(id)).summary;
    });
    return summary;
  };
  const summary: SessionEvent = { type: "summary", at: AT, ...SUMMARY };
  const back: SessionEvent = { type: "taken_back" };
  assert.deepEqual(await read([...turn("one"), { ...summary, turns: 99 }]), SUMMARY);
  assert.deepEqual(await read([...turn("one"), ...turn("two"), summary, back]), SUMMARY);
  assert.equal(await read([...turn("one"), ...turn("two"), summary, back, back]), undefined);
});
