import assert from "node:assert/strict";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { says, type Step } from "./scripted_provider.ts";
import { ask, CHOICE, NEVER, onStage, say, textsOf } from "./stage.ts";

Deno.test("a question is answered, and the next one carries the history", async () => {
  await onStage([says("blue"), says("red")], async ({ ports, provider, opened }) => {
    await using talk = startConversation(ports, { choice: CHOICE, system: "be brief" });
    const events = await ask(talk, "sky?");
    assert.deepEqual(events.map(({ type }) => type), ["text", "usage", "done"]);
    assert.deepEqual(events.at(-1), { type: "done", reason: "stop", session: talk.id });
    await ask(talk, "rose?");
    assert.deepEqual(textsOf(provider.requests[1]?.messages ?? []), [
      "be brief",
      "user: sky?",
      "assistant: blue",
      "user: rose?",
    ]);
    assert.deepEqual(textsOf(talk.messages), [
      "user: sky?",
      "assistant: blue",
      "user: rose?",
      "assistant: red",
    ]);
    assert.deepEqual(opened, ["demo/demo-1"], "the provider is opened once");
    assert.equal(talk.title, "sky?");
  });
});

Deno.test("a conversation in which nothing was asked leaves no file and opens no provider", async () => {
  await onStage([], async ({ ports, folder, opened }) => {
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      await talk.setSystem("be brief");
      await talk.use({ provider: "demo", model: "demo-2" });
      await using _copy = await talk.fork();
      assert.equal(await talk.takeBack(), undefined);
    }
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
    assert.deepEqual(opened, []);
  });
});

Deno.test("every event is in the file before it is shown", async () => {
  const script: Step[] = [
    { type: "reasoning", text: "hm" },
    ..."many small words ".repeat(40).split(" ").map((text) => ({ type: "text" as const, text })),
    30,
    { type: "text", text: "late" },
    { type: "warning", message: "slow" },
    ...says("end"),
  ];
  await onStage([script], async ({ ports, lines }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const shown: TurnEvent[] = [];
    for await (const event of talk.send(say("go"), NEVER)) {
      shown.push(event);
      const written = await lines(talk);
      assert.equal(written[1]?.type, "question");
      if (event.type === "done") assert.equal(written.at(-1)?.type, "turn");
      else assert.deepEqual(written.slice(2).at(shown.length - 1), event);
    }
    assert.ok(shown.length < 12, "words that come together are one event");
  });
});

Deno.test("text that comes slowly is shown at once", async () => {
  const words = ["a", "b", "c"].flatMap((text): Step[] => [60, { type: "text", text }]);
  await onStage([[...words, ...says("")]], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const started = performance.now();
    const seen: [string, number][] = [];
    for await (const event of talk.send(say("go"), NEVER)) {
      if (event.type === "text") seen.push([event.text, performance.now() - started]);
    }
    assert.equal(seen[0]?.[0], "a");
    assert.ok((seen[0]?.[1] ?? 999) < 115, "the first word waits for no other");
    assert.ok(seen.length >= 3);
  });
});

Deno.test("another model is opened anew, the same one is not", async () => {
  await onStage([], async ({ ports, opened, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "a");
    await talk.use({ ...CHOICE });
    await ask(talk, "b");
    await talk.use({ provider: "other", model: "m" });
    await ask(talk, "c");
    assert.deepEqual(opened, ["demo/demo-1", "other/m"]);
    assert.deepEqual(provider.requests.map(({ model }) => model), ["demo-1", "demo-1", "m"]);
  });
});

Deno.test("usage is kept by model, with cached tokens, and survives a resume", async () => {
  await onStage([says("1", 3), says("2", 4), says("3")], async ({ ports }) => {
    let id = "";
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      id = talk.id;
      await ask(talk, "a");
      await ask(talk, "b");
      await talk.takeBack();
      await talk.use({ provider: "demo", model: "demo-2" });
      await ask(talk, "c");
    }
    await using talk = await resumeConversation(ports, id);
    const one = { input_tokens: 10, output_tokens: 5, cached_tokens: 0 };
    assert.deepEqual(talk.usage, [
      {
        ...CHOICE,
        requests: 2,
        usage: { input_tokens: 20, output_tokens: 10, cached_tokens: 7 },
      },
      { provider: "demo", model: "demo-2", requests: 1, usage: one },
    ]);
    assert.deepEqual(talk.choice, { provider: "demo", model: "demo-2" });
  });
});

