/**
 * The vault's room: no network, no programs, no environment, and of the disk its own folder.
 * @module
 */
import "./seal_trusted.ts";
import { firstMessage } from "./first_message.ts";
import { Channel } from "../rpc/channel.ts";
import { portTransport } from "../rpc/transport.ts";
import type { VaultBoot } from "../vault/calls.ts";
import type { VaultPorts } from "../vault/identity.ts";
import { serveEgress, serveKernel } from "../vault/serve.ts";
import { Vault } from "../vault/vault.ts";

/** How long the kernel may take over a key store or gpg, ms: they may ask the person. */
const PROGRAM_LIMIT_MS = 200_000;

const { boot, kernel, egress } = await firstMessage<VaultBoot>();
const ports: VaultPorts = (method, params) =>
  // The kernel is trusted to answer in the types that its handlers have.
  channel.call(method, params, { limitMs: PROGRAM_LIMIT_MS }) as Promise<never>;
const vault = new Vault(boot.folder, ports, { environmentKeys: boot.environmentKeys });
const channel = new Channel(portTransport(kernel), serveKernel(vault));
if (egress) new Channel(portTransport(egress), serveEgress(vault));
