import assert from "node:assert/strict";
import { startModelServer } from "../../fakes/model_server.ts";
import { ask, at, ofType, question } from "./collect.ts";

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
