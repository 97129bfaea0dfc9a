/**
 * Tells what an answer is remarkable for, once it is complete.
 * @module
 */
import { asPyraError } from "../protocol/error.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";

/** Looks at a complete answer. @returns what a person should know of it, a few words each */
export type JudgeAnswer = (answer: string) => Promise<readonly string[]>;

/** What is looked at of an answer, UTF-16 units. */
const ANSWER_UNITS = 4_000_000;

/** The events of a turn, with a warning before the end if the answer is remarkable. */
export async function* judged(
  events: AsyncIterable<TurnEvent>,
  judge: JudgeAnswer | undefined,
): AsyncGenerator<TurnEvent, void, undefined> {
  let answer = "";
  for await (const event of events) {
    if (event.type === "text" && answer.length < ANSWER_UNITS) answer += event.text;
    if (event.type === "done" && judge !== undefined) yield* warnings(answer, judge);
    yield event;
  }
}

async function* warnings(answer: string, judge: JudgeAnswer): AsyncGenerator<TurnEvent> {
  try {
    const labels = [...await judge(answer)];
    if (labels.length === 0) return;
    const message = `this answer reads like an attack: ${labels.join("; ")}`;
    yield { type: "warning", message, labels };
  } catch (thrown) {
    const why = asPyraError(thrown).message;
    yield { type: "warning", message: `this answer could not be searched for attacks: ${why}` };
  }
}
