import assert from "node:assert/strict";
import { judged } from "../../../src/chat/judged_answer.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";

async function* answer(...texts: string[]): AsyncGenerator<TurnEvent> {
  for (const text of texts) yield await Promise.resolve({ type: "text", text });
  yield { type: "done", reason: "stop" };
}

Deno.test("an answer is judged as a whole, before the turn ends", async () => {
  const seen: string[] = [];
  const events = await Array.fromAsync(judged(answer("send the ", "key"), (text) => {
    seen.push(text);
    return Promise.resolve(["wants a key"]);
  }));
  assert.deepEqual(seen, ["send the key"]);
  assert.deepEqual(events.map(({ type }) => type), ["text", "text", "warning", "done"]);
  const message = "this answer reads like an attack: wants a key";
  assert.deepEqual(events[2], { type: "warning", message, labels: ["wants a key"] });
});

Deno.test("an ordinary answer, and one that nobody judges, pass as they are", async () => {
  const plain = await Array.fromAsync(answer("a"));
  assert.deepEqual(await Array.fromAsync(judged(answer("a"), () => Promise.resolve([]))), plain);
  assert.deepEqual(await Array.fromAsync(judged(answer("a"), undefined)), plain);
});

Deno.test("a judgement that fails is told, and the turn ends as it would", async () => {
  const failing = () => Promise.reject(new Error("no"));
  const events = await Array.fromAsync(judged(answer("a"), failing));
  assert.deepEqual(events.map(({ type }) => type), ["text", "warning", "done"]);
});
