/**
 * The vault's room: no network, no programs, no environment, and of the disk its own folder.
 * @module
 */
import "./seal_trusted.ts";
import { firstMessage } from "./first_message.ts";
import { Channel } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";
import { portTransport } from "../rpc/transport.ts";
import type { VaultBoot, VaultPorts } from "../protocol/vault_calls.ts";
import { VaultError } from "../vault/error.ts";
import { Folder } from "../vault/folder.ts";
import { serveVault } from "../vault/serve.ts";

/** How long the kernel may take over a key store or gpg, ms: they may ask the person. */
const PROGRAM_LIMIT_MS = 200_000;

const { boot, kernel, egress } = await firstMessage<VaultBoot>();
const ports: VaultPorts = async (method, params) => {
  try {
    // The kernel is trusted to answer in the types that its handlers have.
    return await channel.call(method, params, { limitMs: PROGRAM_LIMIT_MS }) as never;
  } catch (cause) {
    // The kernel's message says which program failed, and why.
    const message = cause instanceof RpcError ? cause.message : "the program failed";
    throw new VaultError("backend", `the vault's identity: ${message}`);
  }
};
const folder = new Folder(boot.folder);
const handlers = serveVault(folder, boot.environmentKeys, async () => {
  const { Vault } = await import("../vault/vault.ts");
  return new Vault({ folder, ports });
});
const channel = new Channel(portTransport(kernel), handlers.kernel);
if (egress) new Channel(portTransport(egress), handlers.egress);
