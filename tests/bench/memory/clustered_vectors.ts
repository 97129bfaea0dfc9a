/**
 * Made-up vectors that lie in heaps, as those of texts do: evenly spread ones would be all equally far
 * from a query.
 * @module
 */

/** Vectors of one heap, about. */
const HEAP = 100;
/** How far a vector lies from the middle of its heap, beside the distance between middles. */
const SPREAD = 0.6;

/** The same vectors for the same seed. */
export class ClusteredVectors {
  readonly dimension: number;
  readonly #middles: Float32Array[];
  #state: number;

  /** @param count how many are going to be asked for, about */
  constructor(count: number, dimension: number, seed = 1) {
    this.dimension = dimension;
    this.#state = seed;
    const heaps = Math.max(1, Math.round(count / HEAP));
    this.#middles = Array.from({ length: heaps }, () => this.#cloud());
  }

  /** Another vector of unit length, in a heap of its own choice. */
  next(): Float32Array {
    const middle = this.#middles[Math.floor(this.#random() * this.#middles.length)];
    const vector = this.#cloud();
    for (let at = 0; at < vector.length; at++) {
      vector[at] = SPREAD * (vector[at] ?? 0) + (middle?.[at] ?? 0);
    }
    const length = Math.sqrt(vector.reduce((sum, it) => sum + it * it, 0));
    return vector.map((it) => it / length);
  }

  /** Numbers from -2 to 2 in a hill: the sum of four even ones. */
  #cloud(): Float32Array {
    const vector = new Float32Array(this.dimension);
    for (let at = 0; at < vector.length; at++) {
      vector[at] = this.#random() + this.#random() + this.#random() + this.#random() - 2;
    }
    return vector;
  }

  /** From 0 to 1: mulberry32, which is small and even enough. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
