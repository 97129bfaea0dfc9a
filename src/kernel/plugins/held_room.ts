/**
 * A plugin's room as the kernel keeps it.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { PluginAsks } from "./asks.ts";
import type { PluginProcess } from "./process.ts";

/** A room that may speak. */
export interface PluginRoom {
  readonly name: string;
  readonly process: PluginProcess;
  readonly asks: PluginAsks;
  readonly wishes: PluginGrants;
  /** How many are open. */
  calls: number;
  idle: ReturnType<typeof setTimeout> | undefined;
  size: ReturnType<typeof setInterval> | undefined;
}

/** Looks no more whether it is idle, or full. */
export function clearTimers(room: PluginRoom): void {
  clearTimeout(room.idle);
  clearInterval(room.size);
}
