import assert from "node:assert/strict";
import { PyraError } from "../../../src/protocol/error.ts";
import { ChatState, rememberable } from "../../../src/repl/command.ts";
import { nearestCommand, parseCommand, SLASH_COMMANDS } from "../../../src/repl/slash_commands.ts";
import { commandBench as bench } from "../../fakes/command_bench.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import type { ScriptedConversation } from "../../fakes/scripted_conversation.ts";

async function answer(conversation: ScriptedConversation, question: string): Promise<void> {
  const signal = new AbortController().signal;
  const turn = conversation.send([{ type: "text", text: question }], signal);
  for await (const _ of turn);
}

Deno.test("the table has every command of the chat, and /help shows each", async () => {
  const names = SLASH_COMMANDS.map((command) => command.name);
  const wanted =
    "help model provider system set sessions resume fork export copy retry edit attach remember recall " +
    "memory forget plan recipe context clear cost quit";
  assert.deepEqual(names, wanted.split(" "));
  const help = await bench().run("/help");
  for (const command of SLASH_COMMANDS) {
    assert.ok(help.includes(`/${command.name}`) && help.includes(command.description));
  }
});

Deno.test("paths and text with slashes are no commands", () => {
  assert.deepEqual(parseCommand("/model  a b "), { name: "model", argument: "a b" });
  assert.deepEqual(parseCommand("/system one\ntwo"), { name: "system", argument: "one\ntwo" });
  for (const line of ["/etc/hosts what is it", "a /model", "//", "/", "/1"]) {
    assert.equal(parseCommand(line), undefined, line);
  }
});

Deno.test("an unknown command names the nearest", async () => {
  assert.equal(nearestCommand("modle"), "model");
  assert.equal(nearestCommand("sess"), "sessions");
  assert.equal(nearestCommand("hlep"), "help");
  assert.equal(nearestCommand("xyzxyzxyz"), undefined);
  await assert.rejects(bench().run("/modle x"), (error) => {
    assert.ok(error instanceof PyraError);
    assert.equal(error.code, "unknown_command");
    assert.equal(error.hint, "did you mean /model?");
    return true;
  });
});

Deno.test("/model and /provider connect a provider once, then use the choice", async () => {
  const { run, conversation, calls, surface } = bench();
  assert.match(await run("/model beta"), /now using demo\/beta/);
  surface.choice = "openai";
  await run("/provider");
  assert.deepEqual(conversation.choice, { provider: "openai", model: "gpt" });
  await run("/provider openai other");
  assert.deepEqual(conversation.choice, { provider: "openai", model: "other" });
  assert.deepEqual(calls, ["connect demo", "connect openai"]);
  await assert.rejects(run("/provider nowhere"), /no provider nowhere/);
});

