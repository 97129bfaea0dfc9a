/**
 * A model that says what a test tells it, and refuses requests that strict providers would refuse.
 * @module
 */
import assert from "node:assert/strict";
import type { Message } from "../../../src/protocol/message.ts";
import type { ModelEvent, ModelProvider, ModelRequest } from "../../../src/protocol/model.ts";

/** What the model does next: says an event, fails, waits so many ms, or waits for its abort. */
export type Step = ModelEvent | Error | number | "hang";

/** An answer in one piece with its usage. */
export function says(text: string, cached = 0): Step[] {
  return [
    { type: "text", text },
    { type: "usage", usage: { input_tokens: 10, output_tokens: 5, cached_tokens: cached } },
    { type: "finish", reason: "stop" },
  ];
}

/** A model that plays one script a request; after the last it says "ok". */
export class ScriptedProvider implements ModelProvider {
  readonly id: string;
  readonly requests: ModelRequest[] = [];
  readonly #scripts: Step[][];

  constructor(scripts: Step[][] = [], id = "demo") {
    this.#scripts = scripts;
    this.id = id;
  }

  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    this.requests.push(structuredClone(request));
    assertTakeable(request.messages);
    for (const step of this.#scripts.shift() ?? says("ok")) {
      signal.throwIfAborted();
      if (step instanceof Error) throw step;
      if (step === "hang" || typeof step === "number") await wait(step, signal);
      else yield step;
    }
  }

  listModels(): Promise<string[]> {
    return Promise.resolve(["demo-1"]);
  }
}

function wait(time: number | "hang", signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, time === "hang" ? 600_000 : time);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Roles alternate, every call has its result at once, nothing is empty, the last word is not the model's. */
export function assertTakeable(messages: readonly Message[]): void {
  const shape = messages.map(({ role }) => role).join(" ");
  const [first, ...others] = messages;
  const rest = first?.role === "system" ? others : messages;
  assert.equal(rest[0]?.role, "user", shape);
  assert.notEqual(rest.at(-1)?.role, "assistant", shape);
  let open: string[] = [];
  rest.forEach((message, at) => {
    const before = rest[at - 1]?.role;
    if (message.role === "tool") {
      assert.ok(open.includes(message.call_id), `a result without its call: ${shape}`);
      open = open.filter((id) => id !== message.call_id);
      return;
    }
    assert.deepEqual(open, [], `calls without results: ${shape}`);
    assert.notEqual(message.role, "system", shape);
    assert.notEqual(message.role, before, shape);
    if (message.role === "user") {
      assert.notEqual(before, "tool", shape);
      assert.ok(message.parts.length > 0, "an empty question");
    }
    if (message.role === "assistant") {
      open = message.tool_calls.map(({ id }) => id);
      assert.ok(message.text.trim() !== "" || open.length > 0, "an empty answer");
    }
  });
  assert.deepEqual(open, [], `calls without results: ${shape}`);
}
