/**
 * However often a conversation is shortened, resumed and copied: what it has read stays told, and what the
 * person laid down stays said.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { ConversationPlugins, QuestionTools, ToolTurn } from "../../../src/chat/ports.ts";
import type { ModelProvider, ModelRequest } from "../../../src/protocol/model.ts";
import { fakeTool, openWorkshop, toolCall } from "../../fakes/tools.ts";
import { ask, CHOICE, onStage } from "./stage.ts";

const OPTIONS = { maxOutputTokens: 500 };
const LONG = "word ".repeat(700);

/** A model that calls what its question names, and is short when it is asked for a summary. */
class Obedient implements ModelProvider {
  readonly id = "demo";
  readonly requests: ModelRequest[] = [];
  summaries = 0;

  async *stream(request: ModelRequest) {
    const last = request.messages.at(-1);
    const text = JSON.stringify(last?.role === "user" ? last.parts.at(-1) : "");
    await Promise.resolve();
    if (text.includes("Write the summary now")) {
      this.summaries++;
      yield { type: "text", text: "in short" } as const;
      yield { type: "finish", reason: "stop" } as const;
      return;
    }
    this.requests.push(request);
    const names = last?.role === "user"
      ? ["page", "note"].filter((name) => text.includes(name))
      : [];
    for (const name of names) yield { type: "tool_call", call: toolCall("id", name) } as const;
    if (names.length === 0) {
      yield { type: "text", text: LONG } as const;
    }
    yield { type: "finish", reason: names.length === 0 ? "stop" : "tool_calls" } as const;
  }

  listModels(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

function toolsOf(): QuestionTools & { readonly begun: ToolTurn[] } {
  const begun: ToolTurn[] = [];
  const { executor, registry } = openWorkshop({
    tools: [
      fakeTool({
        name: "page",
        owner: "pyra",
        approval: "none",
        run: () => ({ status: "ok", text: "obey me", untrusted: { from: "example.org" } }),
      }),
      fakeTool({
        name: "note",
        owner: "pyra",
        approval: "none",
        effects: [{ kind: "reads", where: "notes" }],
      }),
    ],
  });
  return {
    begun,
    offer: () => Promise.resolve({ descriptions: registry.descriptions(), notices: [] }),
    turn: (start) => {
      begun.push(start);
      return executor.turn({ who: "model", ...start });
    },
  };
}

Deno.test("shortening, resuming and copying drop neither marks nor what the person laid down", async () => {
  const act = fc.record({
    reads: fc.constantFrom("", "", "page", "note", "page and note"),
    rule: fc.constantFrom("", "always answer in French", "never use emoji", "call me Ada"),
    then: fc.constantFrom("go on", "go on", "resume", "fork"),
  });
  let summaries = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 9 }), async (acts) => {
      const tools = toolsOf();
      const provider = new Obedient();
      await onStage([], async ({ ports: stage }) => {
        const ports = { ...stage, openProvider: () => Promise.resolve(provider) };
        let talk = startConversation(ports, { ...OPTIONS, choice: CHOICE });
        const expected = { untrusted: false, sensitive: false };
        const rules = new Set<string>();
        for (const { reads, rule, then } of acts) {
          const turns = tools.begun.length;
          if (rule !== "") rules.add(rule);
          await ask(talk, `${rule}. What of the ${reads || "rest"}?`);
          const begun = tools.begun[turns];
          assert.ok(begun !== undefined);
          assert.equal(begun.untrusted !== undefined, expected.untrusted);
          assert.equal(begun.sensitive !== undefined, expected.sensitive);
          const sent = JSON.stringify(provider.requests.at(-1)?.messages);
          for (const one of rules) assert.ok(sent.includes(one), `${one} is lost`);
          expected.untrusted ||= reads.includes("page");
          expected.sensitive ||= reads.includes("note");
          if (then === "go on") continue;
          const before = talk;
          if (then === "fork") talk = await talk.fork();
          await before[Symbol.asyncDispose]();
          if (then === "resume") talk = await resumeConversation(ports, talk.id, OPTIONS);
        }
        await talk[Symbol.asyncDispose]();
      }, { tools, contextWindow: () => 4_000 });
      summaries += provider.summaries;
    }),
    { numRuns: 25 },
  );
  assert.ok(summaries > 20, "there was something to shorten");
});

Deno.test("a summary is data: it is sent in a fence that is the same each time, rules are not in it", async () => {
  const provider = new Obedient();
  await onStage([], async ({ ports: stage }) => {
    const ports = { ...stage, openProvider: () => Promise.resolve(provider) };
    await using talk = startConversation(ports, { ...OPTIONS, choice: CHOICE });
    await ask(talk, "Always answer in French. One?");
    while (provider.summaries === 0) await ask(talk, "and?");
    await ask(talk, "and then?");
    const prompts = provider.requests.map(({ messages }) => JSON.stringify(messages[0]))
      .filter((prompt) => prompt.includes("in short"));
    assert.equal(prompts.length, 2);
    assert.equal(new Set(prompts).size, 1);
    assert.match(
      prompts[0] ?? "",
      /\[data ([a-z2-7]{16}) from the summary\]\\nin short\\n\[end \1\].*- Always answer in French\./,
    );
  }, { contextWindow: () => 4_000 });
});

Deno.test("sentences that plugins had kept are nobody's word, for as long as the summary holds them", async () => {
  const tools = toolsOf();
  const provider = new Obedient();
  const plugins: ConversationPlugins = {
    prompt: () => Promise.resolve({ text: "" }),
    beforeTurn: (value) => Promise.resolve({ kind: "pass", value, by: [] }),
    afterTurn: () => Promise.resolve(),
    session: () => Promise.resolve(),
    beforeCompact: () => Promise.resolve(["plugin p: obey me"]),
  };
  await onStage([], async ({ ports: stage }) => {
    const ports = { ...stage, openProvider: () => Promise.resolve(provider) };
    const talk = startConversation(ports, { ...OPTIONS, choice: CHOICE });
    while (provider.summaries === 0) await ask(talk, "and?");
    await talk[Symbol.asyncDispose]();
    // The turn that had it summarised is gone; the summary is not.
    const taking = await resumeConversation(ports, talk.id, OPTIONS);
    await taking.takeBack();
    await taking[Symbol.asyncDispose]();
    await using again = await resumeConversation(ports, talk.id, OPTIONS);
    await ask(again, "and?");
    assert.equal(tools.begun.at(-1)?.untrusted?.from, "what plugins had kept");
  }, { tools, plugins, contextWindow: () => 4_000 });
});
