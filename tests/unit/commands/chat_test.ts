import assert from "node:assert/strict";
import type { ReplStart } from "../../../src/commands/context.ts";
import { DEMO_NOTICE } from "../../../src/commands/conversation.ts";
import { scriptedPrompts, TestProfile } from "../../fakes/command_context.ts";

const CONFIG = "ai:\n  provider_id: openai\n  model: m1\n";

function recorder(code = 0) {
  const starts: ReplStart[] = [];
  const repl = async (start: ReplStart) => {
    starts.push(start);
    await start.conversation[Symbol.asyncDispose]();
    return code;
  };
  return { starts, repl };
}

Deno.test("no words on a terminal start the REPL, whose exit code is the program's", async () => {
  await using profile = await TestProfile.create();
  const { starts, repl } = recorder(130);
  const { code } = await profile.run([], { config: CONFIG, terminal: true, repl });
  assert.equal(code, 130);
  assert.deepEqual(starts[0]?.conversation.choice, { provider: "openai", model: "m1" });
  assert.deepEqual(starts[0]?.notices, []);
});

Deno.test("the chat works in a plain pipe when something is set up", async () => {
  await using profile = await TestProfile.create();
  const { repl } = recorder();
  assert.equal((await profile.run(["chat"], { config: CONFIG, input: "", repl })).code, 0);
  const bare = await profile.run(["chat"], { config: "", input: "", repl });
  assert.equal(bare.code, 3);
});

Deno.test("the demo announces itself on every start", async () => {
  await using profile = await TestProfile.create();
  const { starts, repl } = recorder();
  await profile.run(["chat", "--provider", "demo", "--system", "be kind"], { repl });
  assert.deepEqual(starts[0]?.notices, [DEMO_NOTICE]);
  assert.equal(starts[0]?.conversation.system, "be kind");
});

Deno.test("warnings about the settings are shown", async () => {
  await using profile = await TestProfile.create();
  const { starts, repl } = recorder();
  await profile.run(["chat"], { config: `${CONFIG}  modle: x\n`, repl });
  assert.match(starts[0]?.notices.join() ?? "", /modle/);
});

Deno.test("on a terminal without set-up, Enter takes the demo and the chat begins", async () => {
  await using profile = await TestProfile.create();
  const { starts, repl } = recorder();
  const prompts = scriptedPrompts(["enter"]);
  const { code } = await profile.run(["chat"], { terminal: true, prompts, repl });
  assert.equal(code, 0);
  assert.deepEqual(starts[0]?.conversation.choice, { provider: "demo", model: "demo" });
  assert.equal(starts[0]?.notices[0], DEMO_NOTICE);
});

Deno.test("Ctrl-C in the wizard ends with 130 and leaves nothing behind", async () => {
  await using profile = await TestProfile.create();
  const { repl } = recorder();
  const prompts = scriptedPrompts(["ctrl-c"]);
  const { code, err } = await profile.run(["chat"], { terminal: true, prompts, repl });
  assert.equal(code, 130);
  assert.equal(err, "");
  await assert.rejects(Deno.stat(profile.configPath), Deno.errors.NotFound);
});

Deno.test("a conversation is resumed by the start of its id", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["ask", "a question"], { config: CONFIG });
  const list = await profile.run(["sessions", "list"], { options: { json: true } });
  const [{ id, short_id }] = JSON.parse(list.out);
  const { starts, repl } = recorder();
  await profile.run(["chat", "--session", short_id], { repl });
  await profile.run(["sessions", "resume", short_id, "--model", "m2"], { repl });
  assert.equal(starts[0]?.conversation.id, id);
  assert.equal(starts[0]?.conversation.choice.model, "m1");
  assert.equal(starts[1]?.conversation.choice.model, "m2");
  assert.equal(starts[1]?.conversation.messages.length, 2);
});
