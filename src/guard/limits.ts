/**
 * Rate limits and budgets: every request to a model is counted, reserved before it goes, and settled with
 * what it used. Time, the database and prices come in as ports.
 * @module
 */
import { estimateRequest, estimateTokens, ratioOf } from "../agent/budget.ts";
import { asPyraError } from "../protocol/error.ts";
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
import type { Refused, Wish } from "./limits/verdict.ts";

/** What counting needs of the world. */
export interface LimitPorts {
  /**
   * The profile's ledger; the same one at every call.
   * @param fault what using it threw: then one that works, if there can be one
   */
  readonly ledger: (fault?: unknown) => Promise<Ledger>;
  /** What the person should be told of the ledger, one sentence each; told once. */
  readonly notices: () => readonly string[];
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
  /** Reported tokens per estimated one, as the last answer told. */
  let ratio = 1;
  return {
    id: provider.id,
    listModels: (signal) => provider.listModels(signal),
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<ModelEvent> {
      const wish = wishOf(provider.id, request, { price: ports.price(request.model), ratio });
      const { ledger, reserved } = yield* admitted(wish, ports, signal);
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
        if (counted.usage !== undefined) ratio = ratioOf(wish.input / ratio, counted.usage, ratio);
      }
      yield* counted.news();
    },
  };
}

function wishOf(
  provider: string,
  request: ModelRequest,
  { price, ratio }: { readonly price: Price | undefined; readonly ratio: number },
): Wish {
  const { model, messages, tools, max_output_tokens, turn } = request;
  const most = max_output_tokens ?? USUAL_ANSWER;
  return {
    provider,
    model,
    session: turn?.session ?? "",
    turn: turn?.turn ?? "",
    input: Math.ceil(estimateRequest(messages, tools) * ratio),
    most,
    least: Math.min(most, LEAST_ANSWER),
    price,
    paced: true,
  };
}

/** A request that was written down, and where. */
interface Admitted {
  readonly ledger: Ledger;
  readonly reserved: Reserved;
}

/**
 * Waits until the request may go, if that is soon.
 * @throws {PyraError} `limit_reached`; what the ledger's port throws
 */
async function* admitted(
  wish: Wish,
  ports: LimitPorts,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent, Admitted> {
  const { now, sleep } = ports;
  for (let waited = 0;;) {
    signal.throwIfAborted();
    const time = now();
    const { ledger, answer } = await reserve(wish, ports, time);
    for (const message of ports.notices()) yield { type: "warning", message };
    if (answer.kind === "reserved") return { ledger, reserved: answer };
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

/** Reserves; a ledger that turns out to be damaged is replaced once. */
async function reserve(
  wish: Wish,
  { ledger: open, settings }: LimitPorts,
  time: number,
): Promise<{ readonly ledger: Ledger; readonly answer: Reserved | Refused }> {
  const ledger = await open();
  try {
    return { ledger, answer: ledger.reserve(wish, settings, time) };
  } catch (fault) {
    const mended = await open(fault);
    return { ledger: mended, answer: mended.reserve(wish, settings, time) };
  }
}

/** One answer on its way: what it has used so far. */
class CountedAnswer {
  /** Whether the provider failed. */
  hasFailed = false;
  /** What the provider reported. */
  usage: Usage | undefined;
  readonly #ledger: Ledger;
  readonly #wish: Wish;
  readonly #id: number;
  readonly #ports: LimitPorts;
  #reserved: number;
  #seen = 0;
  #lastNews: number;
  #fault: unknown;

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
    if (event.type === "usage") this.usage = event.usage;
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
    const asked = { id: this.#id, wish: this.#wish };
    const refused = this.#try(() => this.#ledger.grow(asked, growth, this.#ports.settings, time));
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
    this.#try(() => this.#ledger.settle(this.#id, this.usage ?? estimated, this.#wish.price));
  }

  /** What should be told after it: once, and then not again for a while. */
  *news(): Generator<ModelEvent> {
    const { provider, model, turn, price } = this.#wish;
    const { settings, now } = this.#ports;
    const time = now();
    const said = this.#try(() => {
      const near = this.#ledger.nearLimits(turn, settings, time).map(nearSentence);
      const { turn_cost, day_cost, month_cost } = settings;
      if (price !== undefined || turn_cost + day_cost + month_cost === 0) return near;
      const day = String(startOf("day", time));
      const isNews = this.#ledger.isNews(`unpriced ${provider}/${model}`, day, time);
      return isNews ? [...near, unpricedSentence(provider, model)] : near;
    });
    for (const message of said ?? []) yield { type: "warning", message };
    if (this.#fault === undefined) return;
    const why = asPyraError(this.#fault).message;
    yield { type: "warning", message: `what this answer used could not be written down: ${why}` };
  }

  /** An answer that is there is not lost for it: it counts with what was reserved, or seen, of it. */
  #try<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (fault) {
      this.#fault = fault;
      return undefined;
    }
  }
}
