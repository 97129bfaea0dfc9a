import assert from "node:assert/strict";
import { join } from "node:path";
import { PyraError } from "../../../src/protocol/error.ts";
import type { SessionEvent } from "../../../src/sessions/event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { sessionFileName } from "../../../src/sessions/format.ts";
import { StateBuilder } from "../../../src/sessions/state.ts";
import { answer, header, question } from "./sample_sessions.ts";
import { makeFolder, write } from "./session_folder.ts";

Deno.test("what is appended is read again, questions, answers, names and usage", async () => {
  await using folder = await makeFolder();
  const used = {
    type: "usage" as const,
    provider: "demo",
    model: "demo-1",
    usage: { input_tokens: 10, output_tokens: 5, cached_tokens: 2 },
  };
  const id = await write(folder, [
    question("first"),
    { type: "text", text: "ans" },
    used,
    answer("answer"),
    { type: "choice", provider: "openai", model: "gpt" },
    { type: "system", text: "be brief" },
    { type: "title", text: "another title" },
    question("second"),
    used,
    { ...used, model: "demo-2" },
    answer("more"),
    { type: "taken_back" },
  ]);
  const state = await folder.store.read(id);
  assert.deepEqual(state.turns.map((turn) => turn.answer), [
    [{ role: "assistant", text: "answer", tool_calls: [] }],
  ]);
  assert.deepEqual([state.provider, state.model], ["openai", "gpt"]);
  assert.equal(state.system, "be brief");
  assert.equal(state.title, "another title");
  assert.deepEqual(state.usage, [
    {
      provider: "demo",
      model: "demo-1",
      requests: 2,
      usage: { input_tokens: 20, output_tokens: 10, cached_tokens: 4 },
    },
    { provider: "demo", model: "demo-2", requests: 1, usage: used.usage },
  ]);
  assert.deepEqual(state.warnings, []);
});

Deno.test("a turn that was killed is read as far as it was written, with a result for each call", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, [
    question("what is the weather?"),
    { type: "text", text: "let me " },
    { type: "text", text: "look" },
    { type: "tool_call", call: { id: "a", name: "weather", arguments: "{}" } },
    { type: "tool_call", call: { id: "b", name: "time", arguments: "{}" } },
    { type: "tool_result", call_id: "a", text: "sunny", status: "ok" },
  ]);
  const [turn] = (await folder.store.read(id)).turns;
  assert.equal(turn?.finish, undefined);
  assert.deepEqual(turn?.answer.map((message) => message.role), ["assistant", "tool", "tool"]);
  assert.deepEqual(turn?.answer[1], { role: "tool", call_id: "a", text: "sunny" });
  assert.match(JSON.stringify(turn?.answer[2]), /"b".*no result/);
});

Deno.test("a torn last line is cut off once, with a warning, and the session goes on", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, [question("kept"), answer("kept too")]);
  const whole = await Deno.readTextFile(folder.file(id));
  await Deno.writeTextFile(folder.file(id), `${whole}{"type":"question","at":"20`);
  const seen = await folder.store.read(id);
  assert.deepEqual(seen.warnings, [], "a reader may see a line that is just being written");
  {
    const { log, state } = await folder.store.open(id);
    await using _held = log;
    assert.match(state.warnings.join(), /cut off/);
    assert.equal(await Deno.readTextFile(folder.file(id)), whole);
    await log.append(question("next"), answer("done"));
  }
  const { log, state } = await folder.store.open(id);
  await using _held = log;
  assert.deepEqual(state.warnings, []);
  assert.equal(state.turns.length, 2);
});

Deno.test("a last line that lacks only its line feed is kept", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, [question("kept"), answer("kept too")]);
  const whole = await Deno.readTextFile(folder.file(id));
  await Deno.writeTextFile(folder.file(id), whole.trimEnd());
  const { log, state } = await folder.store.open(id);
  await log.append(question("next"));
  await log[Symbol.asyncDispose]();
  assert.equal(state.turns[0]?.finish, "stop");
  const text = await Deno.readTextFile(folder.file(id));
  assert.equal(text.slice(0, whole.length), whole);
  assert.equal((await folder.store.read(id)).turns.length, 2);
});

