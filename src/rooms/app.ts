/**
 * The app's room: everything that uses libraries. It ends by telling the kernel its exit code.
 * @module
 */
import "./seal_app.ts";
import process from "node:process";
import { Channel } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import type { AppBoot, Kernel } from "../kernel/calls.ts";
import { runApp } from "../app.ts";
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
const channel = new Channel(portTransport(port), {}, (name) => {
  for (const listener of listeners.get(name) ?? []) listener();
});
const kernel: Kernel = {
  // The kernel answers a question when the person has: no limit but its own.
  call: (method, params) => channel.call(method, params, { limitMs: Infinity }) as never,
  on(event, listener) {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all.add(listener));
    return () => all.delete(listener);
  },
};
useKernelInput(channel, boot.terminal.stdin);
const code = await runApp(boot, kernel);
await kernel.call("exit", { code });
