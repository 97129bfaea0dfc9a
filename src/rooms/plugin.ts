/**
 * A plugin's room: one plugin, with exactly the rights it was granted. What runs here may break anything
 * in this room, so nothing in it is believed outside.
 * @module
 */
import { processFacade, RUNTIME } from "./plugin/seal.ts";
import type { PluginMethod } from "../protocol/plugin_calls.ts";
import type { PluginStart } from "../protocol/plugin_host_calls.ts";
import { Channel } from "../rpc/channel.ts";
import { isRecord } from "../rpc/frame.ts";
import { portTransport } from "../rpc/transport.ts";
import { channelFetch } from "./fetch.ts";
import { firstMessage } from "./first_message.ts";
import { askOver, programsOver } from "./plugin/context.ts";
import { PluginFault, traceOf } from "./plugin/fault.ts";
import { fileFunctions, type RoomFolders } from "./plugin/file_functions.ts";
import { hardenGlobals } from "./plugin/harden.ts";
import { pluginConsole, PluginLog } from "./plugin/log.ts";
import { METHODS } from "./plugin/methods.ts";
import { RunningPlugin } from "./plugin/running.ts";
import { closeScope } from "./plugin/scope.ts";
import type { ReadModule } from "./plugin_reader/read_modules.ts";

/** The host's first message. */
interface RoomStart {
  readonly boot: Omit<PluginStart, "files" | "permissions"> & {
    readonly tcp: boolean;
    readonly folders: RoomFolders;
  };
  readonly kernel: MessagePort;
}

const { boot: start, kernel: port } = await firstMessage<RoomStart>();

/** Calls that run, by the host's number for them. */
const running = new Map<number, AbortController>();
const channel: Channel = new Channel(portTransport(port), {
  beat: () => null,
  load: (given) => plugin.load((given as { modules: readonly ReadModule[] }).modules),
  async *call(given, { signal }) {
    const { id, method, params } = isRecord(given) ? given : {};
    if (typeof id !== "number" || typeof method !== "string" || !Object.hasOwn(METHODS, method)) {
      throw new PluginFault("plugin_failed", "there is no such call");
    }
    const abort = new AbortController();
    running.set(id, abort);
    try {
      yield* plugin.call({
        method: method as PluginMethod,
        params,
        resultCharacters: start.limits.resultCharacters,
        signal: AbortSignal.any([signal, abort.signal]),
      });
    } finally {
      running.delete(id);
    }
  },
  abort(given) {
    const { id, reason } = isRecord(given) ? given : {};
    running.get(Number(id))?.abort(new PluginFault("cancelled", String(reason)));
  },
  unload: () => plugin.unload(),
});
const log = new PluginLog((lines) => channel.call("log", { lines }));
const fetchThroughEgress = channelFetch(channel);
const plugin: RunningPlugin = new RunningPlugin({
  name: start.name,
  boot: start.boot,
  tcp: async () => start.tcp ? (await import("./plugin/tcp.ts")).tcpModules(channel) : {},
  ask: askOver(channel),
  program: programsOver(channel),
  fetch: (credential) =>
    credential === undefined ? fetchThroughEgress : channelFetch(channel, { credential }),
  log,
});

closeScope({
  Deno: fileFunctions(RUNTIME, start.folders),
  console: pluginConsole(log, RUNTIME.inspect),
  fetch: fetchThroughEgress,
  process: processFacade(),
});
hardenGlobals();

// Last, so that a fault before this line ends the room.
// A promise that nobody waited for, or a timer that threw, ends neither the room nor its other calls.
globalThis.addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  log.add(`error: a promise failed that nobody waited for: ${traceOf(event.reason)}`);
});
globalThis.addEventListener("error", (event) => {
  event.preventDefault();
  log.add(`error: ${traceOf(event.error)}`);
});
