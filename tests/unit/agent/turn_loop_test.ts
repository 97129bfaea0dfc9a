import assert from "node:assert/strict";
import type { TurnProvider } from "../../../src/agent/ports.ts";
import { runTurn } from "../../../src/agent/turn_loop.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Message } from "../../../src/protocol/message.ts";
import { FINISH, play, QUESTION, scene, text, TOOLS, USAGE } from "./stage.ts";

Deno.test("an answer is text, usage and done, and one message for the history", async () => {
  const { events, result } = await play(scene([text("Hel"), text("lo"), USAGE, FINISH]));
  assert.deepEqual(events.map(({ type }) => type), ["text", "text", "usage", "done"]);
  assert.deepEqual(events[2], {
    ...USAGE,
    provider: "p",
    model: "m",
  });
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Hello", tool_calls: [] }]);
  assert.equal(result.reason, "stop");
});

Deno.test("usage is counted for the one who answered", async () => {
  const stage = scene([text("x"), USAGE, FINISH]);
  const answering = { provider: "q", model: "n" };
  const { events } = await play({ ...stage, provider: { ...stage.provider, answering } });
  assert.deepEqual(events[1], { ...USAGE, ...answering });
});

Deno.test("a failure is an event, and what had arrived is kept", async () => {
  const failure = new PyraError("network", "stream_broken", "it broke", { hint: "ask again" });
  const { events, result } = await play(scene([text("Once upon"), failure]));
  assert.deepEqual(events.slice(1), [
    { type: "error", error: failure.report() },
    { type: "done", reason: "error" },
  ]);
  assert.deepEqual(result.error, failure.report());
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Once upon", tool_calls: [] }]);
});

Deno.test("a provider that throws nonsense is an error too", async () => {
  const { events, result } = await play(scene([new TypeError("x is not a function")]));
  assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
  assert.equal(result.error?.code, "unexpected");
  assert.deepEqual(result.messages, []);
});

Deno.test("a cancelled turn keeps its text, and is no error", async () => {
  const { events, result } = await play(scene([text("Once upon"), "abort", text(" a time")]));
  assert.deepEqual(events.map(({ type }) => type), ["text", "done"]);
  assert.equal(result.reason, "cancelled");
  assert.deepEqual(result.messages, [{ role: "assistant", text: "Once upon", tool_calls: [] }]);
});

Deno.test("a turn that was cancelled before it began asks nothing", async () => {
  const stage = scene([text("x"), FINISH]);
  stage.controller.abort();
  const { result } = await play(stage);
  assert.deepEqual([result.reason, stage.requests.length], ["cancelled", 0]);
});

Deno.test("old exchanges are left out when the window is small", async () => {
  const old: Message[] = Array.from({ length: 20 }, (_, index): Message[] => [
    { role: "user", parts: [{ type: "text", text: `question ${index} ${"x ".repeat(200)}` }] },
    { role: "assistant", text: "y ".repeat(200), tool_calls: [] },
  ]).flat();
  const messages: Message[] = [{ role: "system", text: "be kind" }, ...old, QUESTION];
  const sent = async (contextWindow?: number, tokenRatio = 1) => {
    const stage = scene([text("ok"), FINISH]);
    await play(stage, { messages, limits: { contextWindow, tokenRatio } });
    return stage.requests[0]?.messages ?? [];
  };
  assert.equal((await sent()).length, messages.length);
  const some = await sent(2_000);
  assert.ok(some.length > 2 && some.length < messages.length);
  assert.deepEqual([some[0], some.at(-1)], [messages[0], QUESTION]);
  assert.ok((await sent(2_000, 2)).length < some.length, "a known error of the estimate counts");
});

Deno.test("limits and tools reach the model, and nothing that was not set", async () => {
  const stage = scene([FINISH]);
  await play(stage);
  assert.deepEqual(Object.keys(stage.requests[0] ?? {}).sort(), ["messages", "model"]);
  const full = scene([FINISH]);
  const limits = { temperature: 0, maxOutputTokens: 9, stream: false };
  await play(full, { tools: TOOLS, limits });
  const { messages: _, ...rest } = full.requests[0] ?? {};
  assert.deepEqual(rest, {
    model: "m",
    tools: TOOLS,
    temperature: 0,
    max_output_tokens: 9,
    stream: false,
  });
});

Deno.test("leaving a turn early ends the provider's stream", async () => {
  let isClosed = false;
  const provider: TurnProvider = {
    id: "p",
    async *stream() {
      try {
        for (;;) yield await Promise.resolve(text("x"));
      } finally {
        isClosed = true;
      }
    },
    listModels: () => Promise.resolve([]),
  };
  const choice = { provider: "p", model: "m" };
  const turn = { provider, choice, messages: [QUESTION] };
  for await (const _ of runTurn(turn, {}, new AbortController().signal)) break;
  assert.ok(isClosed);
});
