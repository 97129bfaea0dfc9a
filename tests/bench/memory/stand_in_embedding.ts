/**
 * A stand-in for a model that makes vectors: deterministic, without a network, and near only for texts
 * that share words or parts of words. It shows what hybrid ranking does with a second opinion, not what
 * a real model would find.
 * @module
 */
import { isFunctionWord } from "../../../src/memory/text/function_words.ts";
import type { Embedder } from "../../../src/protocol/embedding.ts";

/** Numbers of a vector; with fewer, more words fall into the same place. */
export const STAND_IN_DIMENSION = 768;

const WORD_WEIGHT = 1;
/** Short words are mostly those that say little. */
const TELLING_LETTERS = 6;
/** Letters of a part of a word; parts bring forms of a word near to each other. */
const PART_LETTERS = 4;
const PART_WEIGHT = 0.35;

/** The stand-in as an `Embedder`. */
export function standInEmbedder(): Embedder {
  return {
    model: "stand-in/hashed-words",
    batch: 64,
    embed: (texts, signal) => {
      signal.throwIfAborted();
      return Promise.resolve(texts.map((text) => standInVector(text)));
    },
  };
}

/**
 * A text as a vector of unit length: each word and each part of one adds to two places that its hash
 * names, with a sign from the hash (feature hashing, Weinberger and others 2009). A word said twice
 * counts 1.7 times, not twice.
 */
export function standInVector(text: string, dimension: number = STAND_IN_DIMENSION): Float32Array {
  const counts = new Map<string, number>();
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  for (const [word] of plain.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (isFunctionWord(word, "en")) continue;
    const letters = [...word];
    add(counts, word, WORD_WEIGHT * Math.min(1, letters.length / TELLING_LETTERS));
    const framed = ["<", ...letters, ">"];
    for (let at = 0; at + PART_LETTERS <= framed.length; at++) {
      add(counts, `#${framed.slice(at, at + PART_LETTERS).join("")}`, PART_WEIGHT);
    }
  }
  const vector = new Float32Array(dimension);
  for (const [feature, weight] of counts) {
    const hash = hashOf(feature);
    const value = Math.log1p(weight);
    for (const bits of [hash, Math.imul(hash, 0x9e3779b1) >>> 0]) {
      const place = (bits >>> 1) % dimension;
      vector[place] = (vector[place] ?? 0) + (bits & 1 ? value : -value);
    }
  }
  const length = Math.hypot(...vector);
  // A text without words has a direction too, the same for all of them.
  if (length === 0) return vector.fill(0).fill(1, 0, 1);
  return vector.map((it) => it / length);
}

function add(counts: Map<string, number>, feature: string, weight: number): void {
  counts.set(feature, (counts.get(feature) ?? 0) + weight);
}

/** FNV-1a of the UTF-16 units, with its bits mixed once more (murmur3's last step). */
function hashOf(feature: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < feature.length; at++) {
    hash = Math.imul(hash ^ feature.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
