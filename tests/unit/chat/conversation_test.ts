import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { AskOptions, Conversation, ConversationPorts } from "../../../src/chat/ports.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Message, Part } from "../../../src/protocol/message.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { says, ScriptedProvider, type Step } from "./scripted_provider.ts";

const CHOICE = { provider: "demo", model: "demo-1" };
const NEVER = new AbortController().signal;

interface Stage {
  readonly folder: string;
  readonly provider: ScriptedProvider;
  readonly ports: ConversationPorts;
  readonly opened: string[];
  /** The session file's lines. */
  lines(conversation: Conversation): Promise<{ type: string; text?: string }[]>;
}

async function onStage(
  scripts: Step[][],
  play: (stage: Stage) => Promise<void>,
  more: Partial<ConversationPorts> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const provider = new ScriptedProvider(scripts);
  const opened: string[] = [];
  const ports: ConversationPorts = {
    store: openSessionStore(folder, Date.now),
    openProvider: (choice) => {
      opened.push(`${choice.provider}/${choice.model}`);
      return Promise.resolve(provider);
    },
    now: Date.now,
    ...more,
  };
  const lines = async ({ id }: Conversation) =>
    (await Deno.readTextFile(join(folder, `${id}.jsonl`))).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
  try {
    await play({ folder, provider, ports, opened, lines });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const say = (text: string): Part[] => [{ type: "text", text }];

function ask(
  conversation: Conversation,
  text: string,
  signal: AbortSignal = NEVER,
): Promise<TurnEvent[]> {
  return Array.fromAsync(conversation.send(say(text), signal));
}

/** Messages in short; of the system prompt only the person's text. */
function textsOf(messages: readonly Message[]): string[] {
  return messages.map((message) =>
    message.role === "system"
      ? message.text.split("\n\n")[1] ?? ""
      : `${message.role}: ${
        message.role === "user"
          ? message.parts.map((part) => part.type === "text" ? part.text : part.name).join(" | ")
          : message.text
      }`
  ).filter((text) => text !== "");
}

const hasCode = (code: string) => (thrown: unknown) =>
  thrown instanceof PyraError && thrown.code === code;

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

Deno.test("a cancelled turn keeps what was said, and the next request is valid", async () => {
  await onStage([[{ type: "text", text: "half" }, "hang"]], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const controller = new AbortController();
    const events: TurnEvent[] = [];
    for await (const event of talk.send(say("go"), controller.signal)) {
      events.push(event);
      if (event.type === "text") controller.abort();
    }
    assert.deepEqual(events.at(-1), { type: "done", reason: "cancelled", session: talk.id });
    assert.ok(events.every(({ type }) => type !== "error"));
    await ask(talk, "on");
    assert.deepEqual(textsOf(provider.requests[1]?.messages ?? []), [
      "user: go",
      "assistant: half",
      "user: on",
    ]);
  });
});

Deno.test("a turn whose reader leaves ends at once, and its question is kept", async () => {
  await onStage([[{ type: "text", text: "half" }, "hang"]], async ({ ports, lines }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    for await (const event of talk.send(say("go"), NEVER)) if (event.type === "text") break;
    assert.deepEqual(textsOf(talk.messages), ["user: go", "assistant: half"]);
    const last = (await lines(talk)).at(-1);
    assert.deepEqual([last?.type, Reflect.get(last ?? {}, "finish")], ["turn", "cancelled"]);
    assert.equal((await ask(talk, "next")).at(-1)?.type, "done");
  });
});

Deno.test("a question that failed is sent along with the next one", async () => {
  const down = new PyraError("network", "network", "no way to it");
  await onStage([[down], says("now")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const events = await ask(talk, "what is it?");
    assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
    await ask(talk, "try again");
    assert.deepEqual(textsOf(provider.requests[1]?.messages ?? []), [
      "user: what is it? | try again",
    ]);
  });
});

Deno.test("a question that no model can take is not sent again, also after a resume", async () => {
  const tooLong = new PyraError("api", "context_too_long", "too long");
  await onStage([[tooLong]], async ({ ports, provider }) => {
    let id = "";
    {
      await using talk = startConversation(ports, { choice: CHOICE });
      id = talk.id;
      await ask(talk, "a book");
    }
    await using talk = await resumeConversation(ports, id);
    await ask(talk, "hi");
    assert.deepEqual(textsOf(provider.requests[1]?.messages ?? []), ["user: hi"]);
  });
});

Deno.test("a provider that cannot be opened is an error of the turn, and is tried again", async () => {
  let tries = 0;
  const provider = new ScriptedProvider();
  await onStage([], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const [error] = await ask(talk, "1");
    assert.ok(error?.type === "error" && error.error.code === "no_key");
    assert.equal((await ask(talk, "2")).at(0)?.type, "text");
  }, {
    openProvider: () =>
      ++tries === 1
        ? Promise.reject(new PyraError("configuration", "no_key", "no key"))
        : Promise.resolve(provider),
  });
});

