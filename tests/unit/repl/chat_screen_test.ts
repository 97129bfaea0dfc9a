import assert from "node:assert/strict";
import { ChatScreen } from "../../../src/repl/chat_screen.ts";
import { InputHistory } from "../../../src/repl/history.ts";
import type { ReplPorts } from "../../../src/repl/ports.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import { MemoryTerminal } from "../../fakes/memory_terminal.ts";
import { type FakePorts, fakePorts } from "../../fakes/repl_ports.ts";

const ENTER = "\r";
const CTRL_C = "\x03";
const CTRL_D = "\x04";
const CTRL_R = "\x12";
const UP = "\x1b[A";

await loadMeasure();

interface Chat extends FakePorts {
  readonly terminal: MemoryTerminal;
  readonly code: Promise<number>;
}

/** Runs a chat in memory; it is ended with Ctrl-D unless the test did so. */
async function chatting(
  test: (chat: Chat) => Promise<void>,
  options: {
    readonly changes?: Partial<ReplPorts>;
    readonly columns?: number;
    readonly pace?: number;
    readonly history?: readonly string[];
  } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const terminal = new MemoryTerminal(options.columns ?? 80);
  try {
    const history = await InputHistory.open(`${folder}/history`);
    for (const entry of options.history ?? []) await history.add(entry);
    const fake = fakePorts(options.changes, options.pace);
    const code = new ChatScreen(fake.ports, terminal, history).run();
    let over = false;
    const ended = code.then(() => over = true, () => over = true);
    await test({ ...fake, terminal, code });
    if (!over) {
      terminal.press(CTRL_C, CTRL_C);
      await ended;
    }
    assert.equal(terminal.raw, false, "the terminal is in its normal mode again");
  } finally {
    await terminal.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

async function ask(chat: Chat, question: string): Promise<string> {
  const tokens = /1,200 in · 34 out · [\d.]+ s/g;
  const before = ((await chat.terminal.lines()).join("\n").match(tokens) ?? []).length;
  chat.terminal.press(question, ENTER);
  return await chat.terminal.until((text) => (text.match(tokens) ?? []).length > before);
}

for (const columns of [40, 80]) {
  Deno.test(`a turn with one of each block looks right at ${columns} columns`, async () => {
    await chatting(async (chat) => {
      const golden = new URL(`./golden/screen_${columns}.txt`, import.meta.url);
      const shown = (await ask(chat, "tour")).replace(/[\d.]+ s$/m, "0.0 s") + "\n";
      if (Deno.env.get("UPDATE_GOLDEN") === "1") await Deno.writeTextFile(golden, shown);
      assert.equal(shown, await Deno.readTextFile(golden));
      for (let color = 30; color <= 37; color += 1) {
        assert.ok(!chat.terminal.written.includes(`\x1b[${color}m`), "no colour was asked for");
      }
    }, { columns });
  });
}

Deno.test("a long answer scrolls by once: no line is printed twice, nothing is cleared", async () => {
  await chatting(async (chat) => {
    const shown = await ask(chat, "lines");
    for (let line = 1; line <= 60; line += 1) {
      assert.equal(shown.split(`line number ${line} of sixty`).length, 2, `line ${line}`);
    }
    assert.ok(!chat.terminal.written.includes("\x1b[2J"), "the screen was cleared");
    assert.ok(!chat.terminal.written.includes("\x1b[3J"), "the scrollback was cleared");
    const bytes = chat.terminal.written.length;
    assert.ok(bytes < 60_000, `${bytes} characters for 2,000 of text`);
  }, { pace: 1 });
});

Deno.test("a new width lays out what is visible anew and keeps the scrollback", async () => {
  await chatting(async (chat) => {
    await ask(chat, "hello there this is a question that is longer than forty columns");
    chat.terminal.resize(40, 24);
    await chat.terminal.until((text) =>
      /you said: hello there this is a question\nthat is longer/.test(text)
    );
    const screen = await chat.terminal.screen();
    assert.equal(screen.split("─".repeat(40)).length, 3, screen);
    assert.ok(!chat.terminal.written.includes("\x1b[3J"));
  });
});

Deno.test("a new width in the middle of an answer loses nothing of it", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("lines", ENTER);
    await chat.terminal.until((text) => text.includes("line number 20 "));
    chat.terminal.resize(50, 20);
    const shown = await chat.terminal.until((text) => text.includes("34 out"));
    for (let line = 30; line <= 60; line += 1) {
      assert.ok(shown.includes(`line number ${line} of sixty`), `line ${line}`);
    }
  }, { pace: 1 });
});

