import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelEvent } from "../../../src/protocol/model.ts";
import { type Answer, FAILURES, ODDITIES, startModelServer } from "../../fakes/model_server.ts";
import { ask, at, collect, ofType, question } from "./collect.ts";

const CODES: Record<keyof typeof FAILURES, string> = {
  bad_key: "bad_key",
  forbidden: "bad_key",
  no_such_model: "no_such_model",
  no_such_path: "bad_base_url",
  rate_limited: "rate_limited",
  quota_exhausted: "quota_exhausted",
  context_too_long: "context_too_long",
  bad_request: "bad_request",
  server_error: "server_down",
  overloaded: "server_down",
  not_json: "bad_answer",
  wrong_shape: "bad_answer",
  cut_at_once: "network",
  cut: "stream_broken",
  malformed_at_once: "bad_answer",
  malformed: "stream_broken",
  error_in_stream: "stream_broken",
  ends_early: "stream_broken",
};

for (const [name, answer] of Object.entries(FAILURES) as [keyof typeof FAILURES, Answer][]) {
  Deno.test(`the failure "${name}" is told apart and says what to do`, async () => {
    await using server = await startModelServer(answer);
    const outcome = await ask(at(server.url));
    assert.equal(outcome.error?.code, CODES[name]);
    assert.notEqual(outcome.error?.hint, "");
    assert.match(outcome.error?.message ?? "", /^[^\n]+[^.\n]$/);
    if (CODES[name] === "stream_broken") {
      assert.ok(outcome.text.startsWith("The answer that"), "what arrived is kept");
      assert.equal(ofType(outcome, "warning").length, 1);
      assert.equal(ofType(outcome, "finish").length, 0);
    } else {
      assert.deepEqual(outcome.events, []);
    }
    assert.equal(server.requests.length, 1, "nothing is asked twice");
  });
}

Deno.test("an answer streams as text, reasoning, usage and finish, in that order", async () => {
  await using server = await startModelServer({
    reasoning: "Let me think.",
    text: "Hello, Ada.",
    usage: { input: 12, output: 3, cached: 8 },
  });
  const outcome = await ask(at(server.url));
  assert.equal(outcome.text, "Hello, Ada.");
  assert.equal(ofType(outcome, "reasoning").map((event) => event.text).join(""), "Let me think.");
  assert.deepEqual(outcome.events.slice(-2), [
    { type: "usage", usage: { input_tokens: 12, output_tokens: 3, cached_tokens: 8 } },
    { type: "finish", reason: "stop" },
  ]);
});

Deno.test("reasoning is found under its other name, and in one piece", async () => {
  await using server = await startModelServer({
    reasoning: "Hm.",
    reasoning_field: "reasoning",
    text: "Yes.",
  });
  for (const stream of [true, false]) {
    const outcome = await ask(at(server.url), question("hi", { stream }));
    assert.equal(ofType(outcome, "reasoning")[0]?.text, "Hm.");
    assert.equal(outcome.text, "Yes.");
  }
});

for (const stream of [true, false]) {
  Deno.test(`odd answers are whole answers (${stream ? "streamed" : "in one piece"})`, async () => {
    for (const [name, answer] of Object.entries<Answer>(ODDITIES)) {
      await using server = await startModelServer(answer);
      const outcome = await ask(at(server.url), question("hi", { stream }));
      assert.equal(outcome.error, undefined, name);
      const expected = [answer.text ?? ""].flat().join("") +
        (name === "echo" ? "Bearer sk-test" : "");
      assert.equal(outcome.text, expected, name);
      const reason = answer.tool_calls === undefined ? "stop" : "tool_calls";
      assert.deepEqual(outcome.events.at(-1), { type: "finish", reason }, name);
      assert.deepEqual(
        ofType(outcome, "tool_call").map(({ call }) => call),
        answer.tool_calls ?? [],
        name,
      );
      assert.equal(ofType(outcome, "usage").length, answer.usage === null ? 0 : 1, name);
    }
  });
}

