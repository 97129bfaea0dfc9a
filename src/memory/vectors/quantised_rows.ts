/**
 * Many vectors of one dimension in little memory: a signed byte a number, with a scale for each vector.
 * The rounding moves a product of two by about 1 % of its spread, so it only chooses who is looked at
 * exactly.
 * @module
 */

/** Vectors of one block; what one block takes is what is allocated at once. */
const BLOCK_ROWS = 1_024;
/** The products are taken for as many vectors together, so that a number of the query is read once. */
const LANES = 4;
const MOST = 127;

/** A query as it is compared with the rows. */
export interface QuantisedQuery {
  readonly numbers: Int32Array;
  readonly scale: number;
}

/** The vectors, each in a row with a number from 0. */
export class QuantisedRows {
  readonly dimension: number;
  readonly #blocks: Int8Array[] = [];
  #scales = new Float32Array(BLOCK_ROWS);

  constructor(dimension: number) {
    this.dimension = dimension;
  }

  /** Rows that there is room for; rows never written score 0. */
  get capacity(): number {
    return this.#blocks.length * BLOCK_ROWS;
  }

  /** Bytes held. */
  get bytes(): number {
    return this.capacity * this.dimension + this.#scales.byteLength;
  }

  /** Writes a vector into a row; room is made for it. */
  set(row: number, vector: Float32Array): void {
    while (row >= this.capacity) this.#grow();
    const scale = scaleOf(vector);
    const block = this.#blocks[Math.floor(row / BLOCK_ROWS)];
    if (block === undefined) return;
    const start = (row % BLOCK_ROWS) * this.dimension;
    const factor = scale === 0 ? 0 : 1 / scale;
    for (let at = 0; at < this.dimension; at++) {
      block[start + at] = Math.round((vector[at] ?? 0) * factor);
    }
    this.#scales[row] = scale;
  }

  /** The products of the query with the rows of one block, into `out`. @returns the block's first row */
  multiply(block: number, query: QuantisedQuery, out: Float64Array): number {
    const first = block * BLOCK_ROWS;
    const rows = this.#blocks[block];
    if (rows !== undefined) multiplyRows(rows, query.numbers, out);
    for (let row = 0; row < BLOCK_ROWS; row++) {
      out[row] = (out[row] ?? 0) * (this.#scales[first + row] ?? 0) * query.scale;
    }
    return first;
  }

  get blocks(): number {
    return this.#blocks.length;
  }

  #grow(): void {
    this.#blocks.push(new Int8Array(BLOCK_ROWS * this.dimension));
    if (this.#scales.length >= this.capacity) return;
    const scales = new Float32Array(this.#scales.length * 2);
    scales.set(this.#scales);
    this.#scales = scales;
  }
}

/** A buffer for the products of one block. */
export function blockProducts(): Float64Array {
  return new Float64Array(BLOCK_ROWS);
}

/** A query for rows of the same dimension. */
export function quantiseQuery(vector: Float32Array): QuantisedQuery {
  const scale = scaleOf(vector);
  const numbers = Int32Array.from(vector, (it) => scale === 0 ? 0 : Math.round(it / scale));
  return { numbers, scale };
}

function scaleOf(vector: Float32Array): number {
  let most = 0;
  for (let at = 0; at < vector.length; at++) most = Math.max(most, Math.abs(vector[at] ?? 0));
  return most / MOST;
}

/**
 * The integer products of a query with all rows of a block. Sums stay below 2³¹ for any dimension below
 * 133,000. `Math.imul` and `| 0` keep the compiler on whole numbers; four rows a round measured best
 * (figures: `tests/bench/memory/vectors.ts`).
 */
function multiplyRows(rows: Int8Array, query: Int32Array, out: Float64Array): void {
  const size = query.length;
  for (let row = 0, a = 0; row < BLOCK_ROWS; row += LANES) {
    const b = a + size, c = b + size, d = c + size;
    let w = 0, x = 0, y = 0, z = 0;
    for (let at = 0; at < size; at++) {
      // Every index is inside: the defaults are for the type checker and cost nothing.
      const factor = query[at] as number;
      w = (w + Math.imul(rows[a + at] as number, factor)) | 0;
      x = (x + Math.imul(rows[b + at] as number, factor)) | 0;
      y = (y + Math.imul(rows[c + at] as number, factor)) | 0;
      z = (z + Math.imul(rows[d + at] as number, factor)) | 0;
    }
    out[row] = w;
    out[row + 1] = x;
    out[row + 2] = y;
    out[row + 3] = z;
    a = d + size;
  }
}
