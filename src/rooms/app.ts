/**
 * The app's room: everything that uses libraries. It ends by telling the kernel its exit code.
 * @module
 */
import "./seal_app.ts";
import process from "node:process";
import { runApp } from "../app.ts";
import type { AppBoot, Kernel, PluginAsk, ServePlugin } from "../protocol/kernel_calls.ts";
import type { PluginItem } from "../protocol/plugin_host_calls.ts";
import { Channel, type Handler } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";
import { portTransport } from "../rpc/transport.ts";
import { channelFetch } from "./fetch.ts";
import { firstMessage } from "./first_message.ts";
import { useKernelInput } from "./standard_input.ts";

/** The kernel's first message. */
interface AppStart {
  readonly boot: AppBoot;
  readonly kernel: MessagePort;
}

const { boot, kernel: port } = await firstMessage<AppStart>();
Object.assign(process.env, boot.env);

const listeners = new Map<string, Set<() => void>>();
let servePlugin: ServePlugin = () =>
  Promise.reject(new RpcError("closed", "nobody serves the plugins yet"));
const pluginAsk: Handler = (ask, { signal }) => servePlugin(ask as PluginAsk, signal);
const channel = new Channel(portTransport(port), { pluginAsk }, (name) => {
  for (const listener of listeners.get(name) ?? []) listener();
});
let egress: Promise<typeof fetch> | undefined;
const kernel: Kernel = {
  async call(method, params) {
    // The port to egress belongs to what `connect` opens, so it is asked for first.
    if (method === "connect") await throughEgress();
    // The kernel answers a question when the person has: no limit but its own.
    return await channel.call(method, params, { limitMs: Infinity }) as never;
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
  on(event, listener) {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  },
};

function throughEgress(): Promise<typeof fetch> {
  egress ??= channel.call("egress").then((opened) =>
    channelFetch(new Channel(portTransport(opened as MessagePort)))
  );
  return egress;
}

useKernelInput(channel, boot.terminal.stdin);
const code = await runApp(
  boot,
  kernel,
  async (input, init) => await (await throughEgress())(input, init),
);
await channel.call("exit", { code }, { limitMs: Infinity });
