/**
 * The vault's room: no network, no programs, no environment, and of the disk its own folder.
 * @module
 */
import { Channel } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import type { VaultBoot } from "../vault/calls.ts";
import { kernelPorts, serveEgress, serveKernel } from "../vault/serve.ts";
import { Vault } from "../vault/vault.ts";

function start({ boot, kernel, egress }: VaultBoot): void {
  const ports = kernelPorts(() => channel);
  const vault = new Vault(boot.folder, ports, { environmentKeys: boot.environmentKeys });
  const channel = new Channel(portTransport(kernel), serveKernel(vault));
  if (egress) new Channel(portTransport(egress), serveEgress(vault));
}

addEventListener("message", (event: MessageEvent<VaultBoot>) => start(event.data), { once: true });
