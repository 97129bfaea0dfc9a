/**
 * A conversation's surroundings for tests: a folder of its own and a model that plays a script.
 * @module
 */
import { join } from "node:path";
import type { Conversation, ConversationPorts } from "../../../src/chat/ports.ts";
import { PyraError } from "../../../src/protocol/error.ts";
import type { Message, Part } from "../../../src/protocol/message.ts";
import type { TurnEvent } from "../../../src/protocol/turn_event.ts";
import { openSessionStore } from "../../../src/sessions/folder_store.ts";
import { ScriptedProvider, type Step } from "./scripted_provider.ts";

/** The model in use. */
export const CHOICE = { provider: "demo", model: "demo-1" };
/** Never aborted. */
export const NEVER = new AbortController().signal;

/** What a play has to hand. */
export interface Stage {
  readonly folder: string;
  readonly provider: ScriptedProvider;
  readonly ports: ConversationPorts;
  readonly opened: string[];
  /** The session file's lines. */
  lines(conversation: Conversation): Promise<{ type: string; text?: string }[]>;
}

/** Plays with a model that follows these scripts. */
export async function onStage(
  scripts: Step[][],
  play: (stage: Stage) => Promise<void>,
  more: Partial<ConversationPorts> = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const provider = new ScriptedProvider(scripts);
  const opened: string[] = [];
  const ports: ConversationPorts = {
    store: openSessionStore(folder, Date.now),
    openProvider: (choice) => {
      opened.push(`${choice.provider}/${choice.model}`);
      return Promise.resolve(provider);
    },
    now: Date.now,
    ...more,
  };
  const lines = async ({ id }: Conversation) =>
    (await Deno.readTextFile(join(folder, `${id}.jsonl`))).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
  try {
    await play({ folder, provider, ports, opened, lines });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A question of one text. */
export const say = (text: string): Part[] => [{ type: "text", text }];

/** Asks, and waits for all events. */
export function ask(
  conversation: Conversation,
  text: string,
  signal: AbortSignal = NEVER,
): Promise<TurnEvent[]> {
  return Array.fromAsync(conversation.send(say(text), signal));
}

/** Messages in short; of the system prompt only the person's text. */
export function textsOf(messages: readonly Message[]): string[] {
  return messages.map((message) =>
    message.role === "system"
      ? message.text.split("\n\n")[1] ?? ""
      : `${message.role}: ${
        message.role === "user"
          ? message.parts.map((part) => part.type === "text" ? part.text : part.name).join(" | ")
          : message.text
      }`
  ).filter((text) => text !== "");
}

/** Whether a thrown thing is a `PyraError` of this code. */
export const hasCode = (code: string): (thrown: unknown) => boolean => (thrown) =>
  thrown instanceof PyraError && thrown.code === code;
