/**
 * What one run may use, beside what the settings let everything use: a schedule's job has nobody who sees
 * that it goes on and on.
 * @module
 */
import { PyraError } from "../../protocol/error.ts";
import type { ModelEvent, ModelProvider, ModelRequest } from "../../protocol/model.ts";
import type { Price } from "./price.ts";
import { LIMIT_REACHED } from "./sentences.ts";
import type { LimitSettings } from "./span.ts";

/** What a run may use. */
export interface CapSettings {
  /** Requests to models, retries and fallbacks too. */
  readonly requests: number;
  /** US dollars; absent: what the settings leave. */
  readonly cost?: number;
}

/** The cap of one run, which asks one question. */
export class RunCap {
  readonly #cap: CapSettings;
  #requests = 0;

  constructor(cap: CapSettings) {
    this.#cap = cap;
  }

  /** The settings, with the run's cost as the question's if that is less. */
  within<S extends LimitSettings>(settings: S): S {
    const { cost } = this.#cap;
    if (cost === undefined) return settings;
    const least = settings.turn_cost > 0 ? Math.min(settings.turn_cost, cost) : cost;
    return { ...settings, turn_cost: least };
  }

  /** The same provider, held to the cap. @param price what a model costs; `undefined` if unknown */
  hold(provider: ModelProvider, price: (model: string) => Price | undefined): ModelProvider {
    const admit = (model: string) => this.#admit(provider.id, model, price);
    return {
      id: provider.id,
      listModels: (signal) => provider.listModels(signal),
      async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
        admit(request.model);
        yield* provider.stream(request, signal);
      },
    };
  }

  /** @throws {PyraError} `limit_reached` */
  #admit(provider: string, model: string, price: (model: string) => Price | undefined): void {
    const { requests, cost } = this.#cap;
    if (cost !== undefined && price(model) === undefined) {
      throw refused(
        `the price of ${provider}/${model} is unknown, so no cost can be held`,
        "name it in limits.prices",
      );
    }
    if (this.#requests >= requests) {
      const all = requests === 1 ? "the one request" : `all ${requests} requests`;
      throw refused(`this run has made ${all} that it may make`, "let it make more");
    }
    this.#requests++;
  }
}

function refused(message: string, hint: string): PyraError {
  return new PyraError("permission", LIMIT_REACHED, message, { hint });
}
