/**
 * The app's room: everything that uses libraries. It ends by telling the kernel its exit code.
 * @module
 */
import "./seal_app.ts";
import process from "node:process";
import { runApp } from "../app.ts";
import type { Rehearsal } from "../app_warm.ts";
import type { DaemonAsk, HostedScreen } from "../protocol/daemon_calls.ts";
import type { AppBoot, Kernel, PluginAsk, ServePlugin } from "../protocol/kernel_calls.ts";
import type { PluginItem } from "../protocol/plugin_host_calls.ts";
import { Channel, type Handler } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";
import { portTransport } from "../rpc/transport.ts";
import { channelFetch } from "./fetch.ts";
import { firstMessage } from "./first_message.ts";
import { useKernelInput } from "./standard_input.ts";
import { KernelOutput, useKernelOutput, useOutput } from "./standard_output.ts";

/** The kernel's first message. */
interface AppStart {
  readonly boot: AppBoot;
  readonly kernel: MessagePort;
}

// A room that is ended while its module waits would leave files open in a daemon, which stays: nothing here
// waits at the module's top.
void firstMessage<AppStart, Rehearsal>(async (rehearsal) => {
  const { warmApp } = await import("../app_warm.ts");
  await warmApp(rehearsal, runApp, useOutput);
}).then(live);

async function live({ boot, kernel: port }: AppStart): Promise<void> {
  Object.assign(process.env, boot.env);

  const listeners = new Map<string, Set<() => void>>();
  let servePlugin: ServePlugin = () =>
    Promise.reject(new RpcError("closed", "nobody serves the plugins yet"));
  const pluginAsk: Handler = (ask, { signal }) => servePlugin(ask as PluginAsk, signal);
  let serveDaemon: Parameters<Kernel["onDaemonAsk"]>[0] = () =>
    Promise.reject(new RpcError("closed", "the daemon's tasks are not there yet"));
  const daemonAsk: Handler = (ask, { signal }) => serveDaemon(ask as DaemonAsk, signal);
  let screen = boot.hosted;
  const channel = new Channel(portTransport(port), { pluginAsk, daemonAsk }, (name, value) => {
    if (name === "resize" && screen !== null) screen = value as HostedScreen;
    for (const listener of listeners.get(name) ?? []) listener();
  });
  const output = boot.hosted === null && boot.job === null ? undefined : new KernelOutput(channel);
  let egress: Promise<typeof fetch> | undefined;
  const kernel: Kernel = {
    async call(method, params, signal) {
      // The port to egress belongs to what `connect` opens, so it is asked for first.
      if (method === "connect") await throughEgress();
      // The call may end this room, and what it said before must have left it.
      await output?.flush();
      // The kernel answers a question when the person has: no limit but its own.
      const options = { limitMs: Infinity, ...(signal === undefined ? {} : { signal }) };
      return await channel.call(method, params, options) as never;
    },
    // The room's calls have limits of their own; the kernel sends what the types say.
    pluginCall: (params, signal) =>
      channel.stream("pluginCall", params, {
        limitMs: Infinity,
        ...(signal === undefined ? {} : { signal }),
      }) as AsyncIterable<PluginItem>,
    onPluginRequest(serve) {
      servePlugin = serve;
    },
    onDaemonAsk(serve) {
      serveDaemon = serve;
    },
    on(event, listener) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(listener));
      return () => all.delete(listener);
    },
  };

  const throughEgress = () =>
    egress ??= channel.call("egress").then((opened) =>
      channelFetch(new Channel(portTransport(opened as MessagePort)))
    );

  useKernelInput(channel, boot.terminal.stdin);
  if (output) useKernelOutput(output, boot.terminal, () => screen ?? { columns: 80, rows: 24 });
  const code = await runApp(
    boot,
    kernel,
    async (input, init) => await (await throughEgress())(input, init),
  );
  await output?.flush();
  await channel.call("exit", { code }, { limitMs: Infinity });
}
