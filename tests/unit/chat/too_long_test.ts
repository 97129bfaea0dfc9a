import assert from "node:assert/strict";
import { startConversation } from "../../../src/chat/conversation.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import { ask, CHOICE, onStage, textsOf } from "./stage.ts";
import { says, type Step } from "./scripted_provider.ts";

const TOO_LONG: Step[] = [new PyraError("api", "context_too_long", "this is too long for demo-1")];
const tell = (text: string): Step[] => [
  { type: "text", text },
  { type: "finish", reason: "stop" },
];
const LONG = "word ".repeat(3_000);

Deno.test("a model that refuses a long conversation is asked once more with a summary of it", async () => {
  const scripts = [tell(LONG), tell(LONG), TOO_LONG, tell("in short"), tell("fine"), tell("good")];
  await onStage(scripts, async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    for (const question of ["one?", "two?"]) await ask(talk, question);
    const events = await ask(talk, "three?");
    assert.deepEqual(events.map(({ type }) => type), ["warning", "text", "done"]);
    const sent = provider.requests.at(-1)?.messages ?? [];
    assert.match(JSON.stringify(sent[0]), /in short/);
    assert.deepEqual(textsOf(sent.slice(1)), ["user: three?"]);
    await ask(talk, "four?");
    assert.equal(provider.requests.length, 6, "what was learned is known from then on");
  });
});

Deno.test("where the summary fails too, the oldest turns are left out", async () => {
  const scripts = [tell(LONG), tell(LONG), TOO_LONG, [new Error("down")], tell("fine")];
  await onStage(scripts, async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    for (const question of ["one?", "two?"]) await ask(talk, question);
    const events = await ask(talk, "three?");
    assert.deepEqual(events.map(({ type }) => type), ["warning", "text", "done"]);
    const sent = textsOf(provider.requests.at(-1)?.messages ?? []);
    assert.deepEqual([sent.includes("user: one?"), sent.at(-1)], [false, "user: three?"]);
  });
});

Deno.test("a question that is too long by itself is refused, and asked once", async () => {
  await onStage([TOO_LONG, says("fine")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const events = await ask(talk, LONG);
    assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
    assert.equal(provider.requests.length, 1);
    await ask(talk, "short");
    assert.deepEqual(textsOf(provider.requests.at(-1)?.messages ?? []), ["user: short"]);
  });
});

Deno.test("a refusal after words is told as it is", async () => {
  const broken: Step[] = [{ type: "text", text: "so " }, ...TOO_LONG];
  await onStage([tell(LONG), broken], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "one?");
    const events = await ask(talk, "two?");
    assert.deepEqual(events.map(({ type }) => type), ["text", "error", "done"]);
    assert.equal(provider.requests.length, 2);
  });
});
