/**
 * Asks again when that may help.
 * @module
 */
import type { ModelEvent, ModelProvider, ModelRequest } from "../protocol/model.ts";
import { sleep } from "../protocol/waiting.ts";
import { ProviderError, seconds } from "./errors.ts";

/** The world of the waiting. */
export interface RetryPorts {
  /** @throws the signal's reason */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
}

/** The bounds of the waiting. */
export interface RetryLimits {
  /** The first request counts. */
  readonly tries: number;
  /** All waits of one answer together, ms. */
  readonly totalMs: number;
  /** The first wait is at most this, ms; each later one at most twice the one before. */
  readonly baseMs: number;
}

const LIMITS: RetryLimits = { tries: 4, totalMs: 60_000, baseMs: 800 };
const NOTEWORTHY_MS = 1_000;

/**
 * The same provider, asked again when it is rate-limited, down or out of reach, as long as nothing of
 * the answer has arrived. It waits as long as the provider asks, else a random time; a wait of a
 * second or more is a `warning`. What it asks beyond the bounds is not waited for.
 */
export function withRetries(
  provider: ModelProvider,
  ports: RetryPorts = { sleep, random: Math.random },
  limits: RetryLimits = LIMITS,
): ModelProvider {
  return {
    id: provider.id,
    listModels: (signal) => provider.listModels(signal),
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      let waited = 0;
      for (let tried = 1;; tried++) {
        let hasBegun = false;
        try {
          for await (const event of provider.stream(request, signal)) {
            hasBegun ||= event.type !== "warning";
            yield event;
          }
          return;
        } catch (thrown) {
          if (hasBegun) throw thrown;
          const wait = waitAfter(thrown, { tried, waited }, ports, limits);
          waited += wait;
          if (wait >= NOTEWORTHY_MS) {
            const why = thrown instanceof Error ? thrown.message : String(thrown);
            const message = `${why}; trying again in ${seconds(wait)}`;
            yield { type: "warning", message };
          }
          await ports.sleep(wait, signal);
        }
      }
    },
  };
}

/**
 * What one call gives, made again under the same rules; nothing is told of the waits.
 * @throws what the last call threw, and the signal's reason
 */
export async function retried<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  ports: RetryPorts = { sleep, random: Math.random },
  limits: RetryLimits = LIMITS,
): Promise<T> {
  let waited = 0;
  for (let tried = 1;; tried++) {
    try {
      return await call();
    } catch (thrown) {
      const wait = waitAfter(thrown, { tried, waited }, ports, limits);
      waited += wait;
      await ports.sleep(wait, signal);
    }
  }
}

/** How long to wait before the next try, ms. @throws what was thrown, if another try would not help */
function waitAfter(
  thrown: unknown,
  { tried, waited }: { readonly tried: number; readonly waited: number },
  { random }: RetryPorts,
  limits: RetryLimits,
): number {
  const mayHelp = thrown instanceof ProviderError && thrown.retryable;
  if (!mayHelp || tried >= limits.tries) throw thrown;
  const jittered = random() * limits.baseMs * 2 ** (tried - 1);
  const wait = Math.ceil(thrown.retryAfterMs ?? jittered);
  if (waited + wait > limits.totalMs) throw thrown;
  return wait;
}
