import assert from "node:assert/strict";
import fc from "fast-check";
import { join } from "node:path";
import { redact, RedactionStream } from "../../../src/guard/redaction.ts";
import type { SessionEvent } from "../../../src/sessions/event.ts";
import { exportJson } from "../../../src/sessions/export.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { newSessionId, SESSION_VERSION, sessionFileName } from "../../../src/sessions/format.ts";
import { withoutSecrets } from "../../../src/sessions/redaction.ts";
import { startConversation } from "../../../src/chat/conversation.ts";
import { jumble, KEYS } from "../guard/redaction_samples.ts";
import { ask, CHOICE, onStage, textsOf } from "../chat/stage.ts";
import { says } from "../chat/scripted_provider.ts";

const AT = "2026-01-02T03:04:05.000Z";
const KEY = `ghp_${jumble(36)}`;
const REDACTION = { redact, stream: () => new RedactionStream() };

async function inStore(
  test: (store: ReturnType<typeof openSessionStore>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(openSessionStore(folder, Date.now, REDACTION), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const header = (id: string) =>
  ({
    v: SESSION_VERSION,
    type: "session",
    id,
    created: AT,
    ...CHOICE,
    title: `use ${KEY}`,
  }) as const;
const call = { id: "c1", name: "web.fetch", arguments: `{"headers":{"X-Api-Key":"${KEY}"}}` };

Deno.test("no line of a session file holds a secret, and all can be read", async () => {
  await inStore(async (store, folder) => {
    const id = newSessionId(Date.now());
    {
      await using log = await store.create(header(id));
      await log.append(
        { type: "question", at: AT, parts: [{ type: "text", text: `my key is ${KEY}` }] },
        { type: "text", text: "it is " },
        { type: "text", text: KEY.slice(0, 9) },
      );
      await log.append({ type: "text", text: KEY.slice(9) }, { type: "tool_call", call });
      await log.append(
        { type: "tool_result", call_id: "c1", text: `password=${KEY}`, status: "ok" },
        {
          type: "turn",
          at: AT,
          finish: "stop",
          ...CHOICE,
          messages: [
            { role: "assistant", text: `it is ${KEY}`, tool_calls: [call] },
            { role: "tool", call_id: "c1", text: `password=${KEY}` },
          ],
        },
      );
    }
    const text = await Deno.readTextFile(join(folder, sessionFileName(id)));
    assert.ok(!text.includes(KEY.slice(0, 9)) && !text.includes(KEY.slice(9)));
    const { turns, warnings, title } = await store.read(id);
    assert.deepEqual([warnings, title], [[], "use [redacted: github token]"]);
    assert.deepEqual(
      textsOf(turns[0]?.answer ?? [])[0],
      "assistant: it is [redacted: github token]",
    );
    const copy = await store.fork(id);
    assert.ok(!exportJson(await store.read(copy)).includes(KEY));
  });
});

Deno.test("however a text comes in, a killed session's file holds no whole secret", async () => {
  const pieces = fc.array(fc.nat({ max: 300 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...KEYS), pieces, async (key, ends) => {
      await inStore(async (store, folder) => {
        const id = newSessionId(Date.now());
        const answer = `The key: ${key} and so on.`;
        let from = 0;
        await using log = await store.create(header(id));
        for (const end of [...ends.toSorted((a, b) => a - b), answer.length]) {
          const text = answer.slice(from, end);
          const beside: SessionEvent[] = end % 3 === 0 ? [{ type: "warning", message: "m" }] : [];
          await log.append({ type: "text", text }, ...beside);
          from = Math.max(from, end);
        }
        await log.append({ type: "taken_back" });
        const lines = (await Deno.readTextFile(join(folder, sessionFileName(id)))).trimEnd()
          .split("\n").map((line) => JSON.parse(line));
        const kept = lines.filter(({ type }) => type === "text").map(({ text }) => text).join("");
        assert.ok(!kept.includes(key) && kept.endsWith(" and so on."), kept);
      });
    }),
    { numRuns: 40 },
  );
});

Deno.test("an older session's secrets are neither found nor exported", async () => {
  await inStore(async (store, folder) => {
    const id = newSessionId(Date.now());
    {
      await using log = await openSessionStore(folder, Date.now).create(header(id));
      await log.append({ type: "question", at: AT, parts: [{ type: "text", text: `old ${KEY}` }] });
    }
    assert.deepEqual(await store.search(KEY), []);
    const excerpts = (await store.search("old")).map(({ excerpt }) => excerpt);
    assert.deepEqual(excerpts, ["old [redacted: github token]"]);
    assert.ok(!exportJson(withoutSecrets(await store.read(id), redact)).includes(KEY));
  });
});

Deno.test("the model is sent the person's words as they are; the title has no part of a key", async () => {
  await onStage([says("I see")], async ({ ports, provider, folder }) => {
    const store = openSessionStore(folder, Date.now, REDACTION);
    await using talk = startConversation({ ...ports, store }, { choice: CHOICE });
    const question = `${"please look at my new key ".repeat(1)}sk-proj-${jumble(80)}`;
    await ask(talk, question);
    assert.match(JSON.stringify(provider.requests), new RegExp(question));
    assert.equal(talk.title, "please look at my new key [redacted: openai key]");
  });
});

Deno.test("a call's arguments stay JSON, whatever is taken out of them", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(...KEYS, "password=", "-----BEGIN PRIVATE KEY-----\nAA"),
  );
  fc.assert(fc.property(fc.dictionary(text, fc.array(text)), (value) => {
    const { json } = withoutSecrets({ json: JSON.stringify(value) }, redact);
    JSON.parse(json);
  }));
});

Deno.test("no escape, name or field of a call's arguments keeps a secret", () => {
  const escaped = KEY.replace("g", "\\u0067");
  for (
    const given of [
      `{"url":"https://a.example/${escaped}"}`,
      `[{"${escaped}":1}]`,
      JSON.stringify({ data: KEY, more: '-----BEGIN PRIVATE KEY-----\n"AA' }),
    ]
  ) {
    const { json } = withoutSecrets({ json: given }, redact);
    assert.ok(!JSON.stringify(JSON.parse(json)).includes(KEY), json);
  }
  const plain = { json: '{"a":"\\u0067et"}', [`to ${KEY}`]: { data: KEY } };
  assert.deepEqual(withoutSecrets(plain, redact), {
    json: plain.json,
    "to [redacted: github token]": { data: "[redacted: github token]" },
  });
  const image = { type: "image", media_type: "image/png", data: btoa(KEY) };
  assert.deepEqual(withoutSecrets(image, redact), image);
});
