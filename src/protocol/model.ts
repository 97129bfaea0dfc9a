/**
 * What a provider dialect implements, and what the turn loop consumes.
 * @module
 */
import type { Message, ToolCall, ToolDescription, Usage } from "./message.ts";

/** What a request belongs to, for whoever counts; providers are not told. */
export interface RequestTurn {
  /** The session's id. */
  readonly session: string;
  /** Another for each question. */
  readonly turn: string;
}

/** One request to a model. */
export interface ModelRequest {
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly ToolDescription[];
  /** 0 to 2; absent: the provider's default. */
  readonly temperature?: number;
  readonly max_output_tokens?: number;
  /** False asks for the answer in one piece; events are the same. */
  readonly stream?: boolean;
  /** Absent: it belongs to no conversation. */
  readonly turn?: RequestTurn;
}

/** One event of a model's answer. `finish` is the last one of a whole answer. */
export type ModelEvent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "tool_call"; readonly call: ToolCall }
  | { readonly type: "usage"; readonly usage: Usage }
  /** What follows was answered before, then; that took so much. */
  | { readonly type: "cached"; readonly at: string; readonly usage: Usage }
  /** The stream broke or a retry happens; what arrived so far stays. */
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "finish"; readonly reason: "stop" | "length" | "tool_calls" | "filtered" };

/** A provider that is ready to be asked. */
export interface ModelProvider {
  /** The id in the provider table. */
  readonly id: string;
  /**
   * Streams one answer. When the signal aborts, the iteration throws its reason.
   * @throws {PyraError} category `api`, `network` or `permission`, told apart by `code`
   */
  stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** The ids of the models on offer, in the provider's order. @throws {PyraError} */
  listModels(signal: AbortSignal): Promise<string[]>;
}
