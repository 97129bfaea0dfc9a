/**
 * What it costs to find the nearest of many vectors, beside a plain loop over all of them in float32, and
 * how many of the true nearest are found.
 *
 * As a program: `deno run -A tests/bench/memory/vectors.ts [VECTORS]` prints the figures.
 * @module
 */
import { DatabaseSync } from "node:sqlite";
import { SCHEMA } from "../../../src/memory/index/schema.ts";
import { VectorIndex } from "../../../src/memory/vectors/vector_index.ts";
import { type Figure, figureTable, median } from "../figure.ts";
import { ClusteredVectors } from "./clustered_vectors.ts";
import { vectorWriter } from "./vector_rows.ts";

const DIMENSION = 768;
const PASSAGES = 10;
const FOUND = 10;
const QUERIES = 21;
const MODEL = "bench";
const WARM_LIMIT_MS = 100;
const RECALL_LIMIT = 0.99;

interface Stored {
  readonly db: DatabaseSync;
  /** All vectors, one after the other. */
  readonly numbers: Float32Array;
}

/** The figures for so many vectors of 768 numbers, from a database on disk. */
export async function vectorFigures(count = 100_000): Promise<Figure[]> {
  const folder = await Deno.makeTempDir();
  try {
    const vectors = new ClusteredVectors(count, DIMENSION);
    const stored = store(`${folder}/memory.db`, vectors, count);
    try {
      return await measure(stored, vectors, count);
    } finally {
      stored.db.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function store(path: string, vectors: ClusteredVectors, count: number): Stored {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec(SCHEMA);
  const numbers = new Float32Array(count * DIMENSION);
  const write = vectorWriter(db);
  db.exec("BEGIN");
  for (let at = 0; at < count; at += PASSAGES) {
    const some = Array.from({ length: PASSAGES }, () => vectors.next());
    for (const [ordinal, vector] of some.entries()) numbers.set(vector, (at + ordinal) * DIMENSION);
    write(`${at}.md`, some, MODEL);
  }
  db.exec("COMMIT");
  return { db, numbers };
}

async function measure(
  { db, numbers }: Stored,
  vectors: ClusteredVectors,
  count: number,
): Promise<Figure[]> {
  const index = new VectorIndex(db);
  const search = (vector: Float32Array) => index.search({ model: MODEL, vector }, { limit: FOUND });
  let begun = performance.now();
  await search(vectors.next());
  const cold = performance.now() - begun;

  const times: Record<"warm" | "plain", number[]> = { warm: [], plain: [] };
  let agreed = 0;
  for (let query = 0; query < QUERIES; query++) {
    const vector = vectors.next();
    begun = performance.now();
    const found = await search(vector);
    times.warm.push(performance.now() - begun);
    begun = performance.now();
    const products = plainProducts(numbers, vector);
    times.plain.push(performance.now() - begun);
    const nearest = new Set(best(products));
    agreed += found.filter(({ note, ordinal }) =>
      nearest.has((note - 1) * PASSAGES + ordinal)
    ).length;
  }
  const [warm, plain] = [median(times.warm), median(times.plain)];
  const recall = agreed / (QUERIES * FOUND);
  const slowest = Math.max(...times.warm);
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);
  const of = `${count.toLocaleString("en")} vectors of ${DIMENSION}`;
  return [
    {
      name: `nearest of ${of}, warm`,
      value: `${warm.toFixed(0)} ms (slowest ${slowest.toFixed(0)} ms)`,
      aim: `under ${WARM_LIMIT_MS} ms`,
      met: warm < WARM_LIMIT_MS,
    },
    {
      name: "the same by a plain float32 loop, all in memory",
      value: `${plain.toFixed(0)} ms`,
      aim: "",
    },
    { name: "the first search, with the loading", value: `${cold.toFixed(0)} ms`, aim: "" },
    {
      name: "of the true nearest 10, found",
      value: `${(100 * recall).toFixed(1)} %`,
      aim: `at least ${100 * RECALL_LIMIT} %`,
      met: recall >= RECALL_LIMIT,
    },
    {
      name: "memory of the vectors held (float32 would take)",
      value: `${megabytes(index.bytes)} MB (${megabytes(numbers.byteLength)} MB)`,
      aim: "",
    },
  ];
}

function plainProducts(numbers: Float32Array, query: Float32Array): Float64Array {
  const products = new Float64Array(numbers.length / DIMENSION);
  for (let row = 0, start = 0; row < products.length; row++, start += DIMENSION) {
    let sum = 0;
    for (let at = 0; at < DIMENSION; at++) sum += (numbers[start + at] ?? 0) * (query[at] ?? 0);
    products[row] = sum;
  }
  return products;
}

function best(products: Float64Array): number[] {
  const rows = Array.from(products.keys());
  return rows.sort((a, b) => (products[b] ?? 0) - (products[a] ?? 0)).slice(0, FOUND);
}

if (import.meta.main) {
  const figures = await vectorFigures(Number(Deno.args[0] ?? 100_000));
  await Deno.stdout.write(new TextEncoder().encode(`${figureTable(figures)}\n`));
}
