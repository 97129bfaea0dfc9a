import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelEvent } from "../../../src/protocol/model.ts";
import { Answer as OpenAiAnswer } from "../../../src/providers/openai_answer.ts";
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

Deno.test("a request without tools is small and tells nothing about this machine", async () => {
  await using server = await startModelServer();
  await ask(at(server.url), question("What is the capital of Mongolia?"));
  const [request] = server.requests;
  assert.ok(request !== undefined && request.bytes < 200, `${request?.bytes} bytes`);
  assert.deepEqual(request.body, {
    model: "m",
    messages: [{ role: "user", content: "What is the capital of Mongolia?" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const names = Object.keys(request.headers);
  assert.deepEqual(names.filter((name) => name.startsWith("x-") || name.startsWith("openai")), []);
  assert.equal(request.headers["authorization"], "Bearer sk-test");
});

Deno.test("the key stands where the provider's placement says, and nowhere without a key", async () => {
  await using server = await startModelServer();
  await ask(at(server.url, "azure"));
  await ask(at(server.url, "custom", { apiKey: null }));
  assert.equal(server.requests[0]?.headers["api-key"], "sk-test");
  assert.equal(server.requests[0]?.headers["authorization"], undefined);
  assert.equal(server.requests[1]?.headers["authorization"], undefined);
});

Deno.test("images go as data URLs, and what a whole conversation holds arrives", async () => {
  await using server = await startModelServer();
  await ask(at(server.url), {
    model: "m",
    temperature: 0.5,
    max_output_tokens: 99,
    messages: [
      { role: "system", text: "Be kind." },
      { role: "user", parts: [{ type: "text", text: "one" }, { type: "text", text: "two" }] },
      {
        role: "assistant",
        text: "",
        tool_calls: [{ id: "c1", name: "notes.add", arguments: "{broken" }],
      },
      { role: "tool", call_id: "c1", text: "no" },
      { role: "assistant", text: "Sorry.", tool_calls: [] },
      {
        role: "user",
        parts: [
          { type: "text", text: "see" },
          { type: "image", media_type: "image/png", data: "AAAA", name: "a.png" },
        ],
      },
    ],
  });
  const { messages, ...rest } = server.requests[0]?.body ?? {};
  assert.deepEqual(messages, [
    { role: "system", content: "Be kind." },
    { role: "user", content: "one\n\ntwo" },
    {
      role: "assistant",
      content: null,
      tool_calls: [
        { id: "c1", type: "function", function: { name: "notes_add", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "c1", content: "no" },
    { role: "assistant", content: "Sorry." },
    {
      role: "user",
      content: [
        { type: "text", text: "see" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
      ],
    },
  ]);
  assert.equal(rest.max_completion_tokens, 99);
  assert.equal(rest.temperature, 0.5);
});

Deno.test("tools are offered under names that the wire takes, and called under their own", async () => {
  await using server = await startModelServer({
    tool_calls: [{ id: "1", name: "notes_add_2", arguments: "{}" }],
  });
  const tool = (name: string) => ({ name, description: name, parameters: { type: "object" } });
  const tools = [tool("notes_add"), tool("notes.add")];
  const outcome = await ask(at(server.url), question("hi", { tools }));
  const sent = server.requests[0]?.body.tools;
  assert.deepEqual(
    sent.map((one: { function: { name: string } }) => one.function.name),
    ["notes_add", "notes_add_2"],
  );
  assert.equal(ofType(outcome, "tool_call")[0]?.call.name, "notes.add");
});

Deno.test("parameters that a server refuses are left out, renamed, and not sent again", async () => {
  await using server = await startModelServer({
    text: "Done.",
    refuse_parameters: ["stream_options", "max_completion_tokens", "temperature"],
  });
  const provider = at(server.url);
  const request = question("hi", { temperature: 0.1, max_output_tokens: 5 });
  const outcome = await ask(provider, request);
  assert.equal(outcome.text, "Done.");
  assert.match(ofType(outcome, "warning")[0]?.message ?? "", /temperature/);
  const { max_tokens, ...last } = server.requests[3]?.body ?? {};
  assert.equal(max_tokens, 5);
  assert.deepEqual(Object.keys(last).sort(), ["messages", "model", "stream"]);
  assert.equal(ofType(await ask(provider, request), "warning").length, 0);
  assert.equal(server.requests.length, 5);
});

Deno.test("a refused value is not taken for a refused parameter", async () => {
  const body = { error: { message: "max_tokens is too large: 99999", param: "max_tokens" } };
  await using server = await startModelServer({ status: 400, body });
  const outcome = await ask(at(server.url, "groq"), question("hi", { max_output_tokens: 99999 }));
  assert.equal(outcome.error?.code, "bad_request");
  assert.equal(server.requests.length, 1);
});

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

function whole(...chunks: unknown[]): ModelEvent[] {
  const answer = new OpenAiAnswer();
  return [...chunks.flatMap((chunk) => [...answer.takeChunk(chunk)]), ...answer.end()];
}

function callsOf(...fragments: unknown[]): string[] {
  const chunks = fragments.map((one) => ({ choices: [{ delta: { tool_calls: [one] } }] }));
  return whole(...chunks).flatMap((event) =>
    event.type === "tool_call" ? [`${event.call.name} ${event.call.arguments}`] : []
  );
}

Deno.test("tool calls are put together however servers number them", () => {
  const part = (more: object, name?: string, args?: unknown) => ({
    ...more,
    function: { name, arguments: args },
  });
  const expected = ['a {"x":1}', "b {}"];
  const cases = {
    "interleaved": [
      part({ index: 0, id: "1" }, "a", '{"x"'),
      part({ index: 1, id: "2" }, "b", ""),
      part({ index: 0 }, undefined, ":1}"),
      part({ index: 1 }, undefined, "{}"),
    ],
    "all with index 0": [
      part({ index: 0, id: "1" }, "a", '{"x":1}'),
      part({ index: 0, id: "2" }, "b", "{}"),
    ],
    "without an index": [
      part({ id: "1" }, "a", '{"x"'),
      part({}, undefined, ":1}"),
      part({ id: "2" }, "b", "{}"),
    ],
    "without index or id": [part({}, "a", '{"x":1}'), part({}, "b", "{}")],
    "with arguments as an object": [part({ index: 0 }, "a", { x: 1 }), part({ index: 1 }, "b")],
    "with the same id twice": [
      part({ index: 0, id: "1" }, "a", '{"x":1}'),
      part({ index: 1, id: "1" }, "b", "{}"),
    ],
  };
  for (const [name, fragments] of Object.entries(cases)) {
    assert.deepEqual(callsOf(...fragments), expected, name);
  }
  const twins = whole({ choices: [{ delta: { tool_calls: cases["with the same id twice"] } }] });
  const ids = twins.flatMap((event) => event.type === "tool_call" ? [event.call.id] : []);
  assert.equal(new Set(ids).size, 2);
});

Deno.test("a tool call that the output limit cut is left out", () => {
  const call = { index: 0, id: "1", function: { name: "a", arguments: '{"path": "/ho' } };
  const events = whole({ choices: [{ delta: { tool_calls: [call] }, finish_reason: "length" }] });
  assert.deepEqual(events.map(({ type }) => type), ["warning", "finish"]);
});

Deno.test("no chunk, however strange, breaks the reader", () => {
  const strange = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(null, 0, -1, 1e99, "", "length", "\u001b[2J"),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ..."choices delta content tool_calls function name arguments id index usage".split(" "),
          ..."prompt_tokens completion_tokens finish_reason text thinking __proto__ 0".split(" "),
        ),
        tie("json"),
        { maxKeys: 4 },
      ),
    ),
  })).json;
  fc.assert(fc.property(fc.array(strange, { maxLength: 5 }), (chunks) => {
    const events = whole(...chunks);
    assert.equal(events.at(-1)?.type, "finish");
    for (const event of events) {
      if (event.type === "text") assert.equal(typeof event.text, "string");
    }
  }));
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
