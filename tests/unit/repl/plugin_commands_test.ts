/**
 * Slash commands that plugins give.
 * @module
 */
import assert from "node:assert/strict";
import type { SendOptions } from "../../../src/chat/ports.ts";
import { completion } from "../../../src/repl/completion.ts";
import type { PluginCommand } from "../../../src/repl/ports.ts";
import { runPlain } from "../../../src/repl/plain.ts";
import { COMMAND_NAMES } from "../../../src/repl/slash_commands.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Part } from "../../../src/protocol/message.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import { ScriptedConversation } from "../../fakes/scripted_conversation.ts";

const FROM = { from: "plugin sky" };

/** `/sky WORD` shows or asks what the word says. */
const SKY: PluginCommand = {
  plugin: "sky",
  name: "sky",
  usage: "[WHERE]",
  description: "the weather\u001b[2J",
  run: (argument, { progress }) => {
    progress?.("looking \u001b[31mup");
    if (argument === "fail") {
      const failure = new PyraError("system", "plugin_failed", "no sky", { hint: "look up" });
      return Promise.reject(failure);
    }
    if (argument === "ask") return Promise.resolve({ ask: "is it raining?", from: FROM });
    if (argument === "quiet") return Promise.resolve({ from: FROM });
    return Promise.resolve({ show: `rain in ${argument}\u001b]0;x\u0007`, from: FROM });
  },
};

/** Keeps with what each question was sent. */
class Sent extends ScriptedConversation {
  readonly options: (SendOptions | undefined)[] = [];

  override async *send(parts: readonly Part[], signal: AbortSignal, options?: SendOptions) {
    this.options.push(options);
    yield* super.send(parts, signal);
  }
}

async function run(...lines: string[]) {
  const conversation = new Sent();
  const fake = fakePorts({ conversation, pluginCommands: () => Promise.resolve([SKY]) });
  let [out, error] = ["", ""];
  await runPlain(fake.ports, {
    input: ReadableStream.from([new TextEncoder().encode(lines.join("\n"))]),
    write: (text) => out += text,
    writeError: (text) => error += text,
    readerLeft: new AbortController().signal,
  });
  return { out, error, conversation, calls: fake.calls };
}

Deno.test("a plugin's command is run with its argument, and what it shows is made harmless", async () => {
  const { out, error } = await run("/sky Ghent", "/SKY quiet");
  assert.match(out, /rain in Ghent/);
  assert.match(error, /looking .*up\n[^]*done/);
  // deno-lint-ignore no-control-regex -- that none is there
  assert.doesNotMatch(out + error, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
});

Deno.test("what it wants to be asked is asked as text that nobody vouches for", async () => {
  const { conversation, out, calls } = await run("/sky ask", "hello");
  assert.match(out, /you said: is it raining\?/);
  assert.deepEqual(conversation.options.map((options) => options?.untrusted), [FROM, undefined]);
  assert.deepEqual(calls, ["connect demo"]);
});

Deno.test("one that fails says so, and the chat goes on", async () => {
  const { out, error } = await run("/sky fail", "hello", "/skies");
  assert.match(error, /error: no sky\nlook up/);
  assert.match(out, /you said: hello/);
  assert.match(error, /there is no command \/skies/);
});

Deno.test("plugins' commands are in the help and completed", async () => {
  const { out } = await run("/help");
  assert.match(out, /\/sky \[WHERE\] +the weather.*\(plugin sky\)/);
  assert.ok(!COMMAND_NAMES.has("sky") && COMMAND_NAMES.has("q") && COMMAND_NAMES.has("help"));
  const { ports } = fakePorts({ pluginCommands: () => Promise.resolve([SKY]) });
  const { signal } = new AbortController();
  const found = await completion(ports).getSuggestions(["/sk"], 0, 3, { signal });
  assert.deepEqual(found?.items.map(({ value }) => value), ["/sky"]);
});
