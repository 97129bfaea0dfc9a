import assert from "node:assert/strict";
import fc from "fast-check";
import type { ModelEvent, ModelProvider } from "../../../src/protocol/model.ts";
import { ProviderError } from "../../../src/providers/errors.ts";
import { withFallbacks } from "../../../src/providers/fallback.ts";
import { withRetries } from "../../../src/providers/retry.ts";
import { type Answer, FAILURES, startModelServer } from "../../fakes/model_server.ts";
import { ask, at, ofType, question } from "./collect.ts";

/** Notes the waits instead of waiting. */
function noted(random = 0.5): { waits: number[]; ports: Parameters<typeof withRetries>[1] } {
  const waits: number[] = [];
  const sleep = (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    waits.push(ms);
    return Promise.resolve();
  };
  return { waits, ports: { sleep, random: () => random } };
}

Deno.test("a provider in trouble is asked again, and its answer arrives", async () => {
  await using server = await startModelServer([
    FAILURES.server_error,
    FAILURES.cut_at_once,
    FAILURES.overloaded,
    { text: "At last." },
  ]);
  const { waits, ports } = noted();
  const outcome = await ask(withRetries(at(server.url), ports));
  assert.equal(outcome.text, "At last.");
  assert.deepEqual(waits, [400, 800, 1600]);
  assert.equal(ofType(outcome, "warning").length, 1, "only waits of a second or more are told");
});

Deno.test("after four tries the failure stands", async () => {
  await using server = await startModelServer(FAILURES.server_error);
  const { waits, ports } = noted();
  const outcome = await ask(withRetries(at(server.url), ports));
  assert.equal(outcome.error?.code, "server_down");
  assert.equal(server.requests.length, 4);
  assert.equal(waits.length, 3);
});

Deno.test("the wait that a provider asks for is kept, and told", async () => {
  const limited = { ...FAILURES.rate_limited, headers: { "retry-after": "7" } };
  await using server = await startModelServer([limited, { text: "Now." }]);
  const { waits, ports } = noted();
  const outcome = await ask(withRetries(at(server.url), ports));
  assert.deepEqual(waits, [7_000]);
  assert.match(ofType(outcome, "warning")[0]?.message ?? "", /OpenAI.*7 s/);
  assert.equal(outcome.text, "Now.");
});

Deno.test("waits beyond a minute in sum are not waited", async () => {
  for (const [after, tries] of [["61", 1], ["25", 3]] as const) {
    const limited = { ...FAILURES.rate_limited, headers: { "retry-after": after } };
    await using server = await startModelServer(limited);
    const { ports } = noted();
    const outcome = await ask(withRetries(at(server.url), ports));
    assert.equal(outcome.error?.code, "rate_limited");
    assert.equal(server.requests.length, tries);
  }
});

Deno.test("nothing is asked again once something has arrived, nor what cannot get better", async () => {
  const names = [
    "cut",
    "malformed",
    "error_in_stream",
    "ends_early",
    "bad_key",
    "forbidden",
    "no_such_model",
    "no_such_path",
    "quota_exhausted",
    "context_too_long",
    "bad_request",
    "not_json",
    "wrong_shape",
    "malformed_at_once",
  ] as const;
  for (const name of names) {
    await using server = await startModelServer([FAILURES[name], { text: "again" }]);
    const outcome = await ask(withRetries(at(server.url), noted().ports));
    assert.notEqual(outcome.error, undefined, name);
    assert.equal(server.requests.length, 1, name);
  }
});

// deno-lint-ignore require-yield -- it fails before anything arrives
async function* failsAtOnce(): AsyncGenerator<ModelEvent> {
  throw await Promise.resolve(
    new ProviderError("api", "server_down", "down", { retryable: true }),
  );
}

/** Begins to answer, then fails in a way that would be worth another try. */
function beginsThenFails(): ModelProvider & { asked: number } {
  const provider = {
    id: "x",
    asked: 0,
    async *stream(): AsyncGenerator<ModelEvent> {
      provider.asked++;
      yield { type: "text", text: "Once" };
      yield* failsAtOnce();
    },
    listModels: () => Promise.resolve([]),
  };
  return provider;
}

