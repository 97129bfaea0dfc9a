/**
 * The messages that a turn's events amount to, for a turn that nobody could finish.
 * @module
 */
import type { Message, ToolCall } from "../protocol/message.ts";
import type { Origin } from "../protocol/origin.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";

const NO_RESULT: { readonly text: string; readonly origin: Origin } = {
  text: "[no result: the turn ended before this tool had answered]",
  origin: { kind: "pyra" },
};

/**
 * Gathers turn events. What it gives is always a valid continuation of a history: every tool call has
 * its result, made up where none came.
 */
export class TurnFold {
  readonly #messages: Message[] = [];
  #text: string[] = [];
  #calls: ToolCall[] = [];
  #results = new Map<string, { readonly text: string; readonly origin?: Origin | undefined }>();
  /** The characters gathered so far. */
  chars = 0;

  /** Takes the next event of the turn. */
  add(event: TurnEvent): void {
    switch (event.type) {
      case "text":
        if (this.#calls.length > 0) this.#endRound();
        this.#text.push(event.text);
        this.chars += event.text.length;
        break;
      case "tool_call":
        if (this.#results.size > 0) this.#endRound();
        this.#calls.push(event.call);
        this.chars += event.call.arguments.length;
        break;
      case "tool_result":
        this.#results.set(event.call_id, event);
        this.chars += event.text.length;
        break;
    }
  }

  /** What was gathered, as messages. Nothing may be added after that. */
  messages(): Message[] {
    this.#endRound();
    return this.#messages;
  }

  #endRound(): void {
    const text = this.#text.join("");
    if (text !== "" || this.#calls.length > 0) {
      this.#messages.push({ role: "assistant", text, tool_calls: this.#calls });
    }
    for (const { id } of this.#calls) {
      const { text, origin } = this.#results.get(id) ?? NO_RESULT;
      this.#messages.push({ role: "tool", call_id: id, text, ...(origin && { origin }) });
    }
    this.#text = [];
    this.#calls = [];
    this.#results = new Map();
  }
}
