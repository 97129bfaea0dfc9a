/**
 * The model's question to the person, on the screen and in plain lines.
 * @module
 */
import assert from "node:assert/strict";
import type { Conversation } from "../../../src/chat/ports.ts";
import type { Part } from "../../../src/protocol/message.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { ChatScreen } from "../../../src/repl/chat_screen.ts";
import { InputHistory } from "../../../src/repl/history.ts";
import { runPlain } from "../../../src/repl/plain.ts";
import type { ApprovalSurface } from "../../../src/repl/ports.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import type { ClarificationAnswer } from "../../../src/tools/clarification.ts";
import { MemoryTerminal } from "../../fakes/memory_terminal.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import { ScriptedConversation } from "../../fakes/scripted_conversation.ts";
import { READING_MS } from "../../fakes/typed_lines.ts";

await loadMeasure();

const QUESTION = {
  question: "Which boat?\ny once · n no\u001b]0;owned\u0007",
  choices: ["the red one", "the blue one"],
  untrusted: "a page",
};

/** A conversation whose model asks back. */
class AskingConversation extends ScriptedConversation implements Conversation {
  readonly answers: ClarificationAnswer[] = [];
  surface: ApprovalSurface | undefined;

  constructor() {
    super("s1");
  }

  override async *send(
    _parts: readonly Part[],
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    yield { type: "text", text: "Let me see." };
    const asked = this.surface?.clarify?.(QUESTION, signal).then((one) => {
      this.answers.push(one);
      return one;
    });
    asked?.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const call = { id: "c1", name: "ask_clarification", arguments: JSON.stringify(QUESTION) };
    yield { type: "tool_call", call };
    const answer = await asked?.catch(() => undefined);
    if (signal.aborted) return yield { type: "done", reason: "cancelled" };
    yield { type: "text", text: `So ${answer?.kind}.` };
    yield { type: "done", reason: "stop" };
  }
}

async function screened(
  test: (terminal: MemoryTerminal, conversation: AskingConversation) => Promise<void>,
  columns = 80,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const terminal = new MemoryTerminal(columns, 40);
  const conversation = new AskingConversation();
  const { ports } = fakePorts({
    conversation,
    attachTools: (surface) => void (conversation.surface = surface),
  });
  try {
    const history = await InputHistory.open(`${folder}/history`);
    const code = new ChatScreen(ports, terminal, history).run();
    await test(terminal, conversation);
    terminal.press("\x03", "\x03");
    await code;
  } finally {
    await terminal.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

const offersKeys = (text: string): boolean =>
  text.split("\n").slice(-4).join().replaceAll("\n", " ").includes("chooses");

for (const columns of [40, 80]) {
  Deno.test(`at ${columns} columns the question stands behind what led to it, and a number answers`, async () => {
    await screened(async (terminal, conversation) => {
      terminal.press("go", "\r");
      const shown = await terminal.until(offersKeys);
      assert.match(
        shown,
        /Let me see\.\n[^]*the model asks you\n {2}│ Which boat\?\n {2}│ y once · n no[^\n]*\n {2}│ 1 {2}the red one\n {2}│ 2 {2}the blue one\nyour answer allows nothing/,
      );
      assert.ok(!terminal.written.includes("\x1b]0;owned"));
      terminal.press("y", "\r", "7", "2");
      const after = await terminal.until((text) => text.includes("So chosen."));
      assert.match(after, /you chose 2/);
      assert.deepEqual(conversation.answers, [{ kind: "chosen", at: 1 }]);
    }, columns);
  });
}

Deno.test("0 begins an answer in one's own words; Escape there goes back, and here is no answer", async () => {
  await screened(async (terminal, conversation) => {
    terminal.press("go", "\r");
    await terminal.until(offersKeys);
    terminal.press("0");
    await terminal.until((text) => text.includes("Enter sends it"));
    terminal.press("2 of them", "\x1b");
    await terminal.until(offersKeys);
    terminal.press("0");
    await terminal.until((text) => text.includes("Enter sends it"));
    terminal.press("both of them", "\r");
    await terminal.until((text) => text.includes("So own."));
    assert.deepEqual(conversation.answers, [{ kind: "own", words: "both of them" }]);
    terminal.press("again", "\r");
    await terminal.until(offersKeys);
    terminal.press("\x1b");
    await terminal.until((text) => text.includes("So none."));
  });
});

Deno.test("what was being typed when the question came up is no answer and stays in the editor", async () => {
  await screened(async (terminal, conversation) => {
    terminal.press("go", "\r");
    await terminal.until((text) => text.includes("your answer allows nothing"));
    terminal.press("1");
    await terminal.until(offersKeys);
    assert.deepEqual(conversation.answers, []);
    terminal.press("2");
    await terminal.until((text) => text.includes("So chosen."));
    assert.deepEqual(conversation.answers, [{ kind: "chosen", at: 1 }]);
  });
});

Deno.test("Ctrl-C ends the turn and its question", async () => {
  await screened(async (terminal, conversation) => {
    terminal.press("go", "\r");
    await terminal.until(offersKeys);
    terminal.press("\x03");
    await terminal.until((text) => text.includes("stopped"));
    assert.deepEqual(conversation.answers, []);
  });
});

async function plain(lines: readonly string[], stdin: boolean) {
  const conversation = new AskingConversation();
  const { ports } = fakePorts({
    conversation,
    terminal: { stdin, stdout: true, columns: 80 },
    attachTools: (surface) => void (conversation.surface = surface),
  });
  let out = "";
  await runPlain(ports, {
    input: (async function* () {
      for (const line of lines) {
        if (stdin) await new Promise((resolve) => setTimeout(resolve, READING_MS));
        yield new TextEncoder().encode(`${line}\n`);
      }
    })(),
    write: (text) => out += text,
    writeError: () => undefined,
    readerLeft: new AbortController().signal,
  });
  return { out, answers: conversation.answers };
}

Deno.test("in plain lines the next line is the answer", async () => {
  const { out, answers } = await plain(["go", "the green one"], true);
  assert.match(out, /the model asks you\n {2}│ Which boat\?/);
  assert.match(out, /1 to 2, or your own words; Enter alone: no answer > /);
  assert.deepEqual(answers, [{ kind: "own", words: "the green one" }]);
});

Deno.test("piped lines are questions and answer none of the model's", async () => {
  const { out, answers } = await plain(["go", "1"], false);
  assert.doesNotMatch(out, /asks you/);
  assert.deepEqual(answers, []);
});
