/**
 * What a turn needs of the world.
 * @module
 */
import type { ToolCall } from "../protocol/message.ts";
import type { ModelProvider } from "../protocol/model.ts";
import type { TurnEvent } from "../protocol/turn_event.ts";

/** The events of one round of tool calls. */
export type ToolEvent = Extract<
  TurnEvent,
  { type: "approval_request" | "approval" | "tool_result" | "warning" }
>;

/** Runs the tools that a model calls. Approval, scanning and logging are its business. */
export interface ToolRunner {
  /**
   * Runs the calls of one round and gives one `tool_result` for each, in any order. A refusal or
   * failure of a tool is such a result too; what it throws counts as the failure of all calls that
   * have none yet.
   */
  run(calls: readonly ToolCall[], signal: AbortSignal): AsyncIterable<ToolEvent>;
}

/** A provider as a turn sees it. */
export interface TurnProvider extends ModelProvider {
  /** Who gave the last answer, when others may answer in the provider's place. */
  readonly answering?: { readonly provider: string; readonly model: string } | undefined;
}