Deno.test("Ctrl-C stops a turn and keeps what arrived; twice it ends the chat with 130", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("slow", ENTER);
    await chat.terminal.until((text) => text.includes("word5 "));
    chat.terminal.press(CTRL_C);
    const shown = await chat.terminal.until((text) => text.includes("stopped"));
    assert.match(shown, /word1 word2 word3 word4 word5/);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    chat.terminal.press("draft", CTRL_C);
    await chat.terminal.until((text) => !text.includes("draft"));
    chat.terminal.press(CTRL_C);
    assert.equal(await chat.code, 130);
  }, { pace: 5 });
});

Deno.test("Ctrl-D on an empty line ends the chat with 0, and not otherwise", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("x", CTRL_D);
    assert.match(await chat.terminal.until((text) => text.includes("x")), /x/);
    chat.terminal.press("\x7f", CTRL_D);
    assert.equal(await chat.code, 0);
  });
});

Deno.test("the kernel's interrupt and terminate act like the keys", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("slow", ENTER);
    await chat.terminal.until((text) => text.includes("word3 "));
    chat.kernel("interrupt");
    await chat.terminal.until((text) => text.includes("stopped"));
    chat.kernel("terminate");
    assert.equal(await chat.code, 143);
    assert.ok(chat.conversation.disposed);
  }, { pace: 5 });
});

Deno.test("a fault in a callback restores the terminal and is thrown", async () => {
  await chatting(async (chat) => {
    await chat.terminal.until((text) => text.includes("Pyra"));
    const fault = new Error("a fault of the test");
    setTimeout(() => {
      throw fault;
    }, 0);
    await assert.rejects(chat.code, fault);
    assert.equal(chat.terminal.raw, false);
    assert.ok(chat.terminal.written.lastIndexOf("\x1b[?25h") > 0, "the cursor is shown");
  });
});

Deno.test("Up brings back what was typed, also in earlier runs", async () => {
  await chatting(async (chat) => {
    chat.terminal.press(UP);
    await chat.terminal.until((text) => text.includes("\nsecond\nline\n"));
    chat.terminal.press(UP);
    await chat.terminal.until((text) => text.includes("\nfirst\n"));
  }, { history: ["first", "second\nline"] });
});

Deno.test("Ctrl-R searches the history and puts the entry into the editor", async () => {
  await chatting(async (chat) => {
    chat.terminal.press(CTRL_R, "rust wh");
    await chat.terminal.until((text) => /→ what about rust/.test(text) && !text.includes("go?"));
    chat.terminal.press(ENTER);
    await chat.terminal.until((text) => text.includes("─\nwhat about rust\n─"));
    assert.equal(chat.conversation.asked.length, 0);
  }, { history: ["what about rust", "what about go?"] });
});

Deno.test("a backslash or Alt+Enter makes a new line, Enter sends", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("count a\\", ENTER, "b", "\x1b\r", "c", ENTER);
    await chat.terminal.until((text) => text.includes("got 3 lines"));
  });
});

Deno.test("a paste of 10,000 lines is one question", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("count ");
    chat.terminal.paste(Array.from({ length: 10_000 }, (_, i) => `line ${i}`).join("\n"));
    chat.terminal.press(ENTER);
    const shown = await chat.terminal.until((text) => text.includes("got 10000 lines"));
    assert.match(shown, /… 9988 more lines/);
  });
});

