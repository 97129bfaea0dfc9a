/**
 * Finds the model servers that run on this machine.
 * @module
 */
import { listModels } from "./models.ts";
import { type ProviderEntry, PROVIDERS } from "./table.ts";

/** A server that answered. */
export interface LocalServer {
  /** The id in the provider table. */
  readonly provider: string;
  readonly base_url: string;
  /** Empty if it has loaded none. */
  readonly models: readonly string[];
}

/** What is on this machine answers sooner than this, or is too busy to be offered. */
const LIMIT_MS = 700;

/**
 * The local servers of the table that answer with a list of models, in the table's order. All are
 * asked at once, each for 700 ms at most; what else happens to listen on their ports is left out.
 * @throws the signal's reason
 */
export async function findLocalServers(
  fetch: typeof globalThis.fetch,
  signal: AbortSignal,
  entries: readonly ProviderEntry[] = PROVIDERS.filter(({ group }) => group === "local"),
): Promise<LocalServer[]> {
  const found = await Promise.all(entries.map(async (entry) => {
    const baseUrl = entry.base_url ?? "";
    const connection = {
      entry,
      baseUrl,
      apiKey: null,
      fetch,
      now: Date.now,
      idleLimitMs: LIMIT_MS,
    };
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LIMIT_MS);
    try {
      const models = await listModels(connection, AbortSignal.any([signal, late.signal]));
      return [{ provider: entry.id, base_url: baseUrl, models }];
    } catch {
      // Whatever it is, it is no server to offer.
      signal.throwIfAborted();
      return [];
    } finally {
      clearTimeout(timer);
    }
  }));
  return found.flat();
}
