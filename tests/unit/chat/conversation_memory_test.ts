import assert from "node:assert/strict";
import { startConversation } from "../../../src/chat/conversation.ts";
import type { QuestionMemory } from "../../../src/chat/ports.ts";
import { roomForNotes } from "../../../src/chat/recollect.ts";
import type { MemoryContext } from "../../../src/memory/context.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Part } from "../../../src/protocol/message.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { says } from "./scripted_provider.ts";
import { ask, CHOICE, NEVER, onStage, say, textsOf } from "./stage.ts";

const NOTES: MemoryContext = {
  standing: "STANDING",
  relevant: "RELEVANT",
  files: ["user/profile.md", "cats.md"],
  untrusted: [],
  foreign: [],
};

/** A memory that gives this, and what it was asked. */
function memoryOf(
  give: (signal: AbortSignal) => Promise<MemoryContext | undefined>,
  notices: readonly string[] = [],
): QuestionMemory & { readonly asked: { question: string; room: number | undefined }[] } {
  const asked: { question: string; room: number | undefined }[] = [];
  return {
    notices,
    asked,
    contextFor(question, { room, signal }) {
      asked.push({ question, room });
      return give(signal);
    },
  };
}

const warningsOf = (events: readonly TurnEvent[]) =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);

Deno.test("notes go with a question: some end the system prompt, some stand before the question", async () => {
  const memory = memoryOf(() => Promise.resolve(NOTES));
  await onStage([says("meow"), says("purr")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE, system: "be brief" });
    assert.deepEqual(talk.memoryFiles, []);
    await ask(talk, "my cat?");
    const [system, question] = provider.requests[0]?.messages ?? [];
    assert.ok(system?.role === "system" && system.text.endsWith("\n\nbe brief\n\nSTANDING"));
    assert.deepEqual(question, {
      role: "user",
      parts: [{ type: "text", text: "RELEVANT" }, { type: "text", text: "my cat?" }],
    });
    assert.deepEqual(talk.memoryFiles, ["user/profile.md", "cats.md"]);
    assert.deepEqual(memory.asked, [{ question: "my cat?", room: undefined }]);
  }, { memory });
});

Deno.test("notes are in what is sent only: not in the history, not in the session's file", async () => {
  let turn = 0;
  const memory = memoryOf(() => Promise.resolve(turn++ === 0 ? NOTES : undefined));
  await onStage([says("meow"), says("purr")], async ({ ports, provider, lines }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "my cat?");
    await ask(talk, "and?");
    assert.deepEqual(textsOf(provider.requests[1]?.messages ?? []), [
      "user: my cat?",
      "assistant: meow",
      "user: and?",
    ]);
    assert.deepEqual(talk.memoryFiles, [], "nothing went with the last question");
    const written = JSON.stringify(await lines(talk));
    assert.doesNotMatch(written, /STANDING|RELEVANT/);
    assert.doesNotMatch(JSON.stringify(talk.messages), /STANDING|RELEVANT/);
  }, { memory });
});

Deno.test("a request is the same with a memory that has nothing as without one", async () => {
  const requests: unknown[] = [];
  for (const memory of [undefined, memoryOf(() => Promise.resolve(undefined))]) {
    await onStage([says("a")], async ({ ports, provider }) => {
      await using talk = startConversation({ ...ports, now: () => 0 }, { choice: CHOICE });
      await ask(talk, "q");
      const { turn: _named, ...request } = provider.requests[0] ?? assert.fail();
      requests.push(request);
    }, memory === undefined ? {} : { memory });
  }
  assert.deepEqual(requests[0], requests[1]);
});

Deno.test("a memory that fails is told of once, and the questions are answered", async () => {
  const faults = ["the disk is gone", "the disk is still gone"];
  const memory = memoryOf(() => Promise.reject(new PyraError("file", "x", `${faults.shift()}`)));
  await onStage([says("a"), says("b")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const first = await ask(talk, "one");
    assert.deepEqual(warningsOf(first), [
      "your notes could not be read: the disk is gone; this question goes without them",
    ]);
    assert.deepEqual(first.at(-1), { type: "done", reason: "stop", session: talk.id });
    const second = await ask(talk, "two");
    assert.deepEqual(warningsOf(second), []);
    assert.deepEqual(textsOf(talk.messages).slice(-2), ["user: two", "assistant: b"]);
    assert.equal(memory.asked.length, 2, "it may be well again");
  }, { memory });
});

