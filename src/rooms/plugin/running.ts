/**
 * A plugin that runs: loaded, called, unloaded.
 * @module
 */
import type { Json, Plugin } from "../../protocol/plugin.ts";
import type { PluginMethod } from "../../protocol/plugin_calls.ts";
import type { PluginItem } from "../../protocol/plugin_host_calls.ts";
import { isRecord } from "../../rpc/frame.ts";
import type { ReadModule } from "../plugin_reader/read_modules.ts";
import { type Ask, ContextMaker, type ContextParts } from "./context.ts";
import { PluginFault, pluginFault, traceOf, withPlace } from "./fault.ts";
import { describe, pluginOf } from "./given.ts";
import { McpServers } from "./mcp.ts";
import { METHODS } from "./methods.ts";
import { importModules } from "./modules.ts";

/** UTF-16 units of a program's lines that wait to be shown; of more the end is. */
const OUTPUT_UNITS = 16_384;
/** Settings that were read so long ago, ms, may be others now. */
const SETTINGS_AGE_MS = 500;

/** A call into the plugin. */
export interface RunningCall {
  readonly method: PluginMethod;
  readonly params: unknown;
  /** Of the result, as JSON. */
  readonly resultCharacters: number;
  readonly signal: AbortSignal;
}

/** The plugin in its room. */
export class RunningPlugin {
  readonly #contexts: ContextMaker;
  readonly #parts: ContextParts;
  readonly #ask: Ask;
  readonly #mcp: McpServers;
  readonly #stopped = new AbortController();
  #plugin: Plugin | undefined;
  #settingsRead = 0;

  constructor(parts: ContextParts) {
    this.#parts = parts;
    this.#ask = parts.ask;
    this.#contexts = new ContextMaker(parts);
    // A session outlives the call that opened it.
    const { signal } = this.#stopped;
    this.#mcp = new McpServers(() => this.#contexts.make({ signal, progress() {} }).fetch);
  }

  /** Imports it and calls `onLoad`. @throws {PluginFault} */
  async load(modules: readonly ReadModule[]): Promise<void> {
    await this.#guarded(async () => {
      const plugin = await pluginOf(await importModules(modules, await this.#parts.tcp()));
      await this.#readSettings(plugin);
      await plugin.onLoad?.(this.#contexts.make({ signal: this.#stopped.signal, progress() {} }));
      this.#plugin = plugin;
    }).catch((thrown: unknown) => {
      throw withPlace(pluginFault(thrown));
    });
  }

  /**
   * Calls a method: progress as it comes, the newest only, and a program's lines, then the result.
   * @throws {PluginFault}
   */
  async *call(
    { method, params, resultCharacters, signal }: RunningCall,
  ): AsyncGenerator<PluginItem> {
    const plugin = this.#plugin;
    if (!plugin) throw new PluginFault("plugin_failed", "it is not loaded");
    let said: string | undefined;
    let written = "";
    let wake = () => {};
    const progress = (text: string) => {
      said = text;
      wake();
    };
    const output = (text: string) => {
      written = (written + text.slice(-OUTPUT_UNITS)).slice(-OUTPUT_UNITS);
      wake();
    };
    const stopped = AbortSignal.any([signal, this.#stopped.signal]);
    await this.#renewSettings(plugin, stopped);
    const context = this.#contexts.make({ signal: stopped, progress, output });
    const given = isRecord(params) ? params : {};
    let result: Promise<unknown> | undefined = this.#guarded(async () => {
      const served = { plugin, params: given, context, ask: this.#ask, mcp: this.#mcp };
      const value = await METHODS[method](served);
      if (method === "setup") await this.#readSettings(plugin);
      return plain(value, resultCharacters);
    }).finally(() => {
      result = undefined;
      wake();
    });
    const outcome = result;
    outcome.catch(() => undefined);
    while (result !== undefined || said !== undefined || written !== "") {
      if (said !== undefined) {
        const text = said;
        said = undefined;
        yield { progress: text };
      } else if (written !== "") {
        const text = written;
        written = "";
        yield { output: text };
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
    yield { result: await outcome as Json };
  }

  /** Aborts what runs and calls `onUnload`. @throws {PluginFault} */
  async unload(): Promise<void> {
    await this.#mcp.close();
    this.#stopped.abort(new PluginFault("cancelled", "the plugin is stopped"));
    await this.#guarded(async () => await this.#plugin?.onUnload?.());
    this.#contexts.storage.close();
  }

  /** A change holds from the next call on. */
  async #renewSettings(plugin: Plugin, signal: AbortSignal): Promise<void> {
    if (performance.now() - this.#settingsRead < SETTINGS_AGE_MS) return;
    // Settings that cannot be read now, such as half edited ones, stay as they were.
    await this.#guarded(() => this.#readSettings(plugin, signal)).catch(() => undefined);
  }

  async #readSettings(plugin: Plugin, signal?: AbortSignal): Promise<void> {
    const { configFields } = describe({ configFields: () => plugin.configFields?.() ?? [] });
    const fields = configFields as readonly { key: string; kind: string; default: Json }[];
    this.#settingsRead = performance.now();
    if (fields.length === 0) return;
    const kept = await this.#ask("settings", null, signal);
    const values: Record<string, Json> = {};
    for (const { key, kind, default: initial } of fields) {
      if (kind === "secret") continue;
      const value = isRecord(kept) && Object.hasOwn(kept, key) ? kept[key] : initial;
      if (value !== null) values[key] = value as Json;
    }
    this.#contexts.settings = Object.freeze(values);
  }

  /** What the plugin throws goes to its log with its trace, and on as its message. */
  async #guarded<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (thrown) {
      this.#parts.log.add(`error: ${traceOf(thrown)}`);
      throw pluginFault(thrown);
    }
  }
}

/** The value as JSON has it. @throws {PluginFault} */
function plain(value: unknown, limit: number): unknown {
  let text: string | undefined;
  try {
    text = JSON.stringify(value ?? null);
  } catch (cause) {
    throw new PluginFault("plugin_failed", "it answered with what JSON cannot say", cause);
  }
  if (text === undefined) throw new PluginFault("plugin_failed", "it answered with a function");
  if (text.length > limit) {
    const sentence = `its answer has ${text.length} characters; ${limit} is the limit`;
    throw new PluginFault("plugin_too_large", sentence);
  }
  return JSON.parse(text);
}
