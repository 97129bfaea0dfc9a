/**
 * A plugin's room as the kernel keeps it.
 * @module
 */
import type { PluginGrants } from "../../protocol/plugin_calls.ts";
import type { PluginAsks } from "./asks.ts";
import type { PluginProcess } from "./process.ts";

/** While nothing happens in its process, the size of its data is looked at every so many times. */
const QUIET_LOOKS = 6;

/** A room that may speak. */
export interface PluginRoom {
  readonly name: string;
  readonly process: PluginProcess;
  readonly asks: PluginAsks;
  readonly wishes: PluginGrants;
  /** How many are open. */
  calls: number;
  /** How often the size of its data was to be looked at while its process was quiet. */
  looks: number;
  idle: ReturnType<typeof setTimeout> | undefined;
  size: ReturnType<typeof setInterval> | undefined;
}

/** Looks no more whether it is idle, or full. */
export function clearTimers(room: PluginRoom): void {
  clearTimeout(room.idle);
  clearInterval(room.size);
}

/** Whether the size of its data is to be looked at now. */
export function isLookDue(room: PluginRoom): boolean {
  return !room.process.isQuiet || ++room.looks % QUIET_LOOKS === 0;
}
