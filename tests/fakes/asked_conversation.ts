/**
 * A conversation whose model calls tools as the question says, with a real executor, for tests of the
 * surfaces that ask about them.
 * @module
 */
import type { Message, Part, ToolCall } from "../../src/protocol/message.ts";
import type { TurnEvent } from "../../src/protocol/turn_event.ts";
import type { Tool } from "../../src/protocol/tool.ts";
import type { AskingSurface } from "../../src/tools/approval.ts";
import { ScriptedConversation } from "./scripted_conversation.ts";
import { type OpenWorkshop, openWorkshop } from "./tools.ts";

/** A surface that also shows how far a call has come. */
interface Surface extends AskingSurface {
  progress(callId: string, text: string): void;
}

/** `call a b`: the model calls the tools `a` and `b` in one round. Anything else is answered. */
export class AskedConversation extends ScriptedConversation {
  readonly workshop: OpenWorkshop;
  /** What the tools came to, by the call's id. */
  readonly results: Record<string, string> = {};
  #surface: Surface | undefined;

  constructor(tools: readonly Tool[]) {
    super("s1");
    this.workshop = openWorkshop({
      tools,
      surface: {
        name: "terminal",
        ask: (...given) => this.#surface?.ask(...given) ?? Promise.resolve(new Map()),
      },
      ports: { progress: (id, text) => this.#surface?.progress(id, text) },
    });
  }

  /** What the chat calls with the surface that it asks on. */
  attach(surface: Surface): void {
    this.#surface = surface;
  }

  override async *send(
    parts: readonly Part[],
    signal: AbortSignal,
  ): AsyncGenerator<TurnEvent, void, undefined> {
    const text = parts.flatMap((part) => part.type === "text" ? [part.text] : []).join("\n");
    const [verb, ...names] = text.split(" ");
    if (verb !== "call") return yield* super.send(parts, signal);
    const question: Message = { role: "user", parts: [...parts] };
    this.messages.push(question);
    const calls = names.map((name, at): ToolCall => ({
      id: `c${at}`,
      name,
      arguments: JSON.stringify({ city: "Ghent\u001b[2J\u202e" }),
    }));
    yield { type: "text", text: "Let me see." };
    for (const call of calls) yield { type: "tool_call", call };
    const { executor } = this.workshop;
    for await (const event of executor.turn({ who: "model" }).run(calls, signal)) {
      if (event.type === "tool_result") this.results[event.call_id] = event.text;
      if (event.type === "approval_request") {
        // Events come by way of the session's file, which takes its time.
        await new Promise((done) => setTimeout(done, 20));
        yield { type: "warning", message: "what led to the question" };
      }
      yield event;
    }
    if (signal.aborted) return yield { type: "done", reason: "cancelled" };
    yield { type: "text", text: "All is done." };
    yield { type: "done", reason: "stop" };
  }
}
