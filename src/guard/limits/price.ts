/**
 * What a request costs.
 * @module
 */
import type { Usage } from "../../protocol/message.ts";
import { LIST_PRICES, type ListPrice } from "./prices.ts";

/** Billionths of a dollar for one token; may be broken. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Of input that the provider had in its cache. */
  readonly cached: number;
}

/** What costs nothing: models on the person's own machine, and the demo. */
export const FREE: Price = { input: 0, output: 0, cached: 0 };

/** One dollar for a million tokens is so many billionths of a dollar for one. */
const NANO_PER_TOKEN = 1_000;

/** `provider/model input output [cached]`, dollars for a million tokens. */
const LINE = /^(\S+\/\S+) (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)(?: (\d+(?:\.\d+)?))?$/;
/** What providers add to a model's name for one edition of it. */
const EDITION = /-(?:\d{8}|\d{4}-\d{2}-\d{2})$/;

/**
 * The price of a model; `undefined` if it is unknown.
 * @param own the person's prices: lines `provider/model input output [cached]`, the last one of a model
 * counts
 * @param isFree whether its provider costs nothing where the person names no price
 */
export function priceOf(
  provider: string,
  model: string,
  { own = [], isFree = false }: {
    readonly own?: readonly string[];
    readonly isFree?: boolean;
  } = {},
): Price | undefined {
  const named = `${provider}/${model}`;
  for (const line of own.toReversed()) {
    const [, name, input, output, cached] = LINE.exec(line) ?? [];
    if (name !== named) continue;
    return price([
      Number(input),
      Number(output),
      cached === undefined ? undefined : Number(cached),
    ]);
  }
  if (isFree) return FREE;
  const listed = lookUp(named) ?? lookUp(named.replace(EDITION, ""));
  return listed && price(listed);
}

function lookUp(name: string): ListPrice | undefined {
  return Object.hasOwn(LIST_PRICES, name) ? LIST_PRICES[name] : undefined;
}

function price(
  [input, output, cached = input]: readonly [number, number, (number | undefined)?],
): Price {
  return {
    input: input * NANO_PER_TOKEN,
    output: output * NANO_PER_TOKEN,
    cached: cached * NANO_PER_TOKEN,
  };
}

/** No request costs more, billionths of a dollar: a million dollars. */
const MOST = 1e15;

/** What tokens cost, billionths of a dollar, rounded up; `undefined` without a price. */
export function costOf(price: Price | undefined, usage: Usage): number | undefined {
  if (price === undefined) return undefined;
  const { input_tokens, output_tokens } = usage;
  const cached = Math.min(usage.cached_tokens, input_tokens);
  const cost = (input_tokens - cached) * price.input + cached * price.cached +
    output_tokens * price.output;
  return Math.min(MOST, Math.ceil(cost));
}
