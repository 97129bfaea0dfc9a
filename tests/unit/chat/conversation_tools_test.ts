/**
 * Tools in a conversation: what they are told the turn has read, and what of them is kept.
 * @module
 */
import assert from "node:assert/strict";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { ConversationPorts, QuestionTools } from "../../../src/chat/ports.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Tool } from "../../../src/protocol/tool.ts";
import { exportMarkdown } from "../../../src/sessions/export.ts";
import { fakeTool, openWorkshop } from "../../fakes/tools.ts";
import { says, type Step } from "./scripted_provider.ts";
import { ask, CHOICE, onStage } from "./stage.ts";

const FINISH: Step = { type: "finish", reason: "tool_calls" };
const calls = (...names: string[]): Step[] => [
  ...names.map((name): Step => ({
    type: "tool_call",
    call: { id: `id_${name}`, name, arguments: "{}" },
  })),
  FINISH,
];

/** Two tools: one reads what nobody vouches for, one tells what its turn is said to have read. */
function toolsOf(): QuestionTools & { readonly told: (string | undefined)[] } {
  const told: (string | undefined)[] = [];
  const tools: Tool[] = [
    fakeTool({
      name: "page",
      owner: "pyra",
      approval: "none",
      run: () => ({ status: "ok", text: "words of a page", untrusted: { from: "example.org" } }),
    }),
    fakeTool({
      name: "note",
      owner: "pyra",
      approval: "none",
      run: (_, { untrusted }) => {
        told.push(untrusted?.from);
        return { status: "ok", text: "noted" };
      },
    }),
    fakeTool({
      name: "long",
      owner: "pyra",
      approval: "none",
      run: () => ({ status: "ok", text: "long ".repeat(2_000) }),
    }),
  ];
  const { executor, registry } = openWorkshop({ tools });
  return {
    told,
    offer: () => Promise.resolve({ descriptions: registry.descriptions(), notices: [] }),
    turn: ({ untrusted, keep }) =>
      executor.turn({ who: "model", keep, ...(untrusted && { untrusted }) }),
  };
}

Deno.test("models are offered the tools, and what they answer comes back", async () => {
  const tools = toolsOf();
  await onStage([calls("note"), says("done")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const events = await ask(talk, "note it");
    assert.deepEqual(provider.requests[0]?.tools?.map(({ name }) => name), [
      "long",
      "note",
      "page",
    ]);
    assert.deepEqual(provider.requests[1]?.messages.at(-1), {
      role: "tool",
      call_id: "id_note",
      text: "noted",
    });
    assert.deepEqual(events.at(-1)?.type, "done");
    assert.deepEqual(tools.told, [undefined]);
  }, { tools });
});

Deno.test("what a turn has read stays with the conversation: next turn, resumed, copied", async () => {
  const tools = toolsOf();
  const scripts = [
    calls("page"),
    calls("note"),
    says("a"),
    calls("note"),
    says("b"),
    calls("note"),
    says("c"),
    calls("note"),
    says("d"),
  ];
  await onStage(scripts, async ({ ports, lines }) => {
    let id: string;
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      await ask(talk, "read the page, then note");
      await ask(talk, "note again");
      id = talk.id;
      const marks = (await lines(talk)).filter(({ type }) => type === "untrusted");
      assert.equal(marks.length, 2);
    }
    await using talk = await resumeConversation(ports, id);
    await ask(talk, "note once more");
    await using copy = await talk.fork();
    await ask(copy, "and in the copy");
    assert.deepEqual(tools.told, ["example.org", "example.org", "example.org", "example.org"]);
  }, { tools });
});

Deno.test("a conversation that has read nothing of the kind is not marked", async () => {
  const tools = toolsOf();
  await onStage([calls("note"), says("a"), calls("note")], async ({ ports, lines }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "one");
    await ask(talk, "two");
    assert.deepEqual(tools.told, [undefined, undefined]);
    assert.ok((await lines(talk)).every(({ type }) => type !== "untrusted"));
  }, { tools });
});

