import assert from "node:assert/strict";
import fc from "fast-check";
import { inBatches } from "../../../src/chat/batches.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";

async function* from(events: readonly (TurnEvent | number)[]): AsyncGenerator<TurnEvent, string> {
  for (const event of events) {
    if (typeof event === "number") await new Promise((resolve) => setTimeout(resolve, event));
    else yield event;
  }
  return "returned";
}

async function collect(
  batches: AsyncGenerator<TurnEvent[], string>,
): Promise<[TurnEvent[][], string]> {
  const all: TurnEvent[][] = [];
  while (true) {
    const step = await batches.next();
    if (step.done === true) return [all, step.value];
    all.push(step.value);
  }
}

const text = (text: string): TurnEvent => ({ type: "text", text });
const DONE: TurnEvent = { type: "done", reason: "stop" };

Deno.test("the first text comes alone, what follows soon comes together with the end", async () => {
  const [batches, returned] = await collect(inBatches(from([..."abcde"].map(text).concat(DONE))));
  assert.deepEqual(batches, [[text("a")], [text("bcde"), DONE]]);
  assert.equal(returned, "returned");
});

Deno.test("much text does not wait", async () => {
  const long = text("x".repeat(600));
  const [batches] = await collect(inBatches(from([text("a"), long, long, long, long])));
  assert.deepEqual(batches.map(([batch]) => batch?.type === "text" ? batch.text.length : 0), [
    1,
    1200,
    1200,
  ]);
});

Deno.test("text that no more follows is shown while the source is silent", async () => {
  const batches = inBatches(from([text("a"), text("b"), 500, DONE]));
  const started = performance.now();
  await batches.next();
  assert.deepEqual((await batches.next()).value, [text("b")]);
  assert.ok(performance.now() - started < 300);
  await batches[Symbol.asyncDispose]();
});

Deno.test("no event is lost, added or moved", async () => {
  const event = fc.oneof(
    fc.string({ minLength: 1, maxLength: 3 }).map(text),
    fc.constant<TurnEvent>({ type: "reasoning", text: "r" }),
    fc.constant<TurnEvent>({ type: "warning", message: "w" }),
    fc.constantFrom(0, 30),
  );
  const flat = (events: readonly (TurnEvent | number)[]) =>
    events.reduce<string>((all, each) => {
      if (typeof each === "number") return all;
      return all + (each.type === "text" || each.type === "reasoning"
        ? [...each.text].map((char) => `${each.type[0]}${char}`).join("")
        : each.type);
    }, "");
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 12 }), async (events) => {
      const [batches] = await collect(inBatches(from(events)));
      assert.ok(batches.every((batch) => batch.length > 0));
      assert.equal(flat(batches.flat()), flat(events));
    }),
    { numRuns: 60 },
  );
});

Deno.test("a source that throws is heard after the events before that, and is ended", async () => {
  let ended = 0;
  async function* failing(): AsyncGenerator<TurnEvent, string> {
    try {
      yield text("a");
      yield text("b");
      throw new Error("broken");
    } finally {
      ended++;
    }
  }
  await assert.rejects(collect(inBatches(failing())), /broken/);
  assert.equal(ended, 1);
});
