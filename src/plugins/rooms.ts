/**
 * Calls into plugins' rooms, through the kernel.
 * @module
 */
import { PyraError } from "../protocol/error.ts";
import { oneLine } from "../protocol/foreign_text.ts";
import type { Kernel } from "../protocol/kernel_calls.ts";
import type { Json } from "../protocol/plugin.ts";
import type { AgreedRun } from "../protocol/plugin_host_calls.ts";
import type { PluginFile, PluginMethod, PluginRecord } from "../protocol/plugin_calls.ts";
import { RpcError } from "../rpc/error.ts";

/** One call. */
export interface RoomCall {
  readonly plugin: string;
  readonly method: PluginMethod;
  readonly params: Json;
  /** Null for set-up and tasks, which take as long as they take. */
  readonly limitMs: number | null;
  /** What a call of `run` may run, as it was agreed to; nothing if absent. */
  readonly runs?: readonly AgreedRun[];
}

/** How a call is waited for. */
export interface RoomCallOptions {
  readonly signal: AbortSignal;
  /** Foreign text: how far the call has come. */
  readonly progress?: (text: string) => void;
  /** Foreign text: what a program of the plugin writes, whole lines. */
  readonly output?: (text: string) => void;
}

/** The plugins' rooms as this folder uses them. */
export interface PluginRooms {
  /** Every plugin there is, by name. Starts none. */
  plugins(): Promise<readonly PluginRecord[]>;
  /**
   * Calls a plugin, whose room is started by that.
   * @throws {PyraError} `not_enabled`, `plugin_failed`, `plugin_hung`, `plugin_ended`,
   * `plugin_too_large`; the signal's reason
   */
  call(call: RoomCall, options: RoomCallOptions): Promise<Json>;
  /** Texts of an enabled plugin, as they were agreed to. @throws {PyraError} */
  files(plugin: string, under: string): Promise<readonly PluginFile[]>;
  /** Tells `logs/plugin_errors.log` what went wrong with a plugin. Never rejects. */
  report(plugin: string, what: string): Promise<void>;
}

/** UTF-16 units of a plugin's own sentence about its failure. */
const MESSAGE_UNITS = 500;
/** The advice where nobody has a better one; it would only repeat itself in what a plugin failed with. */
const SEE_LOGS = "see pyra plugin logs";

/** The plugins' rooms behind a kernel. */
export function kernelRooms(
  kernel: Pick<Kernel, "call" | "pluginCall">,
): PluginRooms {
  return {
    plugins: () => kernel.call("plugins", null).catch(rethrow),
    files: (name, under) => kernel.call("pluginFiles", { name, under }).catch(rethrow),
    async report(plugin, what) {
      const line = JSON.stringify({ plugin, problem: oneLine(what, 1_000) });
      // A log that cannot be written must not end what the log is about.
      await kernel.call("log", { line, to: "plugin_errors" }).catch(() => null);
    },
    async call({ plugin, method, params, limitMs, runs = [] }, { signal, progress, output }) {
      signal.throwIfAborted();
      try {
        const items = kernel.pluginCall({ name: plugin, method, params, limitMs, runs }, signal);
        for await (const item of items) {
          if ("result" in item) return item.result;
          if ("output" in item) output?.(item.output);
          else progress?.(oneLine(item.progress, 200));
        }
      } catch (thrown) {
        signal.throwIfAborted();
        throw explained(thrown, plugin);
      }
      signal.throwIfAborted();
      throw new PyraError("system", "plugin_ended", `the plugin ${plugin} gave no answer`, {
        hint: `${SEE_LOGS} ${plugin}`,
      });
    },
  };
}

/** What failed, in one line, with what to do where the kernel says so. Never throws. */
export function problemOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return "it gave no reason";
  const hint = thrown instanceof PyraError && !thrown.hint.startsWith(SEE_LOGS) ? thrown.hint : "";
  return oneLine(hint === "" ? thrown.message : `${thrown.message}; ${hint}`, MESSAGE_UNITS);
}

function rethrow(thrown: unknown): never {
  throw explained(thrown, "");
}

/** The kernel's refusals are coded already; a plugin's own words are marked as such. */
function explained(thrown: unknown, plugin: string): PyraError {
  if (thrown instanceof PyraError) return thrown;
  const code = thrown instanceof RpcError ? thrown.remoteCode ?? thrown.code : "plugin_ended";
  const said = problemOf(thrown);
  const message = code === "plugin_failed" ? `the plugin ${plugin} says: ${said}` : said;
  const own = thrown instanceof RpcError ? hintOf(thrown.data) : "";
  const hint = own === "" && plugin !== "" ? `${SEE_LOGS} ${plugin}` : own;
  const category = code === "not_enabled" ? "permission" : "system";
  return new PyraError(category, code, message, { hint, cause: thrown });
}

function hintOf(data: unknown): string {
  const hint = typeof data === "object" && data !== null ? Reflect.get(data, "hint") : "";
  return typeof hint === "string" ? oneLine(hint, 200) : "";
}