Deno.test("/system sets, shows and removes", async () => {
  const { run, conversation } = bench();
  await run("/system be brief\x1b[2J");
  assert.equal(conversation.system, "be brief\x1b[2J");
  assert.match(await run("/system"), /be brief␛\[2J/);
  await run("/system -");
  assert.equal(conversation.system, "");
});

Deno.test("/resume, /fork and /clear let go of the conversation that is left", async () => {
  const { run, conversation, state, surface } = bench();
  surface.choice = "s9";
  assert.equal(await run("/resume"), "replayed\n");
  assert.equal(state.conversation.id, "s9");
  assert.ok(conversation.disposed);
  assert.match(await run("/resume s9"), /this is that conversation/);
  await run("/fork");
  assert.equal(state.conversation.id, "s9-fork");
  state.attachments = [{ type: "text", text: "x" }];
  assert.equal(await run("/clear"), "cleared\n");
  assert.equal(state.conversation.id, "s2");
  assert.deepEqual(state.attachments, []);
});

Deno.test("/retry asks the last question again, /edit puts it into the editor", async () => {
  const { run, conversation, surface, state } = bench();
  assert.match(await run("/retry"), /no question yet/);
  await answer(conversation, "what?");
  await run("/retry");
  assert.deepEqual(surface.asked, [[{ type: "text", text: "what?" }]]);
  conversation.messages = [{
    role: "user",
    parts: [
      { type: "image", media_type: "image/png", data: "AA==" },
      { type: "text", text: "and this?" },
    ],
  }];
  await run("/edit");
  assert.equal(surface.draft, "and this?");
  assert.equal(state.attachments.length, 1);
});

Deno.test("/copy takes the last answer, or its last code", async () => {
  const { run, conversation, surface } = bench();
  assert.match(await run("/copy"), /no answer yet/);
  await answer(conversation, "tour");
  await run("/copy");
  assert.match(surface.copied, /^# Title/);
  await run("/copy code");
  assert.equal(surface.copied, "const x = 1;\n");
});

Deno.test("/attach keeps a file for the next question, and passes errors on", async () => {
  const { run, state } = bench();
  assert.match(await run("/attach"), /nothing is attached/);
  await run('/attach "a cat.png"');
  assert.deepEqual(state.attachments.map((part) => part.type === "image" && part.name), [
    "a cat.png",
  ]);
  await assert.rejects(run("/attach missing"), /no file missing/);
});

Deno.test("/export takes the format from the name, /sessions and /cost list", async () => {
  const { run, calls, conversation } = bench();
  await run("/export");
  await run("/export x.JSON");
  assert.deepEqual(calls, ["export s1 pyra-s1.md md", "export s1 x.JSON json"]);
  assert.match(await run("/sessions"), /s9 \| 2026-01-02 03:04 {2}a title/);
  assert.match(await run("/cost"), /nothing was used/);
  await answer(conversation, "x");
  assert.match(
    await run("/cost"),
    /demo\/demo-1 \| 1 requests, 1,200 tokens in \(0 cached\), 34 out/,
  );
});

Deno.test("/quit, /exit and /q end the chat", async () => {
  for (const line of ["/quit", "/exit", "/q"]) {
    const { run, surface } = bench();
    await run(line);
    assert.ok(surface.over);
  }
});

Deno.test("what is too long for the kernel's memory is not remembered", async () => {
  const { ports, conversation } = fakePorts();
  const state = new ChatState(conversation);
  const long = "漢".repeat(9_000);
  const session = conversation.id;
  assert.deepEqual(rememberable(state, long, long), { session });
  assert.deepEqual(rememberable(state, "/x", "y"), { session, command: "/x", draft: "y" });
  await state.attach("a.png", ports);
  const attached = ["a.png"];
  assert.deepEqual(rememberable(state, "/x", ""), { session, command: "/x", attached });
  assert.equal(state.takeAttachments().length, 1);
  assert.deepEqual(rememberable(state, "/x", ""), { session, command: "/x" });
});

Deno.test("/set lists, sets and leaves to the settings, and says what may be given", async () => {
  const { run, conversation } = bench();
  assert.match(await run("/set temperature 0.2"), /temperature is 0\.2 in this conversation/);
  await run("/set tools off");
  assert.deepEqual(conversation.preferences, { temperature: 0.2, tools: false });
  const listed = await run("/set");
  assert.match(listed, /temperature: 0\.2/);
  assert.match(listed, /tools: off/);
  assert.match(listed, /language: as in the settings/);
  assert.match(await run("/set temperature"), /temperature is as in the settings/);
  assert.deepEqual(conversation.preferences, { tools: false });
  await assert.rejects(run("/set temperature hot"), /temperature cannot be hot/);
  await assert.rejects(run("/set mood good"), /a conversation has no mood/);
});

Deno.test("/recipe lists, and asks the steps of one with the values that are typed", async () => {
  const recipes = await Deno.makeTempDir();
  try {
    const { run, surface } = bench({ recipes });
    assert.match(await run("/recipe"), /no recipe yet/);
    const steps = "steps: ['About {{one}}.', 'Now {{tone}}.']\n";
    const parameters = "parameters: [{name: one}, {name: tone, default: dry}]\n";
    const text = `name: tea\ndescription: All of it.\n${parameters}${steps}`;
    await Deno.writeTextFile(`${recipes}/tea.yaml`, text);
    await Deno.writeTextFile(`${recipes}/bad.yaml`, "name: bad\n");
    const listed = await run("/recipe");
    assert.match(listed, /tea one= tone= \| All of it\./);
    assert.match(listed, /bad\.yaml:1: /);
    await run('/recipe tea one="green tea"');
    assert.deepEqual(surface.asked, [
      [{ type: "text", text: "About green tea." }],
      [{ type: "text", text: "Now dry." }],
    ]);
    await assert.rejects(run("/recipe tea"), /the recipe tea needs one/);
    await assert.rejects(run("/recipe tea green tea"), /green tea is no value/);
    await assert.rejects(run("/recipe coffee"), /there is no recipe coffee/);
  } finally {
    await Deno.remove(recipes, { recursive: true });
  }
});
