/**
 * The question about tools in plain lines.
 * @module
 */
import assert from "node:assert/strict";
import { runPlain } from "../../../src/repl/plain.ts";
import type { Tool } from "../../../src/protocol/tool.ts";
import { AskedConversation } from "../../fakes/asked_conversation.ts";
import { fakePorts } from "../../fakes/repl_ports.ts";
import { fakeTool } from "../../fakes/tools.ts";
import { READING_MS } from "../../fakes/typed_lines.ts";

const ANSWERS = "y once · a always · n no · ? details";
const TOOLS: readonly Tool[] = [
  fakeTool({
    name: "long",
    owner: "pyra",
    effects: [{ kind: "writes", where: "notes/boat" }, { kind: "network", host: "a.long.example" }],
    detail: "y once ".repeat(20).trimEnd(),
  }),
  fakeTool({
    name: "write",
    owner: "pyra",
    effects: [{ kind: "writes", where: "notes/boat" }],
    detail: `@@ -1 +1,2 @@\n # Boat\n+It is red.\u001b]0;owned\u0007\n+${ANSWERS}`,
  }),
];

/** Runs plain lines against the tools. */
async function plain(
  input: string,
  terminal: { stdin: boolean; stdout: boolean; columns?: number },
  gap = READING_MS,
  interruptAfter?: number,
) {
  const conversation = new AskedConversation(TOOLS);
  const { ports, kernel } = fakePorts({
    conversation,
    terminal,
    attachTools: (surface) => conversation.attach(surface),
  });
  if (interruptAfter !== undefined) setTimeout(() => kernel("interrupt"), interruptAfter);
  let out = "";
  let error = "";
  const code = await runPlain(ports, {
    input: (async function* () {
      for (const line of input.split(/(?<=\n)/)) {
        // Who types reads first.
        if (terminal.stdin) await new Promise((resolve) => setTimeout(resolve, gap));
        yield await Promise.resolve(new TextEncoder().encode(line));
      }
    })(),
    write: (text) => out += text,
    writeError: (text) => error += text,
    readerLeft: new AbortController().signal,
  });
  return { code, out, error, conversation };
}

Deno.test("in plain lines the next line is the answer, and the chat goes on after it", async () => {
  const terminal = { stdin: true, stdout: true };
  const { out, conversation } = await plain("call write\n?\nmaybe\ny\nhello\n", terminal);
  assert.match(out, /Let me see\.\nwrite wants to do write\n {2}writes notes\/boat\n {2}│/);
  assert.equal(out.split(`${ANSWERS} [n] `).length, 4);
  assert.equal(conversation.results["c0"], "write is done");
  assert.match(out, /All is done\.\n> you said: hello/);
  // deno-lint-ignore no-control-regex -- that none is there
  assert.doesNotMatch(out, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  const no = await plain("call write\n\nhello\n", terminal);
  assert.match(no.conversation.results["c0"] ?? "", /not done: the person said no/);
  const end = await plain("call write\n", terminal);
  assert.match(end.conversation.results["c0"] ?? "", /not done/);
});

Deno.test("a line that was typed before the question could be read is no answer", async () => {
  const { conversation, out } = await plain("call write\ny\n", { stdin: true, stdout: true }, 0);
  assert.match(conversation.results["c0"] ?? "", /not done/);
  assert.match(out, /\nwhat was typed before this is no answer: y\ny once/);
});

Deno.test("what is piped in is never taken for a person's yes", async () => {
  const { out, error, conversation } = await plain("call write\ny\n", {
    stdin: false,
    stdout: true,
  });
  assert.match(conversation.results["c0"] ?? "", /not done/);
  assert.doesNotMatch(out + error, /y once/);
  assert.match(out, /you said: y/);
});

Deno.test("where answers are piped on, the question is on standard error", async () => {
  const { out, error } = await plain("call write\ny\n", { stdin: true, stdout: false });
  assert.match(error, /write wants to do write/);
  assert.doesNotMatch(out, /wants to/);
});

Deno.test("a question that Ctrl-C ends takes away no line: the next one is the chat's", async () => {
  const terminal = { stdin: true, stdout: true };
  // The question comes with the first line, the interrupt before the second one.
  const { out, conversation } = await plain("call write\nhello\n", terminal, 700, 1_150);
  assert.match(conversation.results["c0"] ?? "cancelled", /cancel/);
  assert.match(out, /\[n\] \n[^]*> you said: hello/);
});

Deno.test("at forty columns every part of a foreign line stands behind the bar, and facts break at blanks", async () => {
  const terminal = { stdin: true, stdout: true, columns: 40 };
  const { out } = await plain("call long\n\n", terminal);
  const question = out.slice(out.indexOf("long wants"), out.lastIndexOf("y once"));
  const lines = question.trimEnd().split("\n");
  assert.ok(lines.every((line) => line.length <= 40), question);
  const foreign = lines.filter((line) => line.startsWith("  │ ")).map((line) => line.slice(4));
  assert.ok(foreign.join("").includes("y once ".repeat(20).trimEnd()), question);
  assert.match(question, /\n {2}writes notes\/boat · network:\n {4}a\.long\.example\n/);
  assert.ok(!lines.some((line) => line.startsWith("y once")));
});
