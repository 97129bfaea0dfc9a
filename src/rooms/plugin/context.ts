/**
 * What a plugin is given with each call.
 * @module
 */
import type { Json, MemoryHit, PluginContext } from "../../protocol/plugin.ts";
import type { PluginRequest } from "../../protocol/plugin_calls.ts";
import type { PluginBoot } from "../../protocol/plugin_host_calls.ts";
import type { Channel } from "../../rpc/channel.ts";
import { RpcError } from "../../rpc/error.ts";
import { fetchWithCredentials } from "./credential.ts";
import type { PluginLog } from "./log.ts";
import type { Exports } from "./modules.ts";
import { jobsOf, runner, type StartProgram } from "./programs.ts";
import { pluginStorage } from "./storage.ts";

/** Why what a plugin asked for was not given. */
export class AskError extends Error {
  override readonly name = "AskError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Asks Pyra for something. @throws {AskError} */
export type Ask = (method: PluginRequest, params: Json, signal?: AbortSignal) => Promise<unknown>;

/** What a plugin's room asks its host. */
export function askOver(channel: Channel): Ask {
  return async (method, params, signal) => {
    try {
      // The host has limits of its own, and some answers take a person.
      const options = { limitMs: Infinity, ...(signal ? { signal } : {}) };
      return await channel.call("ask", { method, params }, options);
    } catch (cause) {
      throw asked(cause);
    }
  };
}

/** What asks the host for programs. */
export function programsOver(channel: Channel): StartProgram {
  return async function* (params, signal) {
    try {
      yield* channel.stream("run", params, { limitMs: Infinity, signal });
    } catch (cause) {
      throw asked(cause);
    }
  };
}

function asked(cause: unknown): unknown {
  if (!(cause instanceof RpcError)) return cause;
  return new AskError(cause.remoteCode ?? cause.code, cause.message);
}

/** What all calls of one plugin share. */
export interface ContextParts {
  readonly name: string;
  readonly boot: PluginBoot;
  /** `net` and `tls` for those who may use them. */
  readonly tcp: () => Promise<Readonly<Record<string, Exports>>>;
  readonly ask: Ask;
  readonly fetch: (credential?: string) => typeof fetch;
  readonly program: StartProgram;
  readonly log: PluginLog;
}

/** What one call adds. */
export interface CallParts {
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** Absent where nobody looks on. */
  readonly output?: (text: string) => void;
}

/** Makes the contexts of a plugin. */
export class ContextMaker {
  /** The values of the plugin's settings; replaced when they are read anew. */
  settings: Readonly<Record<string, Json>> = Object.freeze({});
  readonly storage: ReturnType<typeof pluginStorage>;
  readonly #parts: ContextParts;

  constructor(parts: ContextParts) {
    this.#parts = parts;
    this.storage = pluginStorage(parts.boot.dataFolder);
  }

  /** The context of one call. */
  make({ signal, progress, output }: CallParts): PluginContext {
    const { name, boot, ask, log, program } = this.#parts;
    const { storage } = this;
    const fetchWith = (credential?: string): typeof fetch => (input, init) => {
      const own = init?.signal;
      const either = own ? AbortSignal.any([own, signal]) : signal;
      return this.#parts.fetch(credential)(input, { ...init, signal: either });
    };
    return Object.freeze({
      name,
      dataFolder: boot.dataFolder,
      workspace: boot.workspace ?? undefined,
      settings: this.settings,
      secrets: Object.freeze({
        async get(key: string) {
          const value = await ask("secret", { key: String(key) }, signal);
          return typeof value === "string" ? value : undefined;
        },
      }),
      fetch: fetchWithCredentials(fetchWith, boot.credentials),
      run: runner(program, signal),
      jobs: jobsOf((method, params) => ask(method, params, signal)),
      log: (text: string) => log.add(String(text)),
      storage: Object.freeze({
        get: storage.get,
        set: storage.set,
        delete: storage.delete,
        keys: storage.keys,
        query: storage.query,
      }),
      memory: Object.freeze({
        async search(query: string, limit = 5) {
          const params = { query: String(query), limit: Number(limit) };
          return await ask("memory.search", params, signal) as readonly MemoryHit[];
        },
      }),
      signal,
      progress: (text: string) => progress(String(text)),
      output: (text: string) => output?.(String(text)),
    });
  }
}