Deno.test("garbage in the middle is passed over with its line's number, and stays on disk", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, [question("one"), answer("1")]);
  const whole = await Deno.readTextFile(folder.file(id));
  const damaged = `${whole}\xff\xfe garbage {\n{"type":"of a later version"}\n\n${
    JSON.stringify(question("two"))
  }\n`;
  await Deno.writeTextFile(folder.file(id), damaged);
  const { log, state } = await folder.store.open(id);
  await log[Symbol.asyncDispose]();
  assert.equal(state.turns.length, 2);
  assert.deepEqual(state.warnings, [
    "line 4 of the session cannot be read and was passed over",
    "line 5 of the session cannot be read and was passed over",
  ]);
  assert.equal(await Deno.readTextFile(folder.file(id)), damaged);
});

Deno.test("a session without its first line is read all the same", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, [question("one"), answer("1")]);
  const [, ...rest] = (await Deno.readTextFile(folder.file(id))).split("\n");
  await Deno.writeTextFile(folder.file(id), `###\n${rest.join("\n")}`);
  const state = await folder.store.read(id);
  assert.equal(state.turns.length, 1);
  assert.equal(state.provider, "");
  assert.ok(Math.abs(Date.parse(state.created) - Date.now()) < 60_000, "the id tells the time");
});

Deno.test("a session that was killed at its first line can be opened and used", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, []);
  await Deno.writeTextFile(folder.file(id), '{"v":1,"type":"sess');
  {
    const { log } = await folder.store.open(id);
    await using _held = log;
    await log.append(question("one"), answer("1"));
  }
  const state = await folder.store.read(id);
  assert.equal(state.turns.length, 1);
  assert.deepEqual(state.warnings, []);
  assert.equal((await folder.store.list())[0]?.questions, 1);
});

Deno.test("a session of a newer format is refused and left alone", async () => {
  await using folder = await makeFolder();
  const id = await write(folder, []);
  const newer = `{"v":2,"type":"session","id":"${id}","what":"ever"}\n{"torn`;
  await Deno.writeTextFile(folder.file(id), newer);
  const isNewer = (thrown: unknown) =>
    thrown instanceof PyraError && thrown.code === "session_newer" && /update/.test(thrown.hint);
  await assert.rejects(folder.store.read(id), isNewer);
  await assert.rejects(folder.store.open(id), isNewer);
  assert.equal(await Deno.readTextFile(folder.file(id)), newer);
});

Deno.test("only the owner can read a session file and the folder", async () => {
  if (Deno.build.os === "windows") return;
  await using folder = await makeFolder();
  const inner = join(folder.path, "sessions");
  const store = openSessionStore(inner, Date.now);
  const head = header();
  await using _log = await store.create(head);
  assert.equal(((await Deno.stat(inner)).mode ?? 0) & 0o777, 0o700);
  const file = await Deno.stat(join(inner, sessionFileName(head.id)));
  assert.equal((file.mode ?? 0) & 0o777, 0o600);
  const copy = await store.fork(head.id);
  const copied = await Deno.stat(join(inner, sessionFileName(copy)));
  assert.equal((copied.mode ?? 0) & 0o777, 0o600);
});

Deno.test("10,000 events are read in less than 150 ms", async () => {
  await using folder = await makeFolder();
  const events: SessionEvent[] = [];
  for (let turn = 0; turn < 100; turn++) {
    events.push(question(`question ${turn}`));
    for (let n = 0; n < 98; n++) events.push({ type: "text", text: `some words ${n} ` });
    events.push(answer("some words ".repeat(98)));
  }
  const id = await write(folder, events);
  await folder.store.read(await write(folder, []));
  const started = performance.now();
  const state = await folder.store.read(id);
  const spent = performance.now() - started;
  assert.equal(state.turns.length, 100);
  // Three times the aim: other tests run beside this one.
  assert.ok(spent < 450, `${spent.toFixed(0)} ms`);
});

Deno.test("of a session beyond the bound the latest turns are kept, with a warning", () => {
  const builder = new StateBuilder(header(), 1000);
  for (let n = 0; n < 100; n++) {
    builder.add(question(`question ${n}`));
    for (let i = 0; i < 50; i++) builder.add({ type: "text", text: "x".repeat(40) });
    builder.add(answer("y".repeat(90)));
  }
  const state = builder.finish([]);
  assert.ok(state.turns.length < 15);
  assert.equal(JSON.stringify(state.turns.at(-1)?.question).includes("question 99"), true);
  assert.match(state.warnings.join(), /oldest turns were left out/);
});
