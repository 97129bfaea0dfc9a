/**
 * Talks until it is killed. Every line on standard output is the length of the text shown so far in one
 * turn: `turn chars`.
 */
import { startConversation } from "../../../src/chat/conversation.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { ScriptedProvider, type Step } from "./scripted_provider.ts";

const [folder = ""] = Deno.args;
const script: Step[] = [];
for (let n = 0; n < 12; n++) {
  script.push({ type: "text", text: "0123456789".repeat(n % 3 === 0 ? 4000 : 3) });
  if (n % 2 === 0) script.push(1);
}
script.push({ type: "finish", reason: "stop" });

const provider = new ScriptedProvider(Array.from({ length: 100_000 }, () => script));
const talk = startConversation({
  store: openSessionStore(folder, Date.now),
  openProvider: () => Promise.resolve(provider),
  now: Date.now,
}, { choice: { provider: "demo", model: "demo-1" } });
const encoder = new TextEncoder();
for (let turn = 0;; turn++) {
  let chars = 0;
  const parts = [{ type: "text" as const, text: `question ${turn}` }];
  for await (const event of talk.send(parts, new AbortController().signal)) {
    if (event.type === "text") chars += event.text.length;
    Deno.stdout.writeSync(encoder.encode(`${turn} ${chars}\n`));
  }
}
