/**
 * Rate limits and budgets: every request to a model is counted, reserved before it goes, and settled with
 * what it used. Time, the database and prices come in as ports.
 * @module
 */
import { estimateRequest, estimateTokens } from "../agent/budget.ts";
import type { Usage } from "../protocol/message.ts";
import type { ModelEvent, ModelProvider, ModelRequest } from "../protocol/model.ts";
import type { Ledger, Reserved } from "./limits/ledger.ts";
import type { Price } from "./limits/price.ts";
import {
  limitReached,
  nearSentence,
  reachedSentence,
  unpricedSentence,
} from "./limits/sentences.ts";
import { type LimitSettings, startOf } from "./limits/span.ts";
import type { Wish } from "./limits/verdict.ts";

/** What counting needs of the world. */
export interface LimitPorts {
  /** The profile's ledger; the same one at every call. */
  readonly ledger: () => Promise<Ledger>;
  readonly settings: LimitSettings;
  /** What a model of this provider costs; `undefined` if unknown. */
  readonly price: (model: string) => Price | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** @throws the signal's reason */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * What is reserved for an answer whose length nobody limits, tokens. An answer that outgrows it gets as
 * much again, while the spending caps allow it.
 */
const USUAL_ANSWER = 8_192;
/** With fewer tokens left for its answer a request does not go. */
const LEAST_ANSWER = 256;
/** A question waits so long to begin, ms: then the person decides. */
const START_PATIENCE_MS = 5_000;
/** One that has asked before waits so long to go on: its work would be lost. */
const MIDDLE_PATIENCE_MS = 61_000;
/** Longer waits are told. */
const NOTEWORTHY_MS = 1_000;
/** Others may take the place that was waited for: so often it is tried again, at least so far apart. */
const LEAST_WAIT_MS = 20;
/** How often the ledger hears of an answer that goes on, ms. */
const NEWS_EVERY_MS = 15_000;

/** The same provider, each of whose requests is counted and held to the limits. */
export function limited(provider: ModelProvider, ports: LimitPorts): ModelProvider {
  return {
    id: provider.id,
    listModels: (signal) => provider.listModels(signal),
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      const ledger = await ports.ledger();
      signal.throwIfAborted();
      const wish = wishOf(provider.id, request, ports.price(request.model));
      const reserved = yield* admitted(ledger, wish, ports, signal);
      const { most } = reserved;
      const counted = new CountedAnswer(ledger, wish, reserved, ports);
      try {
        const sent = most === undefined ? request : { ...request, max_output_tokens: most };
        for await (const event of provider.stream(sent, signal)) {
          counted.see(event);
          yield event;
        }
      } catch (thrown) {
        counted.hasFailed = true;
        throw thrown;
      } finally {
        counted.settle(signal);
      }
      yield* news(ledger, wish, ports);
    },
  };
}

function wishOf(provider: string, request: ModelRequest, price: Price | undefined): Wish {
  const { model, messages, tools, max_output_tokens, turn } = request;
  const most = max_output_tokens ?? USUAL_ANSWER;
  return {
    provider,
    model,
    session: turn?.session ?? "",
    turn: turn?.turn ?? "",
    input: estimateRequest(messages, tools),
    most,
    least: Math.min(most, LEAST_ANSWER),
    price,
  };
}

/** Waits until the request may go, if that is soon. @throws {PyraError} `limit_reached` */
async function* admitted(
  ledger: Ledger,
  wish: Wish,
  { settings, now, sleep }: LimitPorts,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, Reserved> {
  for (let waited = 0;;) {
    const time = now();
    const answer = ledger.reserve(wish, settings, time);
    if (answer.kind === "reserved") return answer;
    const { endsAt, hasBegun } = answer;
    const wait = Math.max(LEAST_WAIT_MS, (endsAt ?? Infinity) - time);
    const patience = hasBegun ? MIDDLE_PATIENCE_MS : START_PATIENCE_MS;
    if (waited + wait > patience) throw limitReached(answer, time);
    waited += wait;
    if (wait >= NOTEWORTHY_MS) {
      yield { type: "warning", message: `${reachedSentence(answer, time)}; waiting` };
    }
    await sleep(wait, signal);
  }
}

/** What should be told after an answer: once, and then not again for a while. */
function* news(
  ledger: Ledger,
  { provider, model, turn, price }: Wish,
  { settings, now }: LimitPorts,
): Generator<ModelEvent> {
  const time = now();
  for (const near of ledger.nearLimits(turn, settings, time)) {
    yield { type: "warning", message: nearSentence(near) };
  }
  const { turn_cost, day_cost, month_cost } = settings;
  if (price !== undefined || turn_cost + day_cost + month_cost === 0) return;
  if (ledger.isNews(`unpriced ${provider}/${model}`, String(startOf("day", time)), time)) {
    yield { type: "warning", message: unpricedSentence(provider, model) };
  }
}

/** One answer on its way: what it has used so far. */
class CountedAnswer {
  /** Whether the provider failed. */
  hasFailed = false;
  readonly #ledger: Ledger;
  readonly #wish: Wish;
  readonly #id: number;
  readonly #ports: LimitPorts;
  #reserved: number;
  #seen = 0;
  #usage: Usage | undefined;
  #lastNews: number;

  constructor(ledger: Ledger, wish: Wish, { id, output }: Reserved, ports: LimitPorts) {
    this.#ledger = ledger;
    this.#wish = wish;
    this.#id = id;
    this.#reserved = output;
    this.#ports = ports;
    this.#lastNews = ports.now();
  }

  /** Counts an event. @throws {PyraError} `limit_reached` if a spending cap is used up */
  see(event: ModelEvent): void {
    if (event.type === "usage") this.#usage = event.usage;
    else if (event.type === "text" || event.type === "reasoning") {
      this.#seen += estimateTokens(event.text);
    } else if (event.type === "tool_call") {
      this.#seen += estimateTokens(event.call.name + event.call.arguments);
    }
    const time = this.#ports.now();
    const isOutgrown = this.#seen > this.#reserved;
    if (!isOutgrown && Math.abs(time - this.#lastNews) < NEWS_EVERY_MS) return;
    this.#lastNews = time;
    const seen = this.#seen;
    const output = isOutgrown ? seen + Math.min(seen, USUAL_ANSWER) : this.#reserved;
    const growth = { seen, reserved: this.#reserved, output };
    const refused = this.#ledger.grow(
      { id: this.#id, wish: this.#wish },
      growth,
      this.#ports.settings,
      time,
    );
    if (refused !== undefined) throw limitReached(refused, time);
    this.#reserved = output;
  }

  /** Counts what was used: as the provider reported it, else as it is estimated. */
  settle({ aborted }: AbortSignal): void {
    const nothing = this.hasFailed && this.#seen === 0 && !aborted;
    const estimated: Usage = {
      // A request that was refused, or never arrived, costs nothing.
      input_tokens: nothing ? 0 : this.#wish.input,
      output_tokens: this.#seen,
      cached_tokens: 0,
    };
    this.#ledger.settle(this.#id, this.#usage ?? estimated, this.#wish.price);
  }
}
