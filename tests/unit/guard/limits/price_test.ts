import assert from "node:assert/strict";
import fc from "fast-check";
import { costOf, FREE, priceOf } from "../../../../src/guard/limits/price.ts";
import { LIST_PRICES, PRICES_AS_OF } from "../../../../src/guard/limits/prices.ts";
import { fieldAt } from "../../../../src/config/fields.ts";
import { findProvider } from "../../../../src/providers/table.ts";
import { used } from "./ledgers.ts";

Deno.test("a million tokens cost what the list says, and cached ones less", () => {
  const price = priceOf("openai", "gpt-5.4-mini");
  assert.equal(costOf(price, used(1e6, 0)), 0.75e9);
  assert.equal(costOf(price, used(1e6, 1e6, 1e6)), 0.075e9 + 4.5e9);
  assert.equal(costOf(price, used(1, 0)), 750);
});

Deno.test("an edition of a model costs as the model, another model has no price", () => {
  assert.deepEqual(priceOf("openai", "gpt-5.4-2026-03-05"), priceOf("openai", "gpt-5.4"));
  assert.deepEqual(
    priceOf("anthropic", "claude-haiku-4-5-20251001"),
    priceOf("anthropic", "claude-haiku-4-5"),
  );
  for (const model of ["gpt-5.4-turbo", "toString", ""]) {
    assert.equal(priceOf("openai", model), undefined, model);
  }
  assert.equal(costOf(undefined, used(1, 1)), undefined);
});

Deno.test("the person's prices come before the list's, the last line of a model first", () => {
  const own = ["openai/gpt-5.4 1 2", "ollama/big 3 4 0.5", "openai/gpt-5.4 7 8.5"];
  assert.deepEqual(priceOf("openai", "gpt-5.4", { own }), {
    input: 7_000,
    output: 8_500,
    cached: 7_000,
  });
  assert.deepEqual(priceOf("ollama", "big", { own, isFree: true })?.cached, 500);
  assert.equal(priceOf("ollama", "small", { own, isFree: true }), FREE);
});

Deno.test("every line that the settings take is one that is read", () => {
  const field = fieldAt("limits.prices");
  const money = fc.float({ min: 0, max: 9_999, noNaN: true }).map((one) => one.toFixed(4));
  const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,9}\/[^\s]{1,20}$/);
  fc.assert(fc.property(name, fc.array(money, { minLength: 1, maxLength: 4 }), (named, prices) => {
    const line = [named, ...prices].join(" ");
    const slash = named.indexOf("/");
    const read = priceOf(named.slice(0, slash), named.slice(slash + 1), { own: [line] });
    const isTaken = field?.allows([line]) === true;
    assert.equal(isTaken, prices.length === 2 || prices.length === 3);
    assert.equal(isTaken, read !== undefined);
  }));
});

Deno.test("the list names known providers only, and says how old it is", () => {
  assert.match(PRICES_AS_OF, /^20\d\d-\d\d$/);
  for (const [name, [input, output, cached = input]] of Object.entries(LIST_PRICES)) {
    assert.ok(findProvider(name.split("/")[0] ?? ""), name);
    assert.ok(input > 0 && output >= 0 && cached <= input, name);
  }
});
