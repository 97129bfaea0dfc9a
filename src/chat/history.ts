/**
 * What a model is sent of the turns before.
 * @module
 */
import type { Message, Part } from "../protocol/message.ts";
import type { SessionTurn } from "../sessions/state.ts";

const CUT_OFF = "[the turn ended here]";

/**
 * The turns as messages that every provider takes: questions and answers alternate, and every tool call
 * is followed by its result and then by an answer. A question that got no answer is put in front of
 * the next one, so that "try again" works; one that no model could take is left out.
 */
export function historyOf(turns: readonly SessionTurn[]): Message[] {
  const history: Message[] = [];
  let unanswered: readonly Part[] = [];
  for (const turn of turns) {
    const answer = turn.answer.filter(saysSomething);
    const question = [...unanswered, ...turn.question];
    if (answer.length === 0) {
      if (turn !== turns.at(-1) && isHopeless(turn)) continue;
      unanswered = question;
      continue;
    }
    unanswered = [];
    history.push({ role: "user", parts: question }, ...answer);
    if (answer.at(-1)?.role === "tool") {
      history.push({ role: "assistant", text: CUT_OFF, tool_calls: [] });
    }
  }
  if (unanswered.length > 0) history.push({ role: "user", parts: [...unanswered] });
  return history;
}

/** All that was said, as it was said. */
export function saidIn(turns: readonly SessionTurn[]): Message[] {
  return turns.flatMap(({ question, answer }): Message[] => [
    { role: "user", parts: [...question] },
    ...answer,
  ]);
}

function saysSomething(message: Message): boolean {
  return message.role !== "assistant" || message.text.trim() !== "" ||
    message.tool_calls.length > 0;
}

/** True if asking the same once more fails once more: the request itself was refused. */
export function isHopeless(turn: SessionTurn): boolean {
  return turn.error !== undefined && HOPELESS.has(turn.error);
}

const HOPELESS = new Set(["context_too_long", "bad_request"]);
