/**
 * The egress room: all of Pyra's HTTP, and the only place where a secret meets a request.
 * @module
 */
import "./seal_trusted.ts";
import type { EgressBoot, VaultRelease } from "../protocol/egress_calls.ts";
import { Egress } from "../egress/serve.ts";
import { Channel } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import { firstMessage } from "./first_message.ts";

const { boot, kernel, vault } = await firstMessage<
  { boot: EgressBoot; kernel: MessagePort; vault: MessagePort }
>();
const vaultChannel = new Channel(portTransport(vault));
const egress: Egress = new Egress({
  boot,
  report: (report) => kernelChannel.call("report", report),
  release: (params, signal) =>
    vaultChannel.call("release", params, { signal }) as Promise<ReturnType<VaultRelease>>,
});
const kernelChannel: Channel = new Channel(portTransport(kernel), egress.handlers);
