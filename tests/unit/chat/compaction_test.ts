import assert from "node:assert/strict";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { ConversationPlugins, ConversationPorts } from "../../../src/chat/ports.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { ask, CHOICE, onStage, textsOf } from "./stage.ts";
import { says, type Step } from "./scripted_provider.ts";

const LONG = "word ".repeat(1_300);
const warningsOf = (events: readonly TurnEvent[]) =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);
const ports = (more: Partial<ConversationPorts> = {}): Partial<ConversationPorts> => ({
  contextWindow: () => 4_000,
  ...more,
});
/** Two long turns, and a third question for which there is no room but by a summary. */
const TWO = [tell(LONG), tell(LONG)];

/** An answer whose tokens nobody counted. */
function tell(text: string): Step[] {
  return [{ type: "text", text }, { type: "finish", reason: "stop" }];
}

Deno.test("a conversation that is too long goes on with a summary, and keeps all that was said", async () => {
  await onStage(
    [...TWO, says("they spoke of words", 3), says("fine"), says("good")],
    async (stage) => {
      const { ports, provider } = stage;
      await using talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
      await ask(talk, "From now on call me Ada. one?");
      await ask(talk, "two?");
      assert.equal(provider.requests.length, 2, "there was room");
      const events = await ask(talk, "three?");
      assert.deepEqual(warningsOf(events), [
        "the 2 oldest turns were summarised to make room for more",
      ]);
      const [, , summing, asking] = provider.requests;
      assert.deepEqual([summing?.tools, summing?.max_output_tokens], [undefined, 350]);
      assert.match(JSON.stringify(summing?.messages), /person: two\?/);
      const prompt = JSON.stringify(asking?.messages[0]);
      assert.match(prompt, /they spoke of words/);
      assert.match(prompt, /- From now on call me Ada\./);
      assert.deepEqual(textsOf(asking?.messages.slice(1) ?? []), ["user: three?"]);
      assert.equal(talk.messages.length, 6);
      assert.equal(talk.usage[0]?.requests, 2, "a summary costs, and is counted");
      const texts = events.flatMap((event) => event.type === "text" ? [event.text] : []);
      assert.deepEqual(texts, ["fine"], "it is no part of the answer");

      const lines = await stage.lines(talk);
      assert.equal(lines.filter(({ type }) => type === "summary").length, 1);
      assert.equal(lines.filter(({ type }) => type === "turn").length, 3);
      await ask(talk, "four?");
      assert.deepEqual(textsOf(provider.requests.at(-1)?.messages.slice(1) ?? []), [
        "user: three?",
        "assistant: fine",
        "user: four?",
      ]);
    },
    ports(),
  );
});

Deno.test("a resumed session, and a copy of one, go on with the summary", async () => {
  await onStage([...TWO, says("in short"), says("fine")], async ({ ports, provider }) => {
    const talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
    for (const question of ["one?", "two?", "three?"]) await ask(talk, question);
    await using copy = await talk.fork();
    await talk[Symbol.asyncDispose]();
    await using again = await resumeConversation(ports, talk.id, { maxOutputTokens: 500 });
    for (const each of [copy, again]) {
      await ask(each, "four?");
      const sent = provider.requests.at(-1)?.messages ?? [];
      assert.match(JSON.stringify(sent[0]), /in short/);
      assert.equal(sent.length, 4);
      assert.equal(each.messages.length, 8);
    }
  }, ports());
});

Deno.test("a turn that was summarised and is taken back takes the summary with it", async () => {
  await onStage([...TWO, says("in short"), says("fine")], async ({ ports, provider, lines }) => {
    const talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
    for (const question of ["one?", "two?", "three?"]) await ask(talk, question);
    await talk.takeBack();
    await talk.takeBack();
    await ask(talk, "anew?");
    const sent = provider.requests.at(-1)?.messages ?? [];
    assert.doesNotMatch(JSON.stringify(sent[0]), /in short/);
    assert.equal(sent.length, 4, "the first turn is sent as it is");
    assert.ok((await lines(talk)).length > 0);
    await talk[Symbol.asyncDispose]();
    await using again = await resumeConversation(ports, talk.id);
    await ask(again, "and now?");
    assert.doesNotMatch(JSON.stringify(provider.requests.at(-1)?.messages[0]), /in short/);
  }, ports());
});

const FAULTS: Record<string, Step[]> = {
  "overloaded": [new Error("overloaded")],
  "the model gave no summary": [{ type: "finish", reason: "stop" }],
};

for (const [why, script] of Object.entries(FAULTS)) {
  Deno.test(`a summary that fails leaves the oldest turns out, and says so: ${why}`, async () => {
    await onStage(
      [...TWO, script, tell("fine"), tell("good")],
      async ({ ports, provider, lines }) => {
        await using talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
        for (const question of ["one?", "two?"]) await ask(talk, question);
        const events = await ask(talk, "three?");
        assert.deepEqual(warningsOf(events), [
          `the conversation is too long, and could not be summarised (${why}); ` +
          "its oldest turns are left out",
        ]);
        assert.equal(events.at(-1)?.type, "done");
        assert.ok(textsOf(provider.requests.at(-1)?.messages ?? []).at(-1) === "user: three?");
        assert.ok((await lines(talk)).every(({ type }) => type !== "summary"));
        const requests = provider.requests.length;
        await ask(talk, "four?");
        assert.equal(provider.requests.length, requests + 1, "it is not tried again at once");
      },
      ports(),
    );
  });
}

Deno.test("a turn that is cancelled while it is summarised has no summary", async () => {
  const stop = new AbortController();
  const script: Step[] = [{ type: "text", text: "in" }, "hang"];
  await onStage([...TWO, script], async ({ ports, provider, lines }) => {
    await using talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
    for (const question of ["one?", "two?"]) await ask(talk, question);
    setTimeout(() => stop.abort(), 30);
    const events = await ask(talk, "three?", stop.signal);
    assert.deepEqual(events.map(({ type }) => type), ["done"]);
    assert.equal(provider.requests.length, 3, "nothing was asked after it");
    assert.ok((await lines(talk)).every(({ type }) => type !== "summary"));
  }, ports());
});

Deno.test("what plugins want to be kept is kept, and a model of unknown size is never asked", async () => {
  const plugins: ConversationPlugins = {
    prompt: () => Promise.resolve({ text: "" }),
    beforeTurn: (value) => Promise.resolve({ kind: "pass", value, by: [] }),
    afterTurn: () => Promise.resolve(),
    session: () => Promise.resolve(),
    beforeCompact: (count) => Promise.resolve([`plugin p: ${count} turns`]),
  };
  await onStage([...TWO, says("in short"), says("fine")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE, maxOutputTokens: 500 });
    for (const question of ["one?", "two?", "three?"]) await ask(talk, question);
    assert.match(JSON.stringify(provider.requests.at(-1)?.messages[0]), /- plugin p: 2 turns/);
  }, ports({ plugins }));
  await onStage([...TWO, says("a"), says("b")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    for (const question of ["one?", "two?", "three?", "four?"]) await ask(talk, question);
    assert.equal(provider.requests.length, 4);
  });
});
