/**
 * Other models for when the one in use cannot answer.
 * @module
 */
import type { ModelEvent, ModelProvider, ModelRequest } from "../protocol/model.ts";
import { ProviderError } from "./errors.ts";

/** A model to turn to. */
export interface Fallback {
  /** The provider's id. */
  readonly provider: string;
  readonly model: string;
  /** Opens the way to it; asked only when it is needed. */
  readonly open: (signal: AbortSignal) => Promise<ModelProvider>;
}

/** A provider that may let others answer. */
export interface FallbackProvider extends ModelProvider {
  /** Who gave, or gives, the last answer, if it was not the provider itself. */
  readonly answering: { readonly provider: string; readonly model: string } | undefined;
}

/**
 * The same provider; when it is down, rate-limited or out of credit before anything of its answer has
 * arrived, the others are tried in order, and a `warning` says which one answers. If none can, it
 * fails as the first one did.
 */
export function withFallbacks(
  first: ModelProvider,
  fallbacks: readonly Fallback[],
): FallbackProvider {
  let answering: FallbackProvider["answering"];
  return {
    id: first.id,
    get answering() {
      return answering;
    },
    listModels: (signal) => first.listModels(signal),
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      answering = undefined;
      const failure = yield* attempt(first, request, signal);
      if (failure === undefined) return;
      let last: string = failure.message;
      for (const { provider, model, open } of fallbacks) {
        signal.throwIfAborted();
        let next: ModelProvider;
        try {
          next = await open(signal);
        } catch (thrown) {
          signal.throwIfAborted();
          last += `; ${provider}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
          continue;
        }
        yield { type: "warning", message: `${last}; now ${provider}/${model} answers` };
        answering = { provider, model };
        const another = yield* attempt(next, { ...request, model }, signal);
        if (another === undefined) return;
        last = another.message;
      }
      answering = undefined;
      throw failure;
    },
  };
}

/** Streams the answer; returns the failure if another provider may be tried. */
async function* attempt(
  provider: ModelProvider,
  request: ModelRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, ProviderError | undefined> {
  let hasBegun = false;
  try {
    for await (const event of provider.stream(request, signal)) {
      hasBegun ||= event.type !== "warning";
      yield event;
    }
    return undefined;
  } catch (thrown) {
    if (thrown instanceof ProviderError && thrown.unavailable && !hasBegun) return thrown;
    throw thrown;
  }
}
