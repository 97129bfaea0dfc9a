import assert from "node:assert/strict";
import { join } from "node:path";
import { resumeConversation, startConversation } from "../../../src/chat/conversation.ts";
import type { ConversationPorts } from "../../../src/chat/ports.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { says, ScriptedProvider, type Step } from "./scripted_provider.ts";
import { ask, CHOICE, hasCode, NEVER, onStage, say, textsOf } from "./stage.ts";

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

Deno.test("closing a conversation ends the turn that runs", async () => {
  await onStage([[{ type: "text", text: "half" }, "hang"]], async ({ ports }) => {
    const talk = startConversation(ports, { choice: CHOICE });
    const turn = talk.send(say("go"), NEVER);
    await turn.next();
    await talk[Symbol.asyncDispose]();
    assert.equal((await Array.fromAsync(turn)).at(-1)?.type, "done");
    const [kept] = (await ports.store.read(talk.id)).turns;
    assert.deepEqual(textsOf(kept?.answer ?? []), ["assistant: half"]);
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
