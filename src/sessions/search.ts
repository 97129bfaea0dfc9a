/**
 * Finds words in a session.
 * @module
 */
import type { Message, Part } from "../protocol/message.ts";
import { excerpt, foldText, indexOfFolded } from "./fold_text.ts";
import type { SessionState } from "./state.ts";
import type { SessionMatch } from "./store.ts";

/**
 * Where in a session all words occur: its title and each message once, in the session's order.
 * @param redact for sessions that were written when nothing was redacted yet
 */
export function searchState(
  state: SessionState,
  words: string,
  redact: (text: string) => string = (text) => text,
): Omit<SessionMatch, "session">[] {
  const phrase = foldText(words).trim();
  if (phrase === "") return [];
  const each = phrase.split(/\s+/);
  const hasAll = (folded: string) => each.every((word) => folded.includes(word));
  return texts(state).flatMap(({ where, text: kept }) => {
    if (!hasAll(foldText(kept))) return [];
    const text = redact(kept);
    const folded = foldText(text);
    if (!hasAll(folded)) return [];
    const shown = folded.includes(phrase) ? phrase : each[0] ?? phrase;
    return [{ where, excerpt: excerpt(text, Math.max(0, indexOfFolded(text, shown))) }];
  });
}

interface Place {
  readonly where: SessionMatch["where"];
  readonly text: string;
}

function texts(state: SessionState): Place[] {
  return [
    { where: "title", text: state.title },
    ...state.turns.flatMap(({ question, answer }) => [
      { where: "user" as const, text: partsText(question) },
      ...answer.flatMap(messageText),
    ]),
  ];
}

function partsText(parts: readonly Part[]): string {
  return parts.map((part) => part.type === "text" ? part.text : part.name ?? "").join("\n");
}

function messageText(message: Message): Place[] {
  switch (message.role) {
    case "assistant":
    case "tool":
      return [{ where: message.role, text: message.text }];
    case "user":
      return [{ where: "user", text: partsText(message.parts) }];
    case "system":
      return [];
  }
}