Deno.test("a note from an untrusted source counts from the turn's beginning", async () => {
  const tools = toolsOf();
  const memory: ConversationPorts["memory"] = {
    notices: [],
    contextFor: () =>
      Promise.resolve({
        standing: "",
        relevant: "R",
        files: ["a.md"],
        untrusted: ["a.md"],
        foreign: ["relevant"],
      }),
  };
  await onStage([calls("note"), says("ok")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "one");
    assert.deepEqual(tools.told, ["the note a.md"]);
  }, { tools, memory });
});

Deno.test("a question that is not the person's own counts too, also when it is asked again", async () => {
  const tools = toolsOf();
  await onStage([calls("note"), says("a"), calls("note"), says("b")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const parts = [{ type: "text", text: "words of a plugin" }] as const;
    const { signal } = new AbortController();
    await Array.fromAsync(talk.send(parts, signal, { untrusted: { from: "plugin x" } }));
    const again = await talk.takeBack();
    assert.ok(again !== undefined);
    await Array.fromAsync(talk.send(again, signal));
    assert.deepEqual(tools.told, ["plugin x", "plugin x"]);
  }, { tools });
});

Deno.test("after a kill in a turn with tools nobody knows what it read, so it counts", async () => {
  const tools = toolsOf();
  await onStage([calls("note"), says("a"), calls("note"), says("b")], async ({ ports, folder }) => {
    let id: string;
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      await ask(talk, "one");
      id = talk.id;
    }
    const path = `${folder}/${id}.jsonl`;
    const whole = (await Deno.readTextFile(path)).trimEnd().split("\n");
    const end = whole.findIndex((line) => line.includes('"type":"tool_result"'));
    await Deno.writeTextFile(path, `${whole.slice(0, end + 1).join("\n")}\n`);
    await using talk = await resumeConversation(ports, id);
    await ask(talk, "two");
    assert.deepEqual(tools.told, [undefined, "a turn that was cut off"]);
  }, { tools });
});

Deno.test("the model gets a part of a long result; the session and what is made of it have it all", async () => {
  const tools = toolsOf();
  await onStage([calls("long"), says("ok")], async ({ ports, provider }) => {
    let id: string;
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      await ask(talk, "much");
      id = talk.id;
    }
    const told = provider.requests[1]?.messages.at(-1);
    assert.ok(told?.role === "tool" && told.text.length === 4_000, "cut");
    assert.match(told.text, /the whole is kept in the session\]$/);
    const state = await ports.store.read(id);
    assert.equal(state.turns[0]?.outputs?.["id_long"], "long ".repeat(2_000));
    assert.ok(exportMarkdown(state).includes("long ".repeat(1_999)));
    const copied = await ports.store.read(await ports.store.fork(id));
    assert.equal(copied.turns[0]?.outputs?.["id_long"]?.length, 10_000);
  }, { tools });
});

Deno.test("tools that cannot be had are told of once, and the question goes without", async () => {
  const tools: QuestionTools = {
    offer: () => Promise.reject(new PyraError("file", "x", "the shelf is empty")),
    turn: () => {
      throw new Error("not reached");
    },
  };
  await onStage([says("a"), says("b")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const [first, second] = [await ask(talk, "one"), await ask(talk, "two")];
    const warnings = (events: typeof first) => events.filter(({ type }) => type === "warning");
    assert.match(JSON.stringify(warnings(first)), /goes without tools: the shelf is empty/);
    assert.deepEqual(warnings(second), []);
    assert.equal(provider.requests[1]?.tools, undefined);
  }, { tools: { ...tools, turn: toolsOf().turn } });
});

Deno.test("whoever leaves in the middle of a call leaves a conversation that goes on", async () => {
  const tools = toolsOf();
  await onStage([calls("page"), says("a"), calls("note"), says("b")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const { signal } = new AbortController();
    for await (const { type } of talk.send([{ type: "text", text: "go" }], signal)) {
      if (type === "tool_call") break;
    }
    for await (const { type } of talk.send([{ type: "text", text: "go" }], signal)) {
      if (type === "tool_result") break;
    }
    const events = await ask(talk, "and now?");
    assert.equal(events.at(-1)?.type, "done");
  }, { tools });
});
