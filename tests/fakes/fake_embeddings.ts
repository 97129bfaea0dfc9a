/**
 * What the fake model server answers to `POST …/embeddings`: vectors of the stand-in, in which texts with
 * words in common are near to each other.
 * @module
 */
import { standInVector } from "../bench/memory/stand_in_embedding.ts";
import type { RecordedRequest } from "./model_script.ts";

/** How the vectors are sent. */
export interface FakeVectors {
  /** Numbers of each; 64 if absent. */
  readonly dimension?: number;
  /** Float32 in base64, whatever was asked for. */
  readonly base64?: boolean;
  /** The order of the entries; their indexes stay right. */
  readonly reversed?: boolean;
  /** Changes an entry. */
  readonly entry?: (entry: FakeEntry) => unknown;
}

/** One vector of an answer. */
export interface FakeEntry {
  readonly object: "embedding";
  readonly index: number;
  readonly embedding: readonly number[] | string;
}

/** The body of an answer. */
export function embeddingBody(request: RecordedRequest, vectors: FakeVectors = {}): unknown {
  const { dimension = 64, base64, reversed, entry = (it) => it } = vectors;
  const texts: readonly string[] = [request.body?.input ?? []].flat();
  const data = texts.map((text, index): unknown => {
    const vector = standInVector(String(text), dimension);
    const embedding = base64
      ? btoa(String.fromCharCode(...new Uint8Array(vector.buffer)))
      : [...vector];
    return entry({ object: "embedding", index, embedding });
  });
  if (reversed) data.reverse();
  const usage = { prompt_tokens: texts.length, total_tokens: texts.length };
  return { object: "list", model: request.body?.model ?? "", data, usage };
}
