/**
 * The tools of a described plugin, and what they plan, for the tests of them.
 * @module
 */
import assert from "node:assert/strict";
import { type PluginTools, pluginTools, type ToolGrounds } from "../../src/plugins/plugin_tools.ts";
import type { PluginGrants } from "../../src/protocol/plugin_calls.ts";
import type { ToolContext, ToolPlan } from "../../src/protocol/tool.ts";
import { describedTool, FakeRooms, pluginOf, type RoomAnswer } from "./plugin_rooms.ts";

/** What a call runs with. */
export const CONTEXT: ToolContext = {
  untrusted: undefined,
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** The tool `clock.now`, as its plugin describes it. */
export function toolsOf(
  answer: RoomAnswer,
  more: Parameters<typeof describedTool>[1] = {},
  wishes: Partial<PluginGrants> = {},
  grounds: Partial<ToolGrounds> = {},
): PluginTools & { readonly rooms: FakeRooms } {
  const rooms = new FakeRooms(answer);
  const plugin = pluginOf("clock", { tools: [describedTool("now", more)] }, wishes);
  const made = pluginTools(plugin, {
    rooms,
    workspace: "/project",
    home: "/home/ada",
    requireApproval: true,
    isBundled: () => false,
    known: new Map(),
    ...grounds,
  });
  return { rooms, ...made };
}

/** What it plans. */
export async function planOf(
  { tools }: ReturnType<typeof toolsOf>,
  context: Partial<ToolContext> = {},
): Promise<ToolPlan> {
  const plan = await tools[0]?.plan({}, { ...CONTEXT, ...context });
  assert.ok(plan);
  return plan;
}
