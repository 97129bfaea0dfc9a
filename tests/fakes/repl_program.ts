/**
 * Runs the chat on a real terminal with a scripted conversation. For the tests that drive tmux.
 * Arguments: the history's path, milliseconds between words.
 * @module
 */
import process from "node:process";
import { runRepl } from "../../src/repl/repl.ts";
import { PyraError } from "../../src/protocol/error.ts";
import { ScriptedConversation } from "./scripted_conversation.ts";

const pace = Number(Deno.args[1] ?? "5");
let sessions = 1;
const listeners = new Map<string, Set<() => void>>();
for (const [signal, event] of [["SIGWINCH", "resize"], ["SIGTERM", "terminate"]] as const) {
  Deno.addSignalListener(signal, () => {
    for (const listener of listeners.get(event) ?? []) listener();
  });
}

const code = await runRepl({
  conversation: new ScriptedConversation("s1", pace),
  connect: () => Promise.resolve(),
  newConversation: () => Promise.resolve(new ScriptedConversation(`s${++sessions}`, pace)),
  listSessions: () =>
    Promise.resolve([
      { id: "s8", title: "about 漢字", updated: "2026-01-02T03:04:05Z" },
      { id: "s9", title: "second \x1b[2J one", updated: "2026-01-01T03:04:05Z" },
    ]),
  resume: (id) => {
    const conversation = new ScriptedConversation(id, pace);
    conversation.messages = [
      { role: "user", parts: [{ type: "text", text: "an old question" }] },
      { role: "assistant", text: "an **old** answer", tool_calls: [] },
    ];
    return Promise.resolve(conversation);
  },
  exportSession: (_id, path) => Promise.resolve(path),
  listModels: () => Promise.resolve(Array.from({ length: 20 }, (_, i) => `model-${i + 1}`)),
  providers: [{ id: "demo", name: "Demo", defaultModel: "demo-1" }],
  openAttachment: (path) => {
    if (path !== "cat.png") {
      throw new PyraError("file", "not_found", `there is no file ${path}`, { hint: "check it" });
    }
    return Promise.resolve({ type: "image", media_type: "image/png", data: "AA==", name: path });
  },
  completePath: (prefix) =>
    Promise.resolve(["cat.png", "cats/", "dog.txt"].filter((name) => name.startsWith(prefix))),
  historyPath: Deno.args[0] ?? "",
  terminal: { stdin: Deno.stdin.isTerminal(), stdout: Deno.stdout.isTerminal() },
  env: Deno.env.toObject(),
  theme: "auto",
  assistantName: "Pyra",
  userName: "",
  onKernel: (event, listener) => {
    const set = listeners.get(event) ?? new Set();
    listeners.set(event, set.add(listener));
    return () => void set.delete(listener);
  },
  notice: ["demo provider: answers are scripted"],
  remember: () => Promise.resolve(),
});
process.stdout.write(`exit ${code}\n`);
Deno.exit(code);
