/**
 * What the kernel and the process of the plugins' rooms say to each other, over the process's standard
 * input and output (`rpc/ndjson.ts`). The process's first argument is `--plugin-host`; a second one, `net`,
 * says that some plugin has a grant for raw TCP. It ends with its input.
 * @module
 */
import type { FetchParams } from "./egress_calls.ts";
import type { Json, RunPiece, RunResult } from "./plugin.ts";
import type { PluginFile, PluginMethod, PluginProgress, PluginRequest } from "./plugin_calls.ts";

/** A plugin's room as the kernel orders it. */
export interface PluginStart {
  readonly name: string;
  /** All texts of its folder, exactly those whose hash was agreed to. */
  readonly files: readonly PluginFile[];
  /** The path among `files` that the plugin begins with. */
  readonly main: string;
  /** The room's rights, links resolved. What is not here it does not have. */
  readonly permissions: {
    readonly read: readonly string[];
    readonly write: readonly string[];
    /** `host:port`, for raw TCP. */
    readonly net: readonly string[];
  };
  readonly boot: PluginBoot;
  readonly limits: PluginLimits;
}

/** What the plugin's context is made of. */
export interface PluginBoot {
  readonly dataFolder: string;
  /** Null if the plugin may not see it. */
  readonly workspace: string | null;
  /** Keys of secrets that the plugin may read by `secret`. */
  readonly secretKeys: readonly string[];
  /**
   * Keys of secrets that `fetch` may carry as `credential`. The room puts `sentinel` where `{}` stands in
   * `placement` (`authorization: Bearer {}`, `path: /v1/{}/items`, `form: api_key`).
   */
  readonly credentials: Readonly<
    Record<string, { readonly sentinel: string; readonly placement: string }>
  >;
  /** Origins that `fetch` may reach; egress decides. */
  readonly hosts: readonly string[];
  /** Whether it may search the person's notes. */
  readonly memory: boolean;
}

/** Bounds that the process holds rooms to; the kernel holds the process to them too. */
export interface PluginLimits {
  /** Of a parameter or a value asked for, as JSON. */
  readonly valueCharacters: number;
  /** Of a call's result, as JSON. */
  readonly resultCharacters: number;
  /** Calls into a room, and what it asks back, at a time: so many each. */
  readonly openCalls: number;
  readonly logLinesASecond: number;
  readonly loadMs: number;
  readonly unloadMs: number;
}

/** What a call into a plugin streams: progress, a program's lines, and last of all its result. */
export type PluginItem = PluginProgress | { readonly output: string } | { readonly result: Json };

/** Parameters of a call into a plugin. */
export interface PluginCallParams {
  readonly name: string;
  readonly method: PluginMethod;
  readonly params: Json;
  /** Null for tasks and set-up, which take as long as they take. */
  readonly limitMs: number | null;
  /**
   * What a call of `run` may run, as it was agreed to; nothing if absent. A command, a task, a set-up and a
   * container runtime may run what the plugin was granted, and the other methods nothing.
   */
  readonly runs?: readonly AgreedRun[];
}

/** What was agreed to: a program of the plugin's grants with any arguments, or once with these and in that folder. */
export interface AgreedRun {
  readonly program: string;
  /** The program's name is its first. */
  readonly argv?: readonly string[];
  readonly folder?: string;
  readonly network?: boolean;
  /** It was agreed to as something that only reads: whatever holds it lets it write nothing. */
  readonly readOnly?: boolean;
}

/** What a room asks to run. */
export interface RunParams {
  readonly argv: readonly string[];
  readonly folder?: string;
  readonly input?: string;
  readonly limitMs?: number;
  readonly network?: boolean;
}

/** What the kernel streams of a program: its output, and last of all how it ended. */
export type RunItem = RunPiece | { readonly result: RunResult };

/** The kernel's calls to the process. Error codes of `start` and `call` are those of `pluginCall`. */
export interface PluginHostCalls {
  /** Starts a room and loads the plugin; one of that name that runs is ended first. */
  start: (params: PluginStart) => null;
  /** A stream. The signal that cancels it is the call's. */
  call: (params: PluginCallParams) => AsyncIterable<PluginItem>;
  /** Unloads a plugin and ends its room; nothing if there is none. */
  stop: (params: { name: string }) => null;
}

/** The process's calls to the kernel. */
export interface PluginKernelAsks {
  /**
   * What a room asks for. `name` is of the port that it came by, never of the message. `fetch` is a stream
   * as egress's, with the body as input; `run` is a stream of `RunItem`; `log` answers null.
   */
  ask: (params: { name: string; method: PluginRequest; params: unknown }) => unknown;
}

/** Parameters of `ask` with `fetch`: the credential's sentinel stands in its place already. */
export interface PluginFetchParams extends FetchParams {
  readonly credential?: string;
}

/** The process's notice `report`, every 250 ms, and more seldom while nothing happens in it. */
export interface PluginHostReport {
  /** The next one comes after so long, ms; 10 s at most. */
  readonly nextMs: number;
  /** Resident memory of the process, bytes. */
  readonly rss: number;
  readonly rooms: readonly {
    readonly name: string;
    /** Counts up with each answer of the room's event loop. */
    readonly beat: number;
  }[];
  /** Plugins whose room was terminated, or should have ended, and perhaps goes on: the kernel ends the process. */
  readonly stuck: readonly string[];
}
