/**
 * Ports of the chat that keep what they were called with.
 * @module
 */
import type { ReplPorts, ReplState } from "../../src/repl/ports.ts";
import { PyraError } from "../../src/protocol/error.ts";
import { ScriptedConversation } from "./scripted_conversation.ts";

/** Ports, and what happened on them. */
export interface FakePorts {
  readonly ports: ReplPorts;
  readonly conversation: ScriptedConversation;
  readonly remembered: ReplState[];
  readonly calls: string[];
  /** Tells the chat what the kernel would. */
  readonly kernel: (event: "interrupt" | "terminate" | "leave" | "resize") => void;
}

/** Makes ports; `changes` replaces some. */
export function fakePorts(changes: Partial<ReplPorts> = {}, pace = 0): FakePorts {
  const conversation = new ScriptedConversation("s1", pace);
  const remembered: ReplState[] = [];
  const calls: string[] = [];
  const listeners = new Map<string, Set<() => void>>();
  const ports: ReplPorts = {
    conversation,
    connect: (choice) => {
      calls.push(`connect ${choice.provider}`);
      return Promise.resolve();
    },
    newConversation: () => Promise.resolve(new ScriptedConversation("s2", pace)),
    listSessions: () =>
      Promise.resolve([{ id: "s9", title: "a title", updated: "2026-01-02T03:04:05Z" }]),
    resume: (id) => {
      calls.push(`resume ${id}`);
      const resumed = new ScriptedConversation(id, pace);
      resumed.messages = [
        { role: "user", parts: [{ type: "text", text: "old question" }] },
        { role: "assistant", text: "old answer", tool_calls: [] },
      ];
      return Promise.resolve(resumed);
    },
    exportSession: (id, path, format) => {
      calls.push(`export ${id} ${path} ${format}`);
      return Promise.resolve(`/w/${path}`);
    },
    listModels: () => Promise.resolve(["alpha", "beta"]),
    providers: [
      { id: "demo", name: "Demo", defaultModel: "demo-1" },
      { id: "openai", name: "OpenAI", defaultModel: "gpt" },
    ],
    openAttachment: (path) =>
      path === "missing"
        ? Promise.reject(
          new PyraError("file", "not_found", "there is no file missing", { hint: "check it" }),
        )
        : Promise.resolve({ type: "image", media_type: "image/png", data: "AA==", name: path }),
    completePath: (prefix) =>
      Promise.resolve(["cat.png", "cats/"].filter((name) => name.startsWith(prefix))),
    historyPath: "",
    terminal: { stdin: false, stdout: false },
    env: { TERM: "xterm", NO_COLOR: "1" },
    theme: "auto",
    assistantName: "Pyra",
    userName: "",
    onKernel: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(listener));
      return () => void set.delete(listener);
    },
    notice: [],
    remember: (state) => {
      remembered.push(state);
      return Promise.resolve();
    },
    ...changes,
  };
  const kernel = (event: string): void => {
    for (const listener of listeners.get(event) ?? []) listener();
  };
  return { ports, conversation, remembered, calls, kernel };
}
