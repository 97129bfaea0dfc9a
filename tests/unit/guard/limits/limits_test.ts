import assert from "node:assert/strict";
import { limited, type LimitPorts } from "../../../../src/guard/limits.ts";
import type { Ledger } from "../../../../src/guard/limits/ledger.ts";
import { FREE, type Price } from "../../../../src/guard/limits/price.ts";
import type { LimitSettings } from "../../../../src/guard/limits/span.ts";
import { PyraError } from "../../../../src/protocol/error.ts";
import type { ModelEvent, ModelProvider, ModelRequest } from "../../../../src/protocol/model.ts";
import { newLedger, NOON, UNLIMITED, used } from "./ledgers.ts";

/** A provider that is limited, with a clock that moves when it is waited for. */
class Bench implements Disposable {
  readonly ledger: Ledger = newLedger();
  readonly asked: ModelRequest[] = [];
  readonly waits: number[] = [];
  now = NOON;
  readonly #provider: ModelProvider;

  constructor(
    settings: Partial<LimitSettings>,
    answer: (signal: AbortSignal) => AsyncIterable<ModelEvent> = short,
    { price, ports = {} }: { price?: Price; ports?: Partial<LimitPorts> } = {},
  ) {
    const provider: ModelProvider = {
      id: "p",
      listModels: () => Promise.resolve([]),
      stream: (request, signal) => {
        this.asked.push(request);
        return answer(signal);
      },
    };
    this.#provider = limited(provider, {
      ledger: () => Promise.resolve(this.ledger),
      notices: () => [],
      settings: { ...UNLIMITED, ...settings },
      price: () => price,
      now: () => this.now,
      sleep: (ms, signal) => {
        signal.throwIfAborted();
        this.waits.push(ms);
        this.now += ms;
        return Promise.resolve();
      },
      ...ports,
    });
  }

  /** Asks; the events, and the error if there is one. */
  async ask(
    { turn = "t", signal = new AbortController().signal, ...more }: Partial<
      Omit<ModelRequest, "turn"> & { turn: string; signal: AbortSignal }
    > = {},
  ): Promise<{ events: ModelEvent[]; error?: PyraError }> {
    const events: ModelEvent[] = [];
    const messages = [{ role: "user", parts: [{ type: "text", text: "x".repeat(400) }] }] as const;
    const request = { model: "m", messages: [...messages], turn: { session: "s", turn }, ...more };
    try {
      for await (const event of this.#provider.stream(request as ModelRequest, signal)) {
        events.push(event);
      }
      return { events };
    } catch (error) {
      return error instanceof PyraError ? { events, error } : Promise.reject(error);
    }
  }

  row(): Record<string, unknown> {
    return this.ledger.database.all("SELECT * FROM request ORDER BY id DESC LIMIT 1")[0] ?? {};
  }

  [Symbol.dispose](): void {
    this.ledger[Symbol.dispose]();
  }
}

async function* short(): AsyncGenerator<ModelEvent> {
  yield await Promise.resolve({ type: "text", text: "Yes." });
  yield { type: "usage", usage: used(90, 2, 40) };
  yield { type: "finish", reason: "stop" };
}

const warnings = (events: readonly ModelEvent[]) =>
  events.flatMap((event) => event.type === "warning" ? [event.message] : []);

Deno.test("what was reserved is replaced by what the provider reports", async () => {
  using bench = new Bench({}, short, { price: { input: 1_000, output: 5_000, cached: 100 } });
  const { events } = await bench.ask();
  assert.deepEqual(events.map(({ type }) => type), ["text", "usage", "finish"]);
  const { input, output, cached, cost, expires, session, turn } = bench.row();
  assert.deepEqual([input, output, cached, expires], [90, 2, 40, null]);
  assert.equal(cost, 50 * 1_000 + 40 * 100 + 2 * 5_000);
  assert.deepEqual([session, turn], ["s", "t"]);
});

Deno.test("a provider that reports nothing is counted by what is estimated", async () => {
  using bench = new Bench({}, async function* () {
    yield await Promise.resolve({ type: "text", text: "y".repeat(80) });
    yield { type: "finish", reason: "stop" };
  });
  await bench.ask();
  assert.deepEqual([bench.row()["input"], bench.row()["output"]], [104, 20]);
});

Deno.test("what a provider counts for a long request corrects the next estimate", async () => {
  const reports = [used(2_008, 1), used(2_008, 1)];
  using bench = new Bench({}, async function* () {
    const usage = reports.shift();
    if (usage !== undefined) yield await Promise.resolve({ type: "usage", usage });
    yield { type: "finish", reason: "stop" };
  });
  const messages = [{ role: "system", text: "x".repeat(4_000) }] as const;
  for (const _ of [1, 2, 3]) await bench.ask({ messages });
  assert.equal(bench.row()["input"], 2_008);
});

Deno.test("an answer that is cancelled counts with what was asked and what had arrived", async () => {
  const stop = new AbortController();
  using bench = new Bench({}, async function* (signal) {
    yield await Promise.resolve({ type: "text", text: "y".repeat(40) });
    stop.abort(new PyraError("system", "interrupted", "interrupted"));
    signal.throwIfAborted();
  });
  const { error } = await bench.ask({ signal: stop.signal });
  assert.equal(error?.code, "interrupted");
  const { input, output, expires } = bench.row();
  assert.deepEqual([input, output, expires], [104, 10, null]);
});

