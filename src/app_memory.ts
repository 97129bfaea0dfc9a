/**
 * The part of the composition root that opens the profile's notes.
 * @module
 */
import type { CommandContext } from "./commands/context.ts";
import { asShown } from "./commands/errors.ts";
import type { Memory, MemoryPorts } from "./memory/memory.ts";
import { openMemory } from "./memory/open.ts";
import type { Embedder } from "./protocol/embedding.ts";
import { PyraError } from "./protocol/error.ts";
import type { ProviderEntry } from "./providers/table.ts";

/** Opens the notes, with the model that finds them by meaning if the settings name one. */
export async function openProfileMemory(context: CommandContext): Promise<Memory> {
  const { config: { memory, ai } } = await context.loadConfig();
  const { profile: { memory: folder, db: databases } } = context.boot;
  const named = memory.embeddings;
  const ports: MemoryPorts = { folder, databases, now: context.now };
  if (named === undefined) return openMemory(ports);
  const slash = named.indexOf("/");
  const provider = named.slice(0, slash);
  const choice = {
    provider,
    model: named.slice(slash + 1),
    ...(provider === ai.provider_id && ai.base_url !== undefined && { baseUrl: ai.base_url }),
  };
  return openMemory({
    ...ports,
    embeddingModel: named,
    openEmbedder: (signal) => open(context, choice, signal),
    quietEmbedder: async (signal) =>
      await needsPerson(context, provider) ? undefined : await open(context, choice, signal),
  });
}

async function open(
  { kernel, fetch, usage }: CommandContext,
  { provider, model, ...address }: { provider: string; model: string; baseUrl?: string },
  signal: AbortSignal,
): Promise<Embedder> {
  const [entry, { openEmbedder }] = await Promise.all([
    entryOf(provider),
    import("./providers/embeddings.ts"),
  ]);
  signal.throwIfAborted();
  try {
    const { sentinel } = await kernel.call("connect", { provider, ...address });
    const opened = openEmbedder(entry, model, { ...address, apiKey: sentinel, fetch });
    return await (await usage()).limitEmbedder(opened, entry);
  } catch (thrown) {
    throw asShown(thrown);
  }
}

/** Whether opening the way may stop the chat to ask for the vault's passphrase. */
async function needsPerson({ boot, kernel }: CommandContext, provider: string): Promise<boolean> {
  const entry = await entryOf(provider);
  if (!entry.requires_key || boot.environmentKeys.includes(provider)) return false;
  return (await kernel.call("vaultStatus", null)).state !== "open";
}

async function entryOf(provider: string): Promise<ProviderEntry> {
  const { findProvider } = await import("./providers/table.ts");
  const entry = findProvider(provider);
  if (entry) return entry;
  throw new PyraError("configuration", "unknown_provider", `there is no provider ${provider}`, {
    hint: "change memory.embeddings; pyra setup lists the providers",
  });
}
