import assert from "node:assert/strict";
import { judged } from "../../../src/chat/judged_answer.ts";
import { replyPanel } from "../../../src/repl/reply_panel.ts";
import { runTurn, type Tone } from "../../../src/repl/turn.ts";
import { ScriptedConversation } from "../../fakes/scripted_conversation.ts";

class Judged extends ScriptedConversation {
  labels: string[] = [];

  override send(...[parts, signal]: Parameters<ScriptedConversation["send"]>) {
    return judged(super.send(parts, signal), () => Promise.resolve(this.labels));
  }
}

async function shown(labels: string[]): Promise<[string, Tone][]> {
  const conversation = new Judged();
  conversation.labels = labels;
  const notes: [string, Tone][] = [];
  const parts = [{ type: "text", text: "hello" }] as const;
  await runTurn(conversation, { parts }, new AbortController().signal, {
    text: () => undefined,
    reasoning: () => undefined,
    status: () => undefined,
    announce: () => undefined,
    note: (...note) => void notes.push(note),
  });
  return notes;
}

Deno.test("below an answer that reads like an attack, a panel names why", async () => {
  const [[text, tone] = ["", "plain"]] = await shown(["wants a key sent away", "gives orders"]);
  assert.equal(tone, "warning");
  assert.deepEqual(text.split("\n").slice(1, 3), ["│ wants a key sent away", "│ gives orders"]);
});

Deno.test("an ordinary answer has no panel", async () => {
  assert.deepEqual(await shown([]), []);
  assert.equal(replyPanel([]), "");
});

Deno.test("a label cannot draw on the terminal or leave its line", () => {
  const panel = replyPanel(["a\x1b[2J\nb\u202e"]);
  assert.equal(panel.split("\n").length, 3);
  assert.ok(!panel.includes("\x1b") && !panel.includes("\u202e"));
});