Deno.test("a request that fails before anything arrived counts as a request without tokens", async () => {
  // deno-lint-ignore require-yield -- it fails before
  using bench = new Bench({}, async function* () {
    throw await Promise.resolve(new PyraError("api", "server_down", "down"));
  });
  assert.equal((await bench.ask()).error?.code, "server_down");
  assert.deepEqual([bench.row()["input"], bench.row()["output"]], [0, 0]);
});

Deno.test("a rate that ends soon is waited for without a word, or with one if that takes a second", async () => {
  using bench = new Bench({ requests_per_minute: 1 });
  await bench.ask();
  bench.now = NOON + 59_500;
  assert.deepEqual(warnings((await bench.ask({ turn: "u" })).events).length, 1, "80 % only");
  bench.now += 56_000;
  const { events } = await bench.ask({ turn: "v" });
  assert.deepEqual(bench.waits, [500, 4_000]);
  assert.equal(
    warnings(events)[0],
    "the limit of 1 request a minute is reached; the next may go in 4 s; waiting",
  );
});

Deno.test("a rate that ends later is an error with its end, and nothing is asked", async () => {
  using bench = new Bench({ requests_per_minute: 1 });
  await bench.ask();
  bench.now += 37_000;
  const { error } = await bench.ask({ turn: "u" });
  assert.equal(error?.code, "limit_reached");
  assert.equal(error?.exitCode, 4);
  assert.match(
    error?.message ?? "",
    /limit of 1 request a minute is reached; the next may go in 23 s$/,
  );
  assert.match(error?.hint ?? "", /limits\.requests_per_minute/);
  assert.equal(bench.asked.length, 1);
});

Deno.test("a turn that has begun waits for the minute to end, so that its work is not lost", async () => {
  using bench = new Bench({ requests_per_minute: 1 });
  await bench.ask();
  const { error, events } = await bench.ask();
  assert.equal(error, undefined);
  assert.match(warnings(events)[0] ?? "", /60 s; waiting/);
  assert.deepEqual(bench.waits, [60_000]);
});

Deno.test("the wait ends with the turn", async () => {
  using bench = new Bench({ requests_per_minute: 1 });
  await bench.ask();
  const stop = new AbortController();
  stop.abort(new PyraError("system", "interrupted", "interrupted"));
  assert.equal((await bench.ask({ signal: stop.signal })).error?.code, "interrupted");
  assert.equal(bench.asked.length, 1);
});

Deno.test("a cap in money holds for what has a price, and names what has none, once a day", async () => {
  const dear: Price = { input: 1e6, output: 1e6, cached: 1e6 };
  using bench = new Bench({ day_cost: 0.5 }, short, { price: dear });
  const { error } = await bench.ask({ max_output_tokens: 300 });
  assert.equal(error, undefined);
  await bench.ask();
  assert.match((await bench.ask()).error?.message ?? "", /\$0\.50 a day is reached, \$0\.18 are/);
  using free = new Bench({ day_cost: 0.5 }, short, { price: FREE });
  assert.deepEqual(warnings((await free.ask()).events), []);
  using unknown = new Bench({ day_cost: 0.5 });
  assert.match(warnings((await unknown.ask()).events)[0] ?? "", /price of p\/m is unknown/);
  assert.deepEqual(warnings((await unknown.ask()).events), []);
});

Deno.test("where a cap leaves less than an answer may have, the provider is asked for less", async () => {
  using bench = new Bench({ turn_tokens: 1_000 });
  await bench.ask();
  assert.equal(bench.asked[0]?.max_output_tokens, 896);
  using free = new Bench({ tokens_per_minute: 5_000 });
  await free.ask();
  assert.equal(free.asked[0]?.max_output_tokens, undefined, "a rate shortens no answer");
});

Deno.test("an answer that outgrows what was reserved is ended where the cap is used up", async () => {
  using bench = new Bench({ day_tokens: 20_000 }, async function* () {
    for (let piece = 0; piece < 100; piece++) {
      yield await Promise.resolve({ type: "text", text: "z".repeat(4_000) });
    }
  });
  const { error, events } = await bench.ask();
  assert.equal(error?.code, "limit_reached");
  assert.match(error?.message ?? "", /20,000 tokens a day/);
  assert.ok(events.length >= 8 && events.length <= 20, `${events.length} pieces`);
  assert.ok(Number(bench.row()["output"]) <= 20_000);
});

Deno.test("at 80 % of a limit there is one warning", async () => {
  using bench = new Bench({ day_tokens: 10_000 }, async function* () {
    yield await Promise.resolve({ type: "usage", usage: used(4_000, 10) });
    yield { type: "finish", reason: "stop" };
  });
  assert.deepEqual(warnings((await bench.ask()).events), []);
  assert.deepEqual(warnings((await bench.ask()).events), [
    "8,020 of 10,000 tokens a day are used (80 %)",
  ]);
  assert.deepEqual(warnings((await bench.ask()).events), []);
});

Deno.test("a ledger that turns out to be damaged is replaced once, else nothing is asked", async () => {
  using whole = newLedger();
  const broken = newLedger();
  broken[Symbol.dispose]();
  const ports = {
    ledger: (fault?: unknown) => Promise.resolve(fault === undefined ? broken : whole),
  };
  using mended = new Bench({}, short, { ports });
  assert.equal((await mended.ask()).error, undefined);
  const lost = new PyraError("file", "usage_unusable", "cannot be written");
  using unusable = new Bench({}, short, { ports: { ledger: () => Promise.reject(lost) } });
  assert.equal((await unusable.ask()).error?.code, "usage_unusable");
  assert.equal(unusable.asked.length, 0);
});