Deno.test("a paste cannot carry control characters into the editor", async () => {
  await chatting(async (chat) => {
    chat.terminal.paste("a\x9b2Jb\u202ec\x1b[2Jd");
    await chat.terminal.until((text) => /a2Jbc/.test(text));
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(chat.terminal.written, /[\x80-\x9f\u202e]|\x1b\[2J/);
  });
});

Deno.test("thoughts are collapsed, tools and errors are shown beside the answer", async () => {
  await chatting(async (chat) => {
    assert.match(await ask(chat, "think"), /thought for [\d.]+ s \(60 words\)\n\ndone thinking/);
    assert.match(await ask(chat, "tool"), /→ clock .*\n← 12:00 more\nIt is noon/);
    const failed = await ask(chat, "fail");
    assert.match(failed, /half an ans\n\nerror: the provider does not answer\ntry again/);
  });
});

Deno.test("escape sequences in an answer are shown and do nothing", async () => {
  await chatting(async (chat) => {
    const shown = await ask(chat, "evil");
    assert.match(shown, /a ␛\]0;owned␇ ␛\[2J ␛\]52;c;b3duZWQ=␇ .31m z/);
    assert.ok(!chat.terminal.written.includes("\x1b]0;"));
    assert.ok(!chat.terminal.written.includes("\x1b]52;"));
    assert.ok(!chat.terminal.written.includes("\x9b"));
  });
});

Deno.test("/model offers the models, and /copy writes the clipboard", async () => {
  await chatting(async (chat) => {
    await ask(chat, "tour");
    chat.terminal.press("/model", ENTER);
    await chat.terminal.until((text) => text.includes("models of demo"));
    chat.terminal.press("bet", ENTER);
    await chat.terminal.until((text) => text.includes("now using demo/beta"));
    chat.terminal.press("/copy code", ENTER);
    await chat.terminal.until((text) => text.includes("copied"));
    assert.ok(chat.terminal.written.includes(`\x1b]52;c;${btoa("const x = 1;\n")}\x07`));
  });
});

Deno.test("an unknown command names the nearest; Tab completes", async () => {
  await chatting(async (chat) => {
    chat.terminal.press("/modle", ENTER);
    await chat.terminal.until((text) => text.includes("did you mean /model?"));
    chat.terminal.press("/att");
    await chat.terminal.until((text) => text.includes("→ /attach"));
    chat.terminal.press("\t", "cat.");
    await chat.terminal.until((text) => text.includes("→ cat.png"));
    chat.terminal.press("\t", ENTER);
    await chat.terminal.until((text) => text.includes("attached: cat.png"));
    await chat.terminal.until((text) => text.includes("1 attached"));
    await ask(chat, "look");
    assert.deepEqual(chat.conversation.asked[0]?.map((part) => part.type), ["image", "text"]);
  });
});

Deno.test("before a call that may end the room, the state is kept and the terminal is normal", async () => {
  const seen: boolean[] = [];
  const chatRef: { terminal?: MemoryTerminal } = {};
  const connect = (): Promise<void> => {
    seen.push(chatRef.terminal?.raw ?? true);
    return Promise.resolve();
  };
  await chatting(async (chat) => {
    chatRef.terminal = chat.terminal;
    await ask(chat, "hello");
    chat.terminal.press("/provider openai", ENTER);
    await chat.terminal.until((text) => text.includes("now using openai/gpt"));
    assert.deepEqual(seen, [false, false]);
    assert.deepEqual(chat.remembered, [
      { session: "s1", command: "hello" },
      { session: "s1", command: "/provider openai gpt" },
    ]);
    assert.equal(chat.terminal.raw, true);
  }, { changes: { connect } });
});

Deno.test("a chat that ends during such a call does not take the terminal again", async () => {
  const opened = Promise.withResolvers<void>();
  await chatting(async (chat) => {
    chat.terminal.press("hello", ENTER);
    await chat.terminal.until(() => !chat.terminal.raw);
    chat.kernel("terminate");
    assert.equal(await chat.code, 143);
    opened.resolve();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(chat.terminal.raw, false);
  }, { changes: { connect: () => opened.promise } });
});

Deno.test("a room that follows runs the command again and puts the draft back", async () => {
  await chatting(async (chat) => {
    const shown = await chat.terminal.until((text) =>
      text.includes("now using openai/gpt") && text.includes("half a thought")
    );
    assert.match(shown, /half a thought/);
  }, { changes: { resumed: { command: "/provider openai", draft: "half a thought" } } });
});
