import assert from "node:assert/strict";
import fc from "fast-check";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { AskOptions } from "../../../src/chat/ports.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { ScriptedProvider, type Step } from "./scripted_provider.ts";
import { CHOICE, onStage, say } from "./stage.ts";

Deno.test("whatever happens in a turn, the next request is one that strict providers take", async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.string({ maxLength: 5 }).map((text): Step => ({ type: "text", text })),
    fc.constantFrom<Step>(
      { type: "usage", usage: { input_tokens: 1, output_tokens: 1, cached_tokens: 0 } },
      { type: "finish", reason: "stop" },
      { type: "finish", reason: "length" },
      new PyraError("network", "stream_broken", "broke"),
      new PyraError("api", "bad_request", "refused"),
      new Error("unforeseen"),
      "hang",
    ),
    fc.uuid().map((id): Step => ({
      type: "tool_call",
      call: { id, name: "tool", arguments: "{}" },
    })),
  );
  const act = fc.constantFrom("ask", "ask", "leave", "cancel", "take back", "resume", "fork");
  const options: AskOptions = {};
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(act, fc.array(step, { maxLength: 5 })), { maxLength: 8 }),
      async (acts) => {
        await onStage([], async ({ ports }) => {
          let scripts: Step[][] = [];
          const stage = {
            ...ports,
            openProvider: () => Promise.resolve(new ScriptedProvider(scripts)),
          };
          let talk = startConversation(stage, { ...options, choice: CHOICE });
          const play = async (how: string) => {
            // A turn without a "hang" ends by itself; the limit is for the others.
            const stop = new AbortController();
            const timer = setTimeout(() => stop.abort(), how === "cancel" ? 0 : 5);
            for await (const event of talk.send(say("?"), stop.signal)) {
              const isRefused = event.type === "error" && event.error.code === "unexpected" &&
                !/unforeseen/.test(event.error.message);
              assert.ok(!isRefused, JSON.stringify(event));
              if (how === "leave" && event.type === "text") break;
            }
            clearTimeout(timer);
          };
          try {
            for (const [how, script] of acts) {
              if (how === "take back") await talk.takeBack();
              else if (how === "fork" || (how === "resume" && talk.messages.length > 0)) {
                const before = talk;
                if (how === "fork") talk = await talk.fork();
                await before[Symbol.asyncDispose]();
                if (how === "resume") talk = await resumeConversation(stage, talk.id);
                assert.deepEqual(talk.messages, before.messages);
              } else {
                await talk.use({ provider: "demo", model: crypto.randomUUID() });
                scripts = [[...script]];
                await play(how);
              }
            }
            scripts = [];
            await play("ask");
          } finally {
            await talk[Symbol.asyncDispose]();
          }
        });
      },
    ),
    { numRuns: 150 },
  );
});
