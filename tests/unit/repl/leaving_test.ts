import assert from "node:assert/strict";
import { ChatScreen } from "../../../src/repl/chat_screen.ts";
import { InputHistory } from "../../../src/repl/history.ts";
import { runPlain } from "../../../src/repl/plain.ts";
import type { ReplPorts } from "../../../src/repl/ports.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import { MemoryTerminal } from "../../fakes/memory_terminal.ts";
import { type FakePorts, fakePorts } from "../../fakes/repl_ports.ts";

const ENTER = "\r";

await loadMeasure();

interface Chat extends FakePorts {
  readonly terminal: MemoryTerminal;
  readonly code: Promise<number>;
}

/** Runs a chat in memory, which the test ends. */
async function chatting(
  test: (chat: Chat) => Promise<void>,
  options: { readonly changes?: Partial<ReplPorts>; readonly pace?: number } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const terminal = new MemoryTerminal(80);
  try {
    const fake = fakePorts(options.changes, options.pace);
    const history = await InputHistory.open(`${folder}/history`);
    const code = new ChatScreen(fake.ports, terminal, history).run();
    await test({ ...fake, terminal, code });
    assert.equal(terminal.raw, false, "the terminal is in its normal mode again");
  } finally {
    await terminal.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a chat whose daemon ends leaves what the next room needs, with the draft and no command", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("half a thought");
    await chat.terminal.until((text) => text.includes("half a thought"));
    chat.kernel("leave");
    assert.equal(await chat.code, 143);
    const left = { session: "s1", command: "", draft: "half a thought" };
    assert.deepEqual(chat.remembered, [left]);
  });
});

Deno.test("it finishes its answer first", async () => {
  const connected = Promise.withResolvers<void>();
  await chatting(async (chat) => {
    chat.terminal.press("hello", ENTER);
    await chat.terminal.until(() => !chat.terminal.raw);
    chat.kernel("leave");
    connected.resolve();
    assert.equal(await chat.code, 143);
    assert.match((await chat.terminal.lines()).join("\n"), /you said: hello\s+1,200 in/);
    assert.equal(chat.remembered.at(-1)?.command, "", "the question is not asked again");
  }, { changes: { connect: () => connected.promise } });
});

Deno.test("an answer that takes too long for that is cut", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("slow", ENTER);
    await chat.terminal.until((text) => text.includes("word3 "));
    chat.kernel("leave");
    chat.kernel("terminate");
    assert.equal(await chat.code, 143);
    assert.equal(chat.remembered.at(-1)?.command, "", "the question is not asked again");
  }, { pace: 5 });
});

Deno.test("a dumb terminal's chat goes on, too; one of piped questions ends with its room", async () => {
  for (const stdin of [true, false]) {
    const { ports, remembered, kernel } = fakePorts({ terminal: { stdin, stdout: true } });
    const code = runPlain(ports, {
      input: new ReadableStream(),
      write: () => undefined,
      writeError: () => undefined,
      readerLeft: new AbortController().signal,
    });
    kernel("leave");
    if (!stdin) kernel("terminate");
    assert.equal(await code, 143);
    assert.equal(remembered.length, stdin ? 1 : 0);
  }
});
