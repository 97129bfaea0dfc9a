/**
 * Reads the vectors of an answer, and trusts none of it: a number that is none, or vectors in another
 * order, would spoil every later search without a word.
 * @module
 */
import { field, list, parseJson } from "./json_fields.ts";

/** Numbers that a vector may have. */
const MAX_DIMENSION = 16_384;
/** Shorter vectors are noise. The square of the smallest number of normal precision. */
const MIN_SQUARE = 1e-30;

/** What is wrong with an answer: half a sentence about it. */
export class BadVectors extends Error {
  override readonly name = "BadVectors";
}

/**
 * The vectors of an answer such as `{data: [{index, embedding}]}`, in the order of their indexes, each
 * brought to length 1. `embedding` is a list of numbers or float32 in base64, whichever was asked for:
 * servers differ.
 * @throws {BadVectors}
 */
export function vectorsIn(answer: unknown, count: number): Float32Array[] {
  const body = typeof answer === "string" ? parseJson(answer) : answer;
  if (!Array.isArray(field(body, "data"))) throw new BadVectors("it is no list of vectors");
  const entries = list(field(body, "data"));
  if (entries.length !== count) {
    throw new BadVectors(`it has ${entries.length} vectors for ${count} texts`);
  }
  const vectors = inOrder(entries).map((entry) => unitVector(numbersIn(field(entry, "embedding"))));
  const dimension = vectors[0]?.length;
  if (vectors.some(({ length }) => length !== dimension)) {
    throw new BadVectors("its vectors are not equally long");
  }
  return vectors;
}

/** By their indexes; as they came, if none has one. */
function inOrder(entries: readonly unknown[]): unknown[] {
  const indexes = entries.map((entry) => field(entry, "index"));
  if (indexes.every((index) => index === undefined)) return [...entries];
  const ordered = new Map(entries.map((entry, at) => [indexes[at], entry]));
  return entries.map((_, at) => {
    const entry = ordered.get(at);
    if (entry === undefined) throw new BadVectors(`it has no vector for text ${at + 1}`);
    return entry;
  });
}

function numbersIn(embedding: unknown): Float32Array {
  if (typeof embedding === "string") return decoded(embedding);
  const numbers = list(embedding);
  checkDimension(numbers.length);
  return Float32Array.from(numbers, (it) => typeof it === "number" ? it : NaN);
}

function decoded(base64: string): Float32Array {
  let bytes: string;
  try {
    bytes = atob(base64);
  } catch (cause) {
    throw new BadVectors("a vector is no base64", { cause });
  }
  if (bytes.length % 4 !== 0) throw new BadVectors("a vector is cut");
  checkDimension(bytes.length / 4);
  const view = new DataView(new ArrayBuffer(bytes.length));
  for (let at = 0; at < bytes.length; at++) view.setUint8(at, bytes.charCodeAt(at));
  const littleEndian = true;
  return Float32Array.from(
    { length: bytes.length / 4 },
    (_, at) => view.getFloat32(4 * at, littleEndian),
  );
}

function checkDimension(dimension: number): void {
  if (dimension < 1 || dimension > MAX_DIMENSION) {
    throw new BadVectors(`a vector has ${dimension} numbers`);
  }
}

function unitVector(vector: Float32Array): Float32Array {
  const square = vector.reduce((sum, it) => sum + it * it, 0);
  if (!Number.isFinite(square)) throw new BadVectors("a vector has something that is no number");
  if (square < MIN_SQUARE) throw new BadVectors("a vector is all zeros");
  const factor = 1 / Math.sqrt(square);
  return vector.map((it) => it * factor);
}
