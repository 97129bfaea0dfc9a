import assert from "node:assert/strict";
import type { Message } from "../../../src/protocol/message.ts";
import type { ModelRequest } from "../../../src/protocol/model.ts";
import { openProvider } from "../../../src/providers/open.ts";
import { ask, entry, ofType, question } from "./collect.ts";

function noNetwork(): never {
  throw new Error("the demo needs no network");
}

const demo = openProvider(entry("demo"), { apiKey: null, fetch: noNetwork });

function user(text: string): Message {
  return { role: "user", parts: [{ type: "text", text }] };
}

const TOOLS = [{ name: "notes", description: "", parameters: { type: "object" } }];

Deno.test("the demo says what it is and how to get a real model", async () => {
  const { text } = await ask(demo, question("Hello!"));
  assert.match(text, /demo/);
  assert.match(text, /pyra setup/);
  assert.match((await ask(demo, question("What is 2 + 2?"))).text, /demo.*pyra setup/s);
});

Deno.test("the demo streams word by word, at once, and always the same", async () => {
  const began = performance.now();
  const one = await ask(demo, question("one  two\nthree"));
  const two = await ask(demo, question("one  two\nthree"));
  assert.ok(performance.now() - began < 500);
  assert.deepEqual(one, two);
  assert.match(one.text, /^You said: one {2}two\nthree\n/);
  for (const { text } of ofType(one, "text")) assert.match(text, /^\s*\S+\s*$/);
  assert.deepEqual(one.events.slice(-2).map(({ type }) => type), ["usage", "finish"]);
});

Deno.test("the demo remembers within a conversation, and from the system text", async () => {
  const messages: Message[] = [
    { role: "system", text: "You are Pyra.\nThe person's bicycle is red." },
    user("remember that my cat is called Miso"),
    { role: "assistant", text: "ok", tool_calls: [] },
  ];
  const about = async (topic: string) =>
    (await ask(demo, {
      model: "demo",
      messages: [...messages, user(`What do you know about ${topic}?`)],
    })).text;
  assert.match(await about("my cat"), /cat is called Miso/);
  assert.doesNotMatch(await about("my cat"), /bicycle/);
  assert.match(await about("the bicycle"), /bicycle is red/);
  assert.match(await about("my dog"), /^Nothing about my dog/);
  assert.match((await ask(demo, question("remember that I like tea"))).text, /I like tea/);
});

Deno.test("the demo calls a tool that is on offer, and only such a one", async () => {
  const use = (text: string, more: Partial<ModelRequest> = { tools: TOOLS }) =>
    ask(demo, question(text, more));
  const outcome = await use('use notes {"text": "buy milk"}');
  assert.deepEqual(ofType(outcome, "tool_call").map(({ call }) => call), [
    { id: "demo_1", name: "notes", arguments: '{"text": "buy milk"}' },
  ]);
  assert.deepEqual(outcome.events.at(-1), { type: "finish", reason: "tool_calls" });
  assert.equal(ofType(await use("use notes"), "tool_call")[0]?.call.arguments, "{}");
  for (
    const [text, more] of [["use knife {}", { tools: TOOLS }], ["use notes {}", {}], [
      "use notes [1",
      { tools: TOOLS },
    ]] as const
  ) {
    const refused = await use(text, more);
    assert.equal(ofType(refused, "tool_call").length, 0, text);
    assert.match(refused.text, /no tool|no JSON/, text);
  }
});

Deno.test("the demo tells what a tool answered", async () => {
  const messages: Message[] = [
    user("use notes {}"),
    { role: "assistant", text: "", tool_calls: [{ id: "demo_1", name: "notes", arguments: "{}" }] },
    { role: "tool", call_id: "demo_1", text: "Saved." },
  ];
  const outcome = await ask(demo, { model: "demo", messages, tools: TOOLS });
  assert.match(outcome.text, /Saved\./);
  assert.equal(ofType(outcome, "tool_call").length, 0);
});

Deno.test("the demo shows every kind of Markdown", async () => {
  const { text } = await ask(demo, question("show markdown"));
  for (const pattern of [/^# /m, /^1\. /m, /^ {3}- /m, /^\|/m, /^```ts$/m, /\]\(https/, /^> /m]) {
    assert.match(text, pattern);
  }
});

Deno.test("the demo stops when it is told to", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  await assert.rejects(async () => {
    for await (const _ of demo.stream(question("hello"), controller.signal)) {
      controller.abort(reason);
    }
  }, reason);
});

Deno.test("the demo calls several tools at once, by the names that people use", async () => {
  const tools = [...TOOLS, { name: "clock__now", description: "", parameters: {} }];
  const said = 'use notes {\n "text": "a"\n}\nuse clock.now';
  const outcome = await ask(demo, { model: "demo", messages: [user(said)], tools });
  assert.deepEqual(ofType(outcome, "tool_call").map(({ call }) => [call.id, call.name]), [
    ["demo_1", "notes"],
    ["demo_1_1", "clock__now"],
  ]);
  const calls = ofType(outcome, "tool_call").map(({ call }) => call);
  const told = await ask(demo, {
    model: "demo",
    messages: [
      user(said),
      { role: "assistant", text: "", tool_calls: calls },
      ...calls.map(({ id }): Message => ({ role: "tool", call_id: id, text: `answer ${id}` })),
    ],
    tools,
  });
  assert.match(told.text, /1\. answer demo_1\n2\. answer demo_1_1/);
});