Deno.test("a memory that does not answer is left, told so, and not waited for", async () => {
  let left: AbortSignal | undefined;
  const memory = memoryOf((signal) => {
    left = signal;
    return new Promise(() => undefined);
  });
  await onStage([says("a")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const events = await ask(talk, "one");
    assert.deepEqual(warningsOf(events), [
      "your notes were not found in time; this question goes without them",
    ]);
    assert.equal(events.at(-1)?.type, "done");
    assert.equal(left?.aborted, true);
  }, { memory });
});

Deno.test("notes are looked for while the provider is opened", async () => {
  const searching = Promise.withResolvers<void>();
  const opening = Promise.withResolvers<void>();
  const memory = memoryOf(async () => {
    searching.resolve();
    await opening.promise;
    return NOTES;
  });
  await onStage([says("a")], async ({ ports, provider }) => {
    const beside = {
      ...ports,
      async openProvider() {
        opening.resolve();
        await searching.promise;
        return provider;
      },
    };
    await using talk = startConversation(beside, { choice: CHOICE });
    assert.deepEqual(warningsOf(await ask(talk, "one")), []);
    assert.deepEqual(talk.memoryFiles, NOTES.files);
  }, { memory });
});

Deno.test("a question that cannot be asked lets go of the memory at once", async () => {
  let left: AbortSignal | undefined;
  const memory = memoryOf((signal) => {
    left = signal;
    return new Promise(() => undefined);
  });
  await onStage([], async ({ ports }) => {
    const shut = { ...ports, openProvider: () => Promise.reject(new TypeError("no way")) };
    await using talk = startConversation(shut, { choice: CHOICE });
    const events = await ask(talk, "one");
    assert.deepEqual(events.map(({ type }) => type), ["error", "done"]);
    assert.equal(left?.aborted, true);
  }, { memory });
});

Deno.test("cancelling while notes are looked for ends the turn as cancelled, without a warning", async () => {
  const controller = new AbortController();
  const memory = memoryOf(() => {
    queueMicrotask(() => controller.abort());
    return new Promise(() => undefined);
  });
  await onStage([], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const events = await ask(talk, "one", controller.signal);
    assert.deepEqual(events, [{ type: "done", reason: "cancelled", session: talk.id }]);
    assert.deepEqual(provider.requests, []);
  }, { memory });
});

Deno.test("what the memory has to say is said once, when it is new", async () => {
  const notices = ["the index was made anew"];
  const memory = memoryOf(() => Promise.resolve(undefined), notices);
  await onStage([says("a"), says("b"), says("c")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    assert.deepEqual(warningsOf(await ask(talk, "one")), ["the index was made anew"]);
    assert.deepEqual(warningsOf(await ask(talk, "two")), []);
    notices.push("something else");
    assert.deepEqual(warningsOf(await ask(talk, "three")), ["something else"]);
  }, { memory });
});

Deno.test("notes are looked for by what the person says, not by the files that go along", async () => {
  const memory = memoryOf(() => Promise.resolve(undefined));
  await onStage([says("a")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    const file: Part = { type: "text", text: "File a.txt:\n```\nlong text\n```" };
    await Array.fromAsync(talk.send([file, ...say("what is it?")], NEVER));
    assert.equal(memory.asked[0]?.question, "what is it?");
  }, { memory });
});

Deno.test("a small window leaves notes a quarter of it, and none beside a question that fills it", async () => {
  const memory = memoryOf(() => Promise.resolve(undefined));
  const window = { memory, contextWindow: () => 4_000 };
  await onStage([says("a"), says("b")], async ({ ports }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "short");
    await ask(talk, "long ".repeat(4_000));
    assert.equal(memory.asked[0]?.room, 1_000);
    assert.equal(memory.asked.length, 1, "there is no room: nothing is looked for");
  }, window);
  assert.equal(roomForNotes(say("x".repeat(8_000)), 4_000), 396);
  assert.equal(roomForNotes(say("x"), 4_000, 2), 500, "its tokens are half as many of ours");
  assert.equal(roomForNotes(say("x"), undefined), undefined);
});

Deno.test("what notes take is taken from the history", async () => {
  const standing = "note ".repeat(600);
  let turn = 0;
  const memory = memoryOf(() =>
    Promise.resolve(turn++ < 2 ? undefined : { ...NOTES, standing, relevant: "" })
  );
  await onStage([says("a"), says("b"), says("c")], async ({ ports, provider }) => {
    await using talk = startConversation(ports, { choice: CHOICE });
    await ask(talk, "old ".repeat(500));
    await ask(talk, "new ".repeat(100));
    await ask(talk, "now?");
    const sent = JSON.stringify(provider.requests[2]?.messages);
    assert.match(sent, /note note/);
    assert.doesNotMatch(sent, /old old/);
    assert.match(sent, /now\?/);
  }, { memory, contextWindow: () => 900 });
});
