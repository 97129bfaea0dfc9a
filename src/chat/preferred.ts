/**
 * What the person's preferences for a conversation make of a question.
 * @module
 */
import { PLAN_TOOL_NAMES } from "../agent/planner/tool_names.ts";
import type { ToolDescription } from "../protocol/message.ts";
import type { Preferences } from "../sessions/preferences.ts";
import type { AskOptions, SendOptions } from "./ports.ts";

/** How it is asked: as the command line says, else as they prefer, else as the settings have it. */
export function preferredOptions(
  { typed, ...options }: AskOptions,
  { temperature, max_output_tokens, stream }: Preferences,
): AskOptions {
  return {
    ...options,
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_output_tokens === undefined ? {} : { maxOutputTokens: max_output_tokens }),
    ...(stream === undefined ? {} : { stream }),
    ...typed,
  };
}

/** The person's system text. */
export function preferredSystem(system: string, { language }: Preferences): string {
  if (language === undefined) return system;
  return [system, `Answer in ${language}.`].filter((text) => text !== "").join("\n\n");
}

/** The tools on offer: all that the question takes, but for the planner's, unless they want none. */
export function preferredTools(
  descriptions: readonly ToolDescription[],
  offers: SendOptions["offers"],
  { tools = true }: Preferences,
): readonly ToolDescription[] {
  return descriptions.filter(({ name }) => {
    const isPlanning = PLAN_TOOL_NAMES.has(name);
    return (offers?.(name) ?? !isPlanning) && (tools || isPlanning);
  });
}