Deno.test("two questions at a time are refused, and the first goes on", async () => {
  await onStage([[{ type: "text", text: "a" }, 20, ...says("b")]], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const first = talk.send(say("1"), NEVER);
    await first.next();
    await assert.rejects(talk.send(say("2"), NEVER).next(), hasCode("turn_running"));
    await assert.rejects(talk.takeBack(), hasCode("turn_running"));
    await assert.rejects(talk.fork(), hasCode("turn_running"));
    assert.equal((await Array.fromAsync(first)).at(-1)?.type, "done");
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

Deno.test("a disk that fills up in a turn is said once, and nothing unwritten is shown", async () => {
  const words = ["one", "two", "three"].flatMap((text): Step[] => [{ type: "text", text }, 40]);
  await onStage([[...words, ...says("end")]], async ({ ports }) => {
    let left = 3;
    const store: ConversationPorts["store"] = Object.create(ports.store, {
      create: {
        value: async (header: Parameters<typeof ports.store.create>[0]) => {
          const log = await ports.store.create(header);
          const append: typeof log.append = (...events) =>
            left-- > 0
              ? log.append(...events)
              : Promise.reject(new PyraError("file", "session_unwritable", "no space"));
          return {
            ...log,
            append,
            sync: () => log.sync(),
            [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
          };
        },
      },
    });
    await using talk = startConversation({ ...ports, store }, { choice: CHOICE });
    const events = await ask(talk, "go");
    assert.deepEqual(events.map((event) => event.type === "text" ? event.text : event.type), [
      "one",
      "two",
      "error",
      "done",
    ]);
    assert.deepEqual(textsOf(talk.messages), ["user: go", "assistant: onetwo"]);
    assert.equal((await ask(talk, "more")).at(0)?.type, "error");
    assert.deepEqual(textsOf((await ports.store.read(talk.id)).turns[0]?.answer ?? []), [
      "assistant: onetwo",
    ]);
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

Deno.test("a conversation that is open cannot be resumed a second time", async () => {
  await onStage([], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "a");
    await assert.rejects(resumeConversation(ports, talk.id), hasCode("session_in_use"));
  });
});

Deno.test("a closed conversation takes no more questions", async () => {
  await onStage([], async ({ ports }) => {
    const talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "a");
    await talk[Symbol.asyncDispose]();
    await talk[Symbol.asyncDispose]();
    await assert.rejects(ask(talk, "b"), hasCode("conversation_closed"));
    await using _again = await resumeConversation(ports, talk.id);
  });
});

Deno.test("a session that cannot be written is said so, and nothing is asked", async () => {
  await onStage([], async ({ ports, folder, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await Deno.writeTextFile(join(folder, "file"), "");
    const blocked = { ...ports, store: openSessionStore(join(folder, "file"), Date.now) };
    await using other = startConversation(blocked, { choice: CHOICE });
    const events = await ask(other, "a");
    assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
    assert.ok(events[0]?.type === "error" && events[0].error.code === "session_unwritable");
    assert.deepEqual(provider.requests, []);
    assert.deepEqual(other.messages, []);
    assert.equal((await ask(talk, "b")).at(-1)?.type, "done");
  });
});

Deno.test("whatever happens in a turn, the next request is one that strict providers take", async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.string({ maxLength: 5 }).map((text): Step => ({ type: "text", text })),
    fc.constantFrom<Step>(
      { type: "usage", usage: { input_tokens: 1, output_tokens: 1, cached_tokens: 0 } },
      { type: "finish", reason: "stop" },
      { type: "finish", reason: "length" },
      new PyraError("network", "stream_broken", "broke"),
      new PyraError("api", "bad_request", "refused"),
      new Error("unforeseen"),
      "hang",
    ),
    fc.uuid().map((id): Step => ({
      type: "tool_call",
      call: { id, name: "tool", arguments: "{}" },
    })),
  );
  const act = fc.constantFrom("ask", "ask", "leave", "cancel", "take back", "resume", "fork");
  const options: AskOptions = {};
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(act, fc.array(step, { maxLength: 5 })), { maxLength: 8 }),
      async (acts) => {
        await onStage([], async ({ ports }) => {
          let scripts: Step[][] = [];
          const stage = {
            ...ports,
            openProvider: () => Promise.resolve(new ScriptedProvider(scripts)),
          };
          let talk = startConversation(stage, { ...options, choice: CHOICE });
          const play = async (how: string) => {
            // A turn without a "hang" ends by itself; the limit is for the others.
            const stop = new AbortController();
            const timer = setTimeout(() => stop.abort(), how === "cancel" ? 0 : 5);
            for await (const event of talk.send(say("?"), stop.signal)) {
              const isRefused = event.type === "error" && event.error.code === "unexpected" &&
                !/unforeseen/.test(event.error.message);
              assert.ok(!isRefused, JSON.stringify(event));
              if (how === "leave" && event.type === "text") break;
            }
            clearTimeout(timer);
          };
          try {
            for (const [how, script] of acts) {
              if (how === "take back") await talk.takeBack();
              else if (how === "fork" || (how === "resume" && talk.messages.length > 0)) {
                const before = talk;
                if (how === "fork") talk = await talk.fork();
                await before[Symbol.asyncDispose]();
                if (how === "resume") talk = await resumeConversation(stage, talk.id);
                assert.deepEqual(talk.messages, before.messages);
              } else {
                await talk.use({ provider: "demo", model: crypto.randomUUID() });
                scripts = [[...script]];
                await play(how);
              }
            }
            scripts = [];
            await play("ask");
          } finally {
            await talk[Symbol.asyncDispose]();
          }
        });
      },
    ),
    { numRuns: 150 },
  );
});
