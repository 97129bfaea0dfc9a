/**
 * The vectors of a note as the index stores them: float32 in the machine's order, one after the other.
 * @module
 */

/** Bytes of one number. */
export const NUMBER_BYTES = 4;
/** How far from 1 the square of a vector's length may be. */
const TOLERANCE = 0.01;

/** The vectors as one BLOB. @throws RangeError if they are not all of that dimension */
export function packVectors(vectors: readonly Float32Array[], dimension: number): Uint8Array {
  const numbers = new Float32Array(vectors.length * dimension);
  for (const [ordinal, vector] of vectors.entries()) {
    if (vector.length !== dimension) throw new RangeError(`a vector has ${vector.length} numbers`);
    numbers.set(vector, ordinal * dimension);
  }
  return new Uint8Array(numbers.buffer);
}

/** The vectors of a BLOB; `undefined` if its size is no multiple of a vector's. */
export function unpackVectors(blob: unknown, dimension: number): Float32Array[] | undefined {
  if (!(blob instanceof Uint8Array) || dimension < 1) return undefined;
  const size = dimension * NUMBER_BYTES;
  if (blob.length % size !== 0) return undefined;
  // A view must be aligned; what SQLite gives is, as a rule.
  const { buffer, byteOffset, length } = blob.byteOffset % NUMBER_BYTES === 0 ? blob : blob.slice();
  const numbers = new Float32Array(buffer, byteOffset, length / NUMBER_BYTES);
  return Array.from(
    { length: blob.length / size },
    (_, ordinal) => numbers.subarray(ordinal * dimension, (ordinal + 1) * dimension),
  );
}

/** Whether all its numbers are finite and its length is 1. */
export function isUnitVector(vector: Float32Array): boolean {
  return Math.abs(product(vector, vector) - 1) < TOLERANCE;
}

/** The exact product of two vectors of the same dimension: their cosine if both have the length 1. */
export function product(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += (one[at] ?? 0) * (other[at] ?? 0);
  return sum;
}
