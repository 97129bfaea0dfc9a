/**
 * The room that reads plugins' texts before they run: no files, no network, nothing but the texts. It runs
 * none of them. One for all plugins, so that no plugin's room carries a parser.
 * @module
 */
import "./seal_trusted.ts";
import { Channel } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import { firstMessage } from "./first_message.ts";
import { readModules, type ReadParams } from "./plugin_reader/read_modules.ts";

const { kernel } = await firstMessage<{ kernel: MessagePort }>();
new Channel(portTransport(kernel), {
  // Its host hands on what the kernel sent.
  read: (params) => readModules(params as ReadParams),
});
