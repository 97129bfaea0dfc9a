/**
 * A conversation whose answers depend on the question's first word only, for tests of the terminal.
 * @module
 */
import { type Plan, planAfter } from "../../src/agent/planner.ts";
import type { Conversation, ModelChoice, ModelUsage } from "../../src/chat/ports.ts";
import type { Message, Part } from "../../src/protocol/message.ts";
import type { PlanEvent } from "../../src/protocol/plan.ts";
import type { Marks } from "../../src/protocol/tool.ts";
import {
  type PreferenceKey,
  type Preferences,
  type PreferenceValue,
  withPreference,
} from "../../src/sessions/preferences.ts";
import type { TurnEvent } from "../../src/protocol/turn_event.ts";

/** Markdown with one of each block. */
export const TOUR =
  "# Title\n\nSome **bold** text and `code`.\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 漢字 |\n\n```ts\nconst x = 1;\n```\n\nThe end 👩‍👩‍👧.\n";

/** Waits, or throws the signal's reason. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", leave);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
  });
}

/** See the module. */
export class ScriptedConversation implements Conversation {
  readonly id: string;
  choice: ModelChoice = { provider: "demo", model: "demo-1" };
  system = "";
  title = "";
  warnings: readonly string[] = [];
  disposed = false;
  messages: Message[] = [];
  usage: ModelUsage[] = [];
  memoryFiles: readonly string[] = [];
  marks: Marks = { untrusted: undefined, sensitive: undefined };
  plan: Plan | undefined;
  preferences: Preferences = {};
  /** Every question, with its attachments. */
  readonly asked: (readonly Part[])[] = [];
  readonly #pace: number;

  /** @param pace milliseconds between two words */
  constructor(id = "s1", pace = 0) {
    this.id = id;
    this.#pace = pace;
  }

  setPreference(key: PreferenceKey, value: PreferenceValue | null): Promise<void> {
    this.preferences = withPreference(this.preferences, key, value);
    return Promise.resolve();
  }

  async *send(
    parts: readonly Part[],
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    this.asked.push(parts);
    this.messages.push({ role: "user", parts: [...parts] });
    const question = parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n");
    let answer = "";
    try {
      for (const event of script(question)) {
        if (this.#pace > 0) await pause(this.#pace, signal);
        signal.throwIfAborted();
        if (event.type === "text") answer += event.text;
        yield event;
      }
    } catch (reason) {
      if (!signal.aborted) throw reason;
      this.messages.push({ role: "assistant", text: answer, tool_calls: [] });
      yield { type: "done", reason: "cancelled" };
      return;
    }
    this.messages.push({ role: "assistant", text: answer, tool_calls: [] });
    const usage = { input_tokens: 1200, output_tokens: 34, cached_tokens: 0 };
    this.usage = [{ ...this.choice, requests: this.asked.length, usage }];
    yield { type: "usage", ...this.choice, usage };
    yield { type: "done", reason: "stop" };
  }

  keepPlan(event: PlanEvent): Promise<void> {
    this.plan = planAfter(this.plan, event);
    return Promise.resolve();
  }

  takeBack(): Promise<readonly Part[] | undefined> {
    const last = this.messages.findLastIndex((message) => message.role === "user");
    const message = this.messages[last];
    if (message?.role !== "user") return Promise.resolve(undefined);
    this.messages = this.messages.slice(0, last);
    return Promise.resolve(message.parts);
  }

  use(choice: ModelChoice): Promise<void> {
    this.choice = choice;
    return Promise.resolve();
  }

  setSystem(text: string): Promise<void> {
    this.system = text;
    return Promise.resolve();
  }

  setTitle(title: string): Promise<void> {
    this.title = title;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }

  fork(): Promise<Conversation> {
    const copy = new ScriptedConversation(`${this.id}-fork`, this.#pace);
    copy.messages = [...this.messages];
    return Promise.resolve(copy);
  }
}

function* script(question: string): Generator<TurnEvent, void, undefined> {
  const words = (text: string): TurnEvent[] =>
    text.split(/(?<=\s)/).map((word) => ({ type: "text", text: word }));
  switch (question.split(/\s/)[0]) {
    case "tour":
      yield* words(TOUR);
      break;
    case "lines":
      for (let line = 1; line <= 60; line += 1) yield* words(`line number ${line} of sixty\n\n`);
      break;
    case "slow":
      for (let word = 1; word < 10_000; word += 1) yield { type: "text", text: `word${word} ` };
      break;
    case "think":
      for (let word = 0; word < 30; word += 1) {
        yield { type: "reasoning", text: `thought ${word} ` };
      }
      yield* words("done thinking");
      break;
    case "tool":
      yield { type: "tool_call", call: { id: "1", name: "clock", arguments: '{"zone":"utc"}' } };
      yield { type: "tool_result", call_id: "1", text: "12:00\nmore", status: "ok" };
      yield* words("It is noon.");
      break;
    case "fail":
      yield* words("half an ans");
      yield {
        type: "error",
        error: {
          category: "api",
          severity: "error",
          code: "server_down",
          message: "the provider does not answer",
          hint: "try again, or choose another with /provider",
        },
      };
      break;
    case "evil":
      yield* words("a \x1b]0;owned\x07 \x1b[2J \x1b]52;c;b3duZWQ=\x07 \x9b31m z");
      break;
    case "count":
      yield* words(`got ${question.split("\n").length} lines, ${question.length} characters`);
      break;
    default:
      yield* words(`you said: ${question}`);
  }
}
