/**
 * Unlocking a vault behind a passphrase beside bare native scrypt of the same strength, in turns.
 * Alone: `deno run --allow-all tests/bench/unlock_bench.ts`.
 * @module
 */
import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { Folder } from "../../src/vault/folder.ts";
import { VAULT_LOCK, vaultFolders } from "../../src/vault/paths.ts";
import { Vault } from "../../src/vault/vault.ts";
import { type Figure, figureTable, median } from "./figure.ts";

const LIMIT = 1.3;
const ROUNDS = 7;
const COST = 2 ** 18;
const PASSPHRASE = "a passphrase";

const bare = promisify<string, Uint8Array, number, object, Uint8Array>(scrypt);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The ratio of the two, in one run. */
export async function unlockFigure(): Promise<Figure> {
  const folder = await Deno.makeTempDir({ prefix: "unlock_bench_" });
  for (const path of vaultFolders(folder)) await Deno.mkdir(path);
  await Deno.writeTextFile(`${folder}/${VAULT_LOCK.name}`, VAULT_LOCK.content);
  const vault = new Vault({
    folder: new Folder(folder),
    ports: () => Promise.reject(new Error("no ports")),
  });
  await vault.create({ mode: "passphrase", passphrase: PASSPHRASE });
  const unlocks: number[] = [];
  const bares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const options = { N: COST, r: 8, p: 1, maxmem: 2 * 128 * 8 * COST };
    bares.push(await timed(() => bare(PASSPHRASE, new Uint8Array(44), 32, options)));
    await vault.lock();
    unlocks.push(await timed(() => vault.unlock({ passphrase: PASSPHRASE })));
  }
  await Deno.remove(folder, { recursive: true });
  const ratio = median(unlocks) / median(bares);
  return {
    name: "unlocking the vault, beside bare native scrypt",
    value: `${median(unlocks).toFixed(0)} ms, ${ratio.toFixed(2)}×`,
    aim: `at most ${LIMIT}×`,
    met: ratio <= LIMIT,
  };
}

// deno-lint-ignore no-console -- a bench prints
if (import.meta.main) console.log(figureTable([await unlockFigure()]));
