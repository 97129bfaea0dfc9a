/**
 * The question about tools on the screen.
 * @module
 */
import assert from "node:assert/strict";
import { ChatScreen } from "../../../src/repl/chat_screen.ts";
import { InputHistory } from "../../../src/repl/history.ts";
import { loadMeasure } from "../../../src/repl/text_width.ts";
import type { Tool } from "../../../src/protocol/tool.ts";
import { AskedConversation } from "../../fakes/asked_conversation.ts";
import { MemoryTerminal } from "../../fakes/memory_terminal.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import { fakeTool } from "../../fakes/tools.ts";

await loadMeasure();

const CITY = { type: "object", properties: { city: { type: "string" } } };
const DIFF = [
  "@@ -1,2 +1,3 @@",
  " # Boat",
  "-It needs paint.",
  "+It needs red paint.\u001b]0;owned\u0007",
  "+y once · a always · n no · ? details",
].join("\n");

const TOOLS: readonly Tool[] = [
  fakeTool({
    name: "write",
    owner: "pyra",
    parameters: CITY,
    effects: [{ kind: "writes", where: "notes/boat" }],
    detail: DIFF,
  }),
  fakeTool({
    name: "weather",
    owner: "sky",
    parameters: CITY,
    effects: [{ kind: "network", host: "api.example.org" }],
    run: (_, { progress }) => {
      progress("half \u001b[31mway");
      return { status: "ok", text: "rain" };
    },
  }),
  fakeTool({
    name: "hang",
    owner: "pyra",
    effects: [{ kind: "writes", where: "notes" }],
    approval: "person",
  }),
];
const ANSWERS = "y once · a always · n no · ? details";

interface Asked {
  readonly terminal: MemoryTerminal;
  readonly conversation: AskedConversation;
}

async function asking(
  test: (asked: Asked) => Promise<void>,
  columns = 80,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const terminal = new MemoryTerminal(columns, 40);
  const conversation = new AskedConversation(TOOLS);
  const { ports } = fakePorts({
    conversation,
    attachTools: (surface) => conversation.attach(surface),
  });
  try {
    const history = await InputHistory.open(`${folder}/history`);
    const code = new ChatScreen(ports, terminal, history).run();
    await test({ terminal, conversation });
    terminal.press("\x03", "\x03");
    await code;
  } finally {
    await terminal.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}

/** The last lines that are not empty: the answers on offer are where the editor is. */
const offersAnswers = (text: string): boolean =>
  text.split("\n").slice(-2).join().includes("y once");

Deno.test("the change is shown in plain words with what it touches, and y does it once", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write", "\r");
    const shown = await terminal.until(offersAnswers);
    assert.match(
      shown,
      /\nLet me see\.\n[^]*→ write [^]*\nwarning: what led to the question\nwrite wants to do write\n {2}writes notes\/boat\n {2}│ {2}# Boat\n {2}│ -It needs paint\.\n {2}│ \+It needs red paint\.[^\n]*\n {2}│ \+y once · a always · n no · \? details\n4 characters [^\n]*cannot be seen[^]*\nalways: allow write in notes\/boat\ny once/,
    );
    assert.equal(conversation.results["c0"], undefined, "nothing is done yet");
    assert.ok(!terminal.written.includes("\x1b]0;owned"));
    terminal.press("y");
    const after = await terminal.until((text) => text.includes("All is done."));
    assert.match(after, /\nyes, once\n← write is done\n/);
    assert.equal(conversation.results["c0"], "write is done");
    assert.deepEqual(conversation.workshop.rules, []);
    terminal.press("call write", "\r");
    await terminal.until(offersAnswers);
    terminal.press("n");
    await terminal.until((text) => text.split("All is done.").length === 3);
  });
});

Deno.test("a stores exactly the rule that is shown, and the same call is not asked about again", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call sky__weather", "\r");
    const shown = await terminal.until(offersAnswers);
    assert.match(
      shown,
      /sky\.weather wants to do weather\n {2}network: api\.example\.org · from the plugin sky/,
    );
    assert.match(shown, /│ city: Ghent/);
    terminal.press("a");
    await terminal.until((text) => text.includes("All is done."));
    assert.deepEqual(conversation.workshop.rules, [
      { decision: "allow", tool: "sky.weather", host: "api.example.org" },
    ]);
    terminal.press("call sky__weather", "\r");
    const again = await terminal.until((text) => text.split("All is done.").length === 3);
    assert.match(again, /allowed: allow sky\.weather on api\.example\.org/);
  });
});

