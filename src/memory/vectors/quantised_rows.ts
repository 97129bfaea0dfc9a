/**
 * Many vectors of one dimension in little memory and quick to compare: a byte a number, of which six bits
 * are used. The rounding moves a product by less than a tenth of what products differ by, so it only
 * chooses who is looked at exactly.
 *
 * Six bits, since then one multiplication of whole numbers does the work of two: the numbers of four
 * vectors lie side by side in 32 bits, and the sum of 16 products of six bits fits into 16. That is 3
 * times as fast as one byte after the other (figures: `tests/bench/memory/vectors.ts`). Signs alone, a bit
 * a number, were 10 times as fast, and lost most of what is near where some numbers of a model are larger
 * than others, as they are.
 * @module
 */

/** Vectors of one block; what one block takes is what is allocated at once. */
const BLOCK_ROWS = 1_024;
/** Vectors in one word. */
const LANES = 4;
/** Products that one half of a word holds the sum of. */
const RUN = 16;
/** Numbers are kept as 0 to 62; this is nothing. */
const ZERO = 31;
/**
 * Numbers beyond so many times the usual size (the root of the mean square) are cut. Some models have a
 * few that are huge and nearly the same in all vectors; made for those, the steps would be too wide for
 * the others.
 */
const CUT = 16;
/** The low byte of each half of a word. */
const HALVES = 0x00ff00ff;

/** A query as it is compared with the rows. */
export interface QuantisedQuery {
  /** From 0 to 62, filled up with 0 to whole runs. */
  readonly numbers: Int32Array;
  /** The sum of its numbers. */
  readonly sum: number;
}

/** The vectors, each in a row with a number from 0. */
export class QuantisedRows {
  readonly dimension: number;
  /** Numbers of a row in whole runs. */
  readonly #width: number;
  readonly #blocks: Int32Array[] = [];
  #sums = new Int32Array(BLOCK_ROWS);
  #factors = new Float32Array(BLOCK_ROWS);

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#width = wholeRuns(dimension);
  }

  get blocks(): number {
    return this.#blocks.length;
  }

  /** Bytes held. */
  get bytes(): number {
    const numbers = this.#blocks.length * BLOCK_ROWS * this.#width;
    return numbers + this.#sums.byteLength + this.#factors.byteLength;
  }

  /** Writes a vector of unit length into a row; room is made for it. */
  set(row: number, vector: Float32Array): void {
    while (row >= this.#blocks.length * BLOCK_ROWS) this.#grow();
    const block = this.#blocks[Math.floor(row / BLOCK_ROWS)];
    if (block === undefined) return;
    const bytes = new Uint8Array(block.buffer);
    const within = row % BLOCK_ROWS;
    const first = Math.floor(within / LANES) * LANES * this.#width + within % LANES;
    const step = stepOf(vector);
    let sum = 0;
    let agreement = 0;
    for (let at = 0; at < this.dimension; at++) {
      const number = vector[at] ?? 0;
      const kept = quantised(number, step);
      bytes[first + at * LANES] = kept;
      sum += kept;
      agreement += (kept - ZERO) * number;
    }
    this.#sums[row] = sum;
    // With this factor a row's product with its own vector is exact, whatever was cut.
    this.#factors[row] = agreement > 0 ? 1 / agreement : 0;
  }

  /**
   * What orders the rows of one block as their products with the query would, into `out`.
   * @returns the block's first row
   */
  multiply(block: number, { numbers, sum }: QuantisedQuery, out: Float64Array): number {
    const first = block * BLOCK_ROWS;
    const words = this.#blocks[block];
    if (words !== undefined) multiplyWords(words, numbers, out);
    const rest = this.dimension * ZERO * ZERO - ZERO * sum;
    for (let row = 0; row < BLOCK_ROWS; row++) {
      const signed = (out[row] ?? 0) - ZERO * (this.#sums[first + row] ?? 0) + rest;
      out[row] = signed * (this.#factors[first + row] ?? 0);
    }
    return first;
  }

  #grow(): void {
    this.#blocks.push(new Int32Array(BLOCK_ROWS * this.#width / LANES));
    const rows = this.#blocks.length * BLOCK_ROWS;
    if (this.#sums.length >= rows) return;
    const [sums, factors] = [new Int32Array(2 * rows), new Float32Array(2 * rows)];
    sums.set(this.#sums);
    factors.set(this.#factors);
    [this.#sums, this.#factors] = [sums, factors];
  }
}

/** A buffer for what comes of one block. */
export function blockProducts(): Float64Array {
  return new Float64Array(BLOCK_ROWS);
}

/** A query for rows of the same dimension. */
export function quantiseQuery(vector: Float32Array): QuantisedQuery {
  const step = stepOf(vector);
  const numbers = new Int32Array(wholeRuns(vector.length));
  for (let at = 0; at < vector.length; at++) numbers[at] = quantised(vector[at] ?? 0, step);
  return { numbers, sum: numbers.reduce((sum, it) => sum + it, 0) };
}

function wholeRuns(dimension: number): number {
  return Math.ceil(dimension / RUN) * RUN;
}

/** What one step of the kept numbers stands for; 0 for a vector of zeros. */
function stepOf(vector: Float32Array): number {
  let most = 0;
  let square = 0;
  for (let at = 0; at < vector.length; at++) {
    const size = Math.abs(vector[at] ?? 0);
    if (size > most) most = size;
    square += size * size;
  }
  return Math.min(most, CUT * Math.sqrt(square / vector.length)) / ZERO;
}

function quantised(number: number, step: number): number {
  if (step === 0) return ZERO;
  const steps = Math.round(number / step);
  return ZERO + (steps > ZERO ? ZERO : steps < -ZERO ? -ZERO : steps);
}

/** The sums of the products of the numbers as they are kept, from 0 to 62. */
function multiplyWords(words: Int32Array, query: Int32Array, out: Float64Array): void {
  const width = query.length;
  // Every index is inside; asserted types cost nothing here, defaults would.
  for (let row = 0, word = 0; row < BLOCK_ROWS; row += LANES) {
    let a = 0, b = 0, c = 0, d = 0;
    for (let at = 0; at < width;) {
      let even = 0, odd = 0;
      for (const end = at + RUN; at < end; at += 4, word += 4) {
        const p = words[word] as number, q = words[word + 1] as number;
        const r = words[word + 2] as number, s = words[word + 3] as number;
        const t = query[at] as number, u = query[at + 1] as number;
        const v = query[at + 2] as number, w = query[at + 3] as number;
        even = (even + Math.imul(p & HALVES, t) + Math.imul(q & HALVES, u) +
          Math.imul(r & HALVES, v) + Math.imul(s & HALVES, w)) | 0;
        odd = (odd + Math.imul((p >>> 8) & HALVES, t) + Math.imul((q >>> 8) & HALVES, u) +
          Math.imul((r >>> 8) & HALVES, v) + Math.imul((s >>> 8) & HALVES, w)) | 0;
      }
      a += even & 0xffff;
      b += odd & 0xffff;
      c += even >>> 16;
      d += odd >>> 16;
    }
    out[row] = a;
    out[row + 1] = b;
    out[row + 2] = c;
    out[row + 3] = d;
  }
}
