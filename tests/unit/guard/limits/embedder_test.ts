import assert from "node:assert/strict";
import { limitedEmbedder } from "../../../../src/guard/limits/embedder.ts";
import type { Embedder } from "../../../../src/protocol/embedding.ts";
import { newLedger, NOON, UNLIMITED, wish } from "./ledgers.ts";

const TEXTS = ["x".repeat(400)];
const { signal } = new AbortController();

function embedder(embed: Embedder["embed"]): Embedder {
  return { model: "p/vectors/small", batch: 4, embed };
}

Deno.test("vectors count for spending caps, and neither wait for rates nor fill them", async () => {
  using ledger = newLedger();
  const settings = { ...UNLIMITED, requests_per_minute: 1, day_tokens: 350 };
  const limited = limitedEmbedder(embedder(() => Promise.resolve([new Float32Array(2)])), {
    ledger: () => Promise.resolve(ledger),
    settings,
    price: () => ({ input: 20, output: 0, cached: 20 }),
    now: () => NOON,
  });
  for (const _ of [1, 2]) assert.equal((await limited.embed(TEXTS, signal)).length, 1);
  assert.equal(ledger.reserve(wish({ input: 10 }), settings, NOON).kind, "reserved");
  await assert.rejects(limited.embed(TEXTS, signal), { code: "limit_reached" });
  const rows = ledger.database.all("SELECT model, input, cost FROM request WHERE paced = 0");
  assert.deepEqual(
    rows.map((row) => ({ ...row })),
    [1, 2].map(() => ({ model: "vectors/small", input: 100, cost: 2_000 })),
  );
});

Deno.test("a call that fails costs nothing", async () => {
  using ledger = newLedger();
  const limited = limitedEmbedder(embedder(() => Promise.reject(new TypeError("down"))), {
    ledger: () => Promise.resolve(ledger),
    settings: UNLIMITED,
    price: () => undefined,
    now: () => NOON,
  });
  await assert.rejects(limited.embed(TEXTS, signal), { message: "down" });
  assert.equal(ledger.database.number("SELECT input FROM request"), 0);
});