for (const [name, key] of [["n", "n"], ["Enter", "\r"], ["Escape", "\x1b"]] as const) {
  Deno.test(`${name} is no, and the turn goes on`, async () => {
    await asking(async ({ terminal, conversation }) => {
      terminal.press("call write", "\r");
      await terminal.until(offersAnswers);
      terminal.press(key);
      const shown = await terminal.until((text) => text.includes("All is done."));
      assert.match(shown, /\nno\n← not done: the person said no\n/);
      assert.match(conversation.results["c0"] ?? "", /not done/);
    });
  });
}

Deno.test("? shows everything and asks again", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write", "\r");
    await terminal.until(offersAnswers);
    terminal.press("?");
    const shown = await terminal.until((text) => text.includes("arguments:"));
    assert.ok(offersAnswers(shown));
    assert.match(shown, /arguments:\n {2}│ city: Ghent/);
    assert.equal(conversation.results["c0"], undefined);
    terminal.press("Y");
    await terminal.until((text) => text.includes("All is done."));
  });
});

Deno.test("Ctrl-C ends the turn, and nothing was done", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write", "\r");
    await terminal.until(offersAnswers);
    terminal.press("\x03");
    const shown = await terminal.until((text) => text.includes("stopped; what arrived is kept"));
    assert.ok(!offersAnswers(shown));
    assert.deepEqual(conversation.results, {});
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    terminal.press("hello", "\r");
    await terminal.until((text) => text.includes("you said: hello"));
  });
});

Deno.test("what is being typed when the question comes up is no answer, and is kept", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write", "\r");
    await terminal.until((text) => text.includes("wants to do write"));
    // The person was in the middle of a word.
    terminal.press("y", "a");
    await terminal.until(offersAnswers);
    assert.equal(conversation.results["c0"], undefined);
    terminal.press("n");
    await terminal.until((text) => text.includes("All is done."));
    await terminal.until((text) => /\nya\n/.test(text));
  });
});

for (const typed of ["Tokyo", "yes, always", "y\r", "yy", "ay", "\x1b[A"]) {
  Deno.test(`${JSON.stringify(typed)} while the question is up is no answer, nor is a y right after it`, async () => {
    await asking(async ({ terminal, conversation }) => {
      terminal.press("call write", "\r");
      await terminal.until(offersAnswers);
      terminal.press(typed);
      await terminal.until((text) => !offersAnswers(text));
      terminal.press("y");
      await terminal.until(offersAnswers);
      assert.equal(conversation.results["c0"], undefined);
      terminal.press("n");
      await terminal.until((text) => text.includes("All is done."));
      assert.match(conversation.results["c0"] ?? "", /not done: the person said no/);
    });
  });
}

Deno.test("a word whose letters come one by one is no answer", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write", "\r");
    await terminal.until(offersAnswers);
    for (const letter of "maya") {
      terminal.press(letter);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await terminal.until(offersAnswers);
    assert.equal(conversation.results["c0"], undefined);
  });
});

Deno.test("a tool that always asks offers no rule", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call hang", "\r");
    const shown = await terminal.until(offersAnswers);
    assert.match(shown, /\ny once · n no · \? details/);
    assert.doesNotMatch(shown, /always/);
    terminal.press("a");
    await terminal.until((text) => !offersAnswers(text));
    await terminal.until(offersAnswers);
    assert.equal(conversation.results["c0"], undefined);
    terminal.press("n");
    await terminal.until((text) => text.includes("All is done."));
    assert.match(conversation.results["c0"] ?? "", /not done/);
  });
});

Deno.test("one question is about all calls of a round", async () => {
  await asking(async ({ terminal, conversation }) => {
    terminal.press("call write sky__weather hang", "\r");
    const shown = await terminal.until(offersAnswers);
    assert.match(
      shown,
      /the model wants to do 3 things\n1\. write: [^]*\n2\. sky\.weather: [^]*\n3\. hang:/,
    );
    assert.match(shown, /always: allow write in notes\/boat\nalways: allow sky\.weather on/);
    terminal.press("a");
    await terminal.until((text) => text.includes("All is done."));
    assert.equal(
      Object.values(conversation.results).filter((text) => /not done/.test(text)).length,
      0,
    );
    assert.equal(conversation.workshop.rules.length, 2);
  });
});

Deno.test("at 40 columns every line of a foreign text keeps its bar", async () => {
  await asking(async ({ terminal }) => {
    terminal.press("call write", "\r");
    const shown = await terminal.until(offersAnswers);
    const [, question = ""] = shown.split("write wants to do write\n");
    const lines = question.split("\n");
    const [effects, ...body] = lines;
    assert.equal(effects, "  writes notes/boat");
    const foreign = body.slice(0, body.findIndex((line) => /^\d+ characters /.test(line)));
    assert.ok(foreign.length > 4 && foreign.every((line) => line.startsWith("  │ ")), shown);
    assert.ok(lines.every((line) => line.length <= 40));
    assert.match(question, new RegExp(`\\n${ANSWERS.slice(0, 20)}`));
  }, 40);
});
