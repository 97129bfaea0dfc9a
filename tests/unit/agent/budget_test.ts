import assert from "node:assert/strict";
import fc from "fast-check";
import {
  estimateMessage,
  estimateRequest,
  estimateTokens,
  ratioOf,
  trimHistory,
} from "../../../src/agent/budget.ts";
import type { Message } from "../../../src/protocol/message.ts";

Deno.test("the estimate knows scripts apart", () => {
  const english = "The quick brown fox jumps over the lazy dog. ".repeat(20);
  const japanese = "速い茶色の狐が怠け者の犬を飛び越える。".repeat(20);
  assert.ok(Math.abs(estimateTokens(english) / (english.length / 4) - 1) < 0.1);
  assert.ok(Math.abs(estimateTokens(japanese) / japanese.length - 1) < 0.1);
  const russian = "съешь ещё этих мягких французских булок".repeat(20);
  assert.ok(estimateTokens(russian) > russian.length / 3);
  assert.equal(estimateTokens(""), 0);
});

Deno.test("an image costs the same whatever its size", () => {
  const image = (data: string): Message => ({
    role: "user",
    parts: [{ type: "image", media_type: "image/png", data }],
  });
  assert.equal(estimateMessage(image("A")), estimateMessage(image("A".repeat(1_000_000))));
  assert.ok(estimateMessage(image("A")) > 500);
});

Deno.test("what a provider reports corrects the estimate, within bounds, if it tells anything", () => {
  const reported = (input_tokens: number) => ({ input_tokens, output_tokens: 0, cached_tokens: 0 });
  assert.equal(ratioOf(1_000, reported(1_500), 1), 1.5);
  assert.equal(ratioOf(1_000, reported(100_000), 1), 3);
  assert.equal(ratioOf(1_000, reported(1), 1), 0.5);
  assert.equal(ratioOf(10, reported(90), 1.2), 1.2);
  assert.equal(ratioOf(1_000, reported(0), 1.2), 1.2);
});

const TEXT = fc.string({ maxLength: 40 });
/** A conversation as turns leave it: every call is followed by its result. */
const HISTORY: fc.Arbitrary<Message[]> = fc.tuple(
  fc.array(TEXT.map((text): Message => ({ role: "system", text })), { maxLength: 2 }),
  fc.array(
    fc.tuple(TEXT, fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), TEXT),
    { maxLength: 8 },
  ),
  TEXT,
).map(([system, exchanges, last]) => {
  let serial = 0;
  const spoken = exchanges.flatMap(([question, rounds, answer]): Message[] => [
    { role: "user", parts: [{ type: "text", text: question }] },
    ...rounds.flatMap((count): Message[] => {
      const tool_calls = Array.from({ length: count }, () => ({
        id: `c${serial++}`,
        name: "t",
        arguments: "{}",
      }));
      const results = tool_calls.map(({ id }): Message => ({
        role: "tool",
        call_id: id,
        text: "r",
      }));
      return [{ role: "assistant", text: answer, tool_calls }, ...results];
    }),
  ]);
  return [...system, ...spoken, { role: "user", parts: [{ type: "text", text: last }] }];
});

Deno.test("a trimmed history keeps what it must, drops the oldest, and splits no call", () => {
  fc.assert(fc.property(HISTORY, fc.integer({ min: -50, max: 600 }), (messages, budget) => {
    const kept = trimHistory(messages, budget);
    const system = messages.filter(({ role }) => role === "system");
    assert.deepEqual(kept.slice(0, system.length), system);
    const spoken = kept.slice(system.length);
    assert.deepEqual(spoken, messages.slice(messages.length - spoken.length), "the newest stay");
    assert.equal(spoken.at(-1), messages.at(-1), "the question stays");
    assert.equal(spoken[0]?.role, "user", "an exchange stays whole");

    const called = spoken.flatMap((one) => one.role === "assistant" ? one.tool_calls : []);
    const answered = spoken.flatMap((one) => one.role === "tool" ? [one.call_id] : []);
    assert.deepEqual(answered, called.map(({ id }) => id));

    const exchanges = spoken.filter(({ role }) => role === "user").length;
    assert.ok(
      estimateRequest(kept) <= budget || exchanges === 1,
      "it fits, or is the least there is",
    );
    if (spoken.length < messages.length - system.length) {
      const start = messages.slice(0, messages.length - spoken.length).findLastIndex(({ role }) =>
        role === "user"
      );
      const more = [...system, ...messages.slice(start)];
      assert.ok(estimateRequest(more) > budget, "nothing is dropped without need");
    }
  }));
});

Deno.test("trimming takes odd histories as they are", () => {
  assert.deepEqual(trimHistory([], 10), []);
  const system: Message = { role: "system", text: "x" };
  assert.deepEqual(trimHistory([system], -1), [system]);
  const answer: Message = { role: "assistant", text: "hello", tool_calls: [] };
  assert.deepEqual(trimHistory([system, answer], 0), [system, answer]);
});