Deno.test("a question that was taken back is gone from the history, also after a resume", async () => {
  await onStage([says("1"), says("2"), says("3")], async ({ ports, provider }) => {
    let id = "";
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      id = talk.id;
      await ask(talk, "a");
      await ask(talk, "b");
      assert.deepEqual(await talk.takeBack(), say("b"));
    }
    await using talk = await resumeConversation(ports, id);
    await ask(talk, "c");
    const sent = ["user: a", "assistant: 1", "user: c"];
    assert.deepEqual(textsOf(provider.requests[2]?.messages ?? []), sent);
  });
});

Deno.test("system text and model can be changed on the way and at a resume", async () => {
  await onStage([], async ({ ports, provider, opened }) => {
    let id = "";
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      id = talk.id;
      await ask(talk, "a");
      await talk.setSystem("be kind");
      await ask(talk, "b");
    }
    {
      await using talk = await resumeConversation(ports, id, {
        choice: { provider: "other", model: "m" },
        system: "be brief",
      });
      await ask(talk, "c");
    }
    await using talk = await resumeConversation(ports, id);
    assert.deepEqual([talk.system, talk.choice.model], ["be brief", "m"]);
    const systems = provider.requests.map(({ messages }) => textsOf(messages)[0]);
    assert.deepEqual(systems, ["user: a", "be kind", "be brief"]);
    assert.deepEqual(opened, ["demo/demo-1", "other/m"]);
  });
});

Deno.test("the model is told who speaks, the day, and the person's own words last", async () => {
  await onStage([], async ({ ports, provider }) => {
    const now = () => new Date(2025, 2, 3, 12).getTime();
    const names = { assistantName: "Ada", userName: "Kim" };
    const options = { choice: CHOICE, system: "be brief", ...names };
    await using talk = startConversation({ ...ports, now }, options);
    await ask(talk, "a");
    const [first] = provider.requests[0]?.messages ?? [];
    assert.ok(first?.role === "system");
    assert.match(first.text, /Ada.*Kim[^]*Mon Mar 03 2025[^]*be brief$/);
  });
});

Deno.test("a fork goes its own way", async () => {
  await onStage([says("1"), says("2"), says("3")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "a");
    await using copy = await talk.fork();
    await ask(copy, "b");
    await ask(talk, "c");
    assert.notEqual(copy.id, talk.id);
    assert.deepEqual(textsOf(copy.messages), [
      "user: a",
      "assistant: 1",
      "user: b",
      "assistant: 2",
    ]);
    assert.deepEqual(textsOf(talk.messages), [
      "user: a",
      "assistant: 1",
      "user: c",
      "assistant: 3",
    ]);
  });
});

Deno.test("a fork has the model and system text of now, not those of the start", async () => {
  await onStage([], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE, system: "old" });
    await ask(talk, "a");
    await talk.use({ provider: "other", model: "m" });
    await talk.setSystem("new");
    await using copy = await talk.fork();
    assert.deepEqual([copy.choice.provider, copy.system, copy.title], ["other", "new", "a"]);
  });
});

Deno.test("a history beyond the model's window loses its oldest turns, and no call its result", async () => {
  const calls = (id: string): Step[] => [
    { type: "text", text: "let me look ".repeat(20) },
    { type: "tool_call", call: { id, name: "look", arguments: "{}" } },
    { type: "finish", reason: "tool_calls" },
  ];
  const scripts = [1, 2, 3, 4, 5, 6].flatMap((n) => [calls(`${n}`), says("found ".repeat(50))]);
  await onStage(scripts, async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 200 });
    for (let n = 1; n <= 6; n++) await ask(talk, `question ${n}`);
    await ask(talk, "last");
    const sent = provider.requests.at(-1)?.messages ?? [];
    assert.equal(sent[0]?.role, "system");
    assert.deepEqual(sent.at(-1), { role: "user", parts: say("last") });
    const questions = textsOf(sent).filter((text) => text.startsWith("user"));
    assert.ok(questions.length > 1 && questions.length < 7, questions.join());
    assert.equal(questions[0], `user: question ${8 - questions.length}`);
    assert.equal(talk.messages.length, 6 * 4 + 2, "the conversation itself keeps everything");
  }, { contextWindow: () => 400 });
});
