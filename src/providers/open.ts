/**
 * Makes a provider ready to be asked. What a dialect needs is loaded with the first question.
 * @module
 */
import type { ModelEvent, ModelProvider, ModelRequest } from "../protocol/model.ts";
import type { Connection } from "./connection.ts";
import { missingBaseUrl, missingKey } from "./errors.ts";
import { listModels } from "./models.ts";
import type { OpenAiDialect } from "./openai_dialect.ts";
import type { ProviderEntry } from "./table.ts";

/** What a provider is opened with. */
export interface OpenOptions {
  /** Instead of the table's. */
  readonly baseUrl?: string | undefined;
  /** The key, or the sentinel that stands for it; null if there is none. */
  readonly apiKey: string | null;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970; `Date.now` if absent. */
  readonly now?: () => number;
  /** How long nothing may arrive, ms; five minutes if absent: local models read long texts slowly. */
  readonly idleLimitMs?: number;
}

const IDLE_LIMIT_MS = 300_000;

/**
 * Makes a provider ready to be asked; it neither retries nor waits.
 * @throws {ProviderError} codes `no_key` and `bad_base_url`
 */
export function openProvider(entry: ProviderEntry, options: OpenOptions): ModelProvider {
  if (entry.dialect === "demo") return openDemo(entry);
  const connection = connectionTo(entry, options);
  let dialect: Promise<OpenAiDialect> | undefined;
  return {
    id: entry.id,
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      dialect ??= import("./openai_dialect.ts").then((it) => new it.OpenAiDialect(connection));
      yield* (await dialect).stream(request, signal);
    },
    listModels: (signal) => listModels(connection, signal),
  };
}

/**
 * The way to a provider, checked as far as it can be without asking.
 * @throws {ProviderError} codes `no_key` and `bad_base_url`
 */
export function connectionTo(entry: ProviderEntry, options: OpenOptions): Connection {
  const baseUrl = options.baseUrl || entry.base_url;
  if (baseUrl === null || !URL.canParse(baseUrl)) throw missingBaseUrl(entry);
  if (entry.requires_key && options.apiKey === null) throw missingKey({ entry, baseUrl });
  return {
    entry,
    baseUrl: baseUrl.replace(/\/+$/, ""),
    apiKey: options.apiKey,
    fetch: options.fetch,
    now: options.now ?? Date.now,
    idleLimitMs: options.idleLimitMs ?? IDLE_LIMIT_MS,
  };
}

function openDemo({ id, default_model }: ProviderEntry): ModelProvider {
  return {
    id,
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      const { streamDemo } = await import("./demo.ts");
      yield* streamDemo(request, signal);
    },
    listModels: () => Promise.resolve([default_model]),
  };
}