Deno.test("an answer that has begun is not begun again, here or elsewhere", async () => {
  const provider = beginsThenFails();
  const open = () => Promise.reject(new Error("must not be opened"));
  const both = withFallbacks(withRetries(provider, noted().ports), [
    { provider: "y", model: "z", open },
  ]);
  const outcome = await ask(both);
  assert.equal(outcome.text, "Once");
  assert.equal(outcome.error?.message, "down");
  assert.equal(provider.asked, 1);
  assert.deepEqual(ofType(outcome, "warning"), []);
});

Deno.test("waits are random and bounded", async () => {
  const failing: ModelProvider = {
    id: "x",
    stream: failsAtOnce,
    listModels: () => Promise.resolve([]),
  };
  await fc.assert(fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (random) => {
    const { waits, ports } = noted(random);
    await ask(withRetries(failing, ports));
    assert.deepEqual(waits, [800, 1600, 3200].map((most) => Math.ceil(random * most)));
  }));
});

Deno.test("aborting ends a wait at once", async () => {
  await using server = await startModelServer({
    ...FAILURES.rate_limited,
    headers: { "retry-after": "30" },
  });
  const controller = new AbortController();
  const reason = new Error("enough");
  const stream = withRetries(at(server.url)).stream(question("hi"), controller.signal);
  const began = performance.now();
  await assert.rejects(async () => {
    for await (const event of stream) {
      if (event.type === "warning") {
        setTimeout(() => controller.abort(reason), 20);
      }
    }
  }, reason);
  assert.ok(performance.now() - began < 5_000);
});

async function withTwo(
  first: Answer,
  second: Answer,
): Promise<{ outcome: Awaited<ReturnType<typeof ask>>; answering: unknown; models: string[] }> {
  await using one = await startModelServer(first);
  await using two = await startModelServer(second);
  const provider = withFallbacks(at(one.url), [
    { provider: "broken", model: "z", open: () => Promise.reject(new Error("no key")) },
    { provider: "groq", model: "other", open: () => Promise.resolve(at(two.url, "groq")) },
  ]);
  const outcome = await ask(provider);
  const models = [...one.requests, ...two.requests].map(({ body }) => body.model);
  return { outcome, answering: provider.answering, models };
}

Deno.test("another provider answers when the first is down, limited or out of credit", async () => {
  for (const name of ["server_error", "rate_limited", "quota_exhausted", "cut_at_once"] as const) {
    const { outcome, answering, models } = await withTwo(FAILURES[name], { text: "Me instead." });
    assert.equal(outcome.text, "Me instead.", name);
    assert.match(
      ofType(outcome, "warning")[0]?.message ?? "",
      /broken: no key.*now groq\/other answers/s,
    );
    assert.deepEqual(answering, { provider: "groq", model: "other" });
    assert.deepEqual(models, ["m", "other"]);
  }
});

Deno.test("no other provider is asked about what is wrong with the request or has begun", async () => {
  for (const name of ["bad_key", "context_too_long", "no_such_model", "cut"] as const) {
    const { outcome, answering, models } = await withTwo(FAILURES[name], { text: "Me instead." });
    assert.notEqual(outcome.error, undefined, name);
    assert.equal(answering, undefined);
    assert.deepEqual(models, ["m"], name);
  }
});

Deno.test("when no one can answer, the first failure is told", async () => {
  const { outcome, answering } = await withTwo(FAILURES.rate_limited, FAILURES.server_error);
  assert.equal(outcome.error?.code, "rate_limited");
  assert.equal(answering, undefined);
});

Deno.test("the first provider is tried anew with the next question", async () => {
  await using one = await startModelServer([FAILURES.server_error, { text: "I am back." }]);
  await using two = await startModelServer({ text: "Me instead." });
  const provider = withFallbacks(at(one.url), [
    { provider: "groq", model: "other", open: () => Promise.resolve(at(two.url, "groq")) },
  ]);
  assert.equal((await ask(provider)).text, "Me instead.");
  assert.equal((await ask(provider)).text, "I am back.");
  assert.equal(provider.answering, undefined);
});
