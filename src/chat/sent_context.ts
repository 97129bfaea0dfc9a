/**
 * What goes with a question, for whoever wants to look at it.
 * @module
 */
import type { Message, ToolDescription } from "../protocol/message.ts";
import type { SentContext } from "./ports.ts";

/** A request in short. @param tokens of it, as they are estimated */
export function sentContext(
  sent: readonly Message[],
  tools: readonly ToolDescription[],
  tokens: number,
): SentContext {
  const [system, question] = [sent[0], sent.at(-1)];
  return {
    system: system?.role === "system" ? system.text : "",
    question: question?.role !== "user"
      ? []
      : question.parts.map((part) => part.type === "text" ? part.text : `(${part.media_type})`),
    tools: tools.map(({ name }) => name),
    messages: Math.max(0, sent.length - 2),
    tokens,
  };
}
