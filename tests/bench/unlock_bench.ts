/**
 * Unlocking a vault behind a passphrase against bare native scrypt of the same strength, in turns in
 * one run: `deno run --allow-all tests/bench/unlock_bench.ts`. Exits with 1 above the limit.
 */
import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { Vault } from "../../src/vault/vault.ts";

const LIMIT = 1.3;
const ROUNDS = 7;
const COST = 2 ** 18;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

const bare = promisify<string, Uint8Array, number, object, Uint8Array>(scrypt);
const folder = await Deno.makeTempDir({ prefix: "unlock_bench_" });
const vault = new Vault(`${folder}/vault`, () => Promise.reject(new Error("no ports")));
await vault.create({ mode: "passphrase", passphrase: "a passphrase" });
const unlocks: number[] = [];
const bares: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const options = { N: COST, r: 8, p: 1, maxmem: 2 * 128 * 8 * COST };
  bares.push(await timed(() => bare("a passphrase", new Uint8Array(44), 32, options)));
  await vault.lock();
  unlocks.push(await timed(() => vault.unlock({ passphrase: "a passphrase" })));
}
await Deno.remove(folder, { recursive: true });

const ratio = median(unlocks) / median(bares);
// deno-lint-ignore no-console -- a bench prints
console.log(
  `vault unlock ${median(unlocks).toFixed(0)} ms, bare native scrypt ${
    median(bares).toFixed(0)
  } ms: ` +
    `${ratio.toFixed(2)}x (at most ${LIMIT}x)`,
);
if (ratio > LIMIT) Deno.exit(1);