for (const hang_after of [0, 3]) {
  Deno.test(`aborting ends a stream that hangs after ${hang_after} events with the reason`, async () => {
    await using server = await startModelServer({ text: "one two three four", hang_after });
    const controller = new AbortController();
    const reason = new Error("enough");
    const events: ModelEvent[] = [];
    const reading = (async () => {
      for await (const event of at(server.url).stream(question("hi"), controller.signal)) {
        events.push(event);
      }
    })();
    const request = await server.request(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort(reason);
    await assert.rejects(reading, reason);
    assert.equal(events.length, Math.max(0, hang_after - 1));
    if (!request.abandoned.aborted) {
      await new Promise((resolve) => request.abandoned.addEventListener("abort", resolve));
    }
  });
}

Deno.test("leaving a stream early hangs up", async () => {
  await using server = await startModelServer({ text: "one two three", hang_after: 2 });
  for await (const _ of at(server.url).stream(question("hi"), new AbortController().signal)) break;
  const { abandoned } = await server.request(0);
  if (!abandoned.aborted) {
    await new Promise((resolve) => abandoned.addEventListener("abort", resolve));
  }
});

Deno.test("an aborted signal sends nothing", async () => {
  await using server = await startModelServer();
  const reason = new Error("too late");
  const stream = at(server.url).stream(question("hi"), AbortSignal.abort(reason));
  await assert.rejects(async () => await stream[Symbol.asyncIterator]().next(), reason);
  assert.equal(server.requests.length, 0);
});

Deno.test("a server that falls silent is given up, before and in its answer", async () => {
  for (
    const [script, code] of [[{ delay_ms: 60_000 }, "network"], [{
      text: "a b c",
      hang_after: 2,
    }, "stream_broken"]] as const
  ) {
    await using server = await startModelServer(script);
    const outcome = await ask(at(server.url, "openai", { idleLimitMs: 60 }));
    assert.equal(outcome.error?.code, code);
    const told = `${outcome.error?.message} ${ofType(outcome, "warning")[0]?.message}`;
    assert.match(told, /did not answer in time/);
  }
});

Deno.test("a reader who pauses loses nothing", async () => {
  await using server = await startModelServer({ text: Array(40).fill("x".repeat(20_000)) });
  const provider = at(server.url, "openai", { idleLimitMs: 60 });
  let length = 0;
  for await (const event of provider.stream(question("hi"), new AbortController().signal)) {
    if (event.type !== "text") continue;
    if (length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
    length += event.text.length;
  }
  assert.equal(length, 800_000);
});

Deno.test("a stream that is not named as one, and one piece where a stream was asked, are read", async () => {
  const chunk = (delta: unknown, finish_reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ delta, finish_reason }] })}\r\n\r\n`;
  const body = `: keep-alive\r\n\r\n${chunk({ content: "plain" }, null)}${chunk({}, "stop")}`;
  await using plain = await startModelServer({ body, headers: { "content-type": "text/plain" } });
  assert.equal((await ask(at(plain.url))).text, "plain");
  const whole = { choices: [{ message: { content: "whole" }, finish_reason: "length" }] };
  await using server = await startModelServer({ body: whole });
  const outcome = await ask(at(server.url));
  assert.equal(outcome.text, "whole");
  assert.deepEqual(outcome.events.at(-1), { type: "finish", reason: "length" });
});

Deno.test("an answer that never ends is cut off at a bound", async () => {
  const encoder = new TextEncoder();
  const line = encoder.encode(`data: ${"x".repeat(1_000_000)}`);
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(line),
  });
  const outcome = await ask(at("http://127.0.0.1:9/v1", "openai", {
    fetch: () => Promise.resolve(new Response(endless)),
  }));
  assert.equal(outcome.error?.code, "bad_answer");
});

Deno.test("any text arrives whole, however its bytes are split", async () => {
  const random = fc.sample(fc.string({ unit: "grapheme", maxLength: 60 }), 12);
  for (const [index, text] of random.entries()) {
    await using server = await startModelServer({ text: [text], piece_bytes: 1 + index % 3 });
    assert.equal(
      (await collect(at(server.url).stream(question("hi"), new AbortController().signal))).text,
      text,
    );
  }
});

const NO_TOOLS: readonly Answer[] = [
  {
    status: 400,
    body: { error: { message: "registry.ollama.ai/library/gemma does not support tools" } },
  },
  { status: 404, body: { error: { message: "No endpoints found that support tool use." } } },
  {
    status: 400,
    body: { error: { message: '"auto" tool choice requires --enable-auto-tool-choice to be set' } },
  },
  { status: 500, body: { error: { message: "tools param requires --jinja flag" } } },
  { status: 400, body: { error: { message: "Unrecognized request argument supplied: tools" } } },
];

for (const refusal of NO_TOOLS) {
  const { message } = (refusal.body as { error: { message: string } }).error;
  Deno.test(`a model that takes no tools answers without them: ${message}`, async () => {
    await using server = await startModelServer([refusal, { text: "Hello." }]);
    const provider = at(server.url);
    const tools = [{
      name: "clock",
      description: "tells the time",
      parameters: { type: "object" },
    }];
    const outcome = await ask(provider, { ...question("hi"), tools });
    assert.equal(outcome.text, "Hello.");
    assert.match(ofType(outcome, "warning")[0]?.message ?? "", /takes no tools/);
    assert.equal(server.requests[1]?.body.tools, undefined);
    const second = await ask(provider, { ...question("again"), tools });
    assert.deepEqual(ofType(second, "warning"), [], "it is said once");
    assert.equal(server.requests.length, 3, "it is not tried again");
  });
}

Deno.test("a tool that is described wrongly is the tool's mistake, not the model's", async () => {
  const message = "Invalid schema for function 'clock': 'zone' is not of type 'object'.";
  await using server = await startModelServer([{ status: 400, body: { error: { message } } }]);
  const tools = [{ name: "clock", description: "tells the time", parameters: { type: "object" } }];
  const outcome = await ask(at(server.url), { ...question("hi"), tools });
  assert.equal(outcome.error?.code, "bad_request");
  assert.equal(server.requests.length, 1);
});
