/**
 * The age test vectors of the C2SP project (CCTV), through the vault's own way of opening a file.
 * They lie beside the repository where it is developed; without them this says so and passes.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { openBytes, scryptIdentity } from "../../src/vault/age_file.ts";
import { VaultError } from "../../src/vault/error.ts";

interface Vector {
  readonly name: string;
  readonly compressed: string;
  readonly expect: string;
  readonly identities: readonly string[];
  readonly passphrase?: string;
  readonly payload_sha256?: string;
  readonly file_b64: string;
}

const CORPUS = new URL(
  "../../../shared/corpora/protocol/cctv_age_vectors.jsonl",
  import.meta.url,
);

function readVectors(): Vector[] {
  try {
    return Deno.readTextFileSync(CORPUS).trim().split("\n").map((line) => JSON.parse(line));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

const vectors = readVectors();
const reason = vectors.length === 0 ? " (skipped: the corpus is not here)" : "";

/** What the vault's errors say about each outcome that the vectors know. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  "no match": ["corrupt", "wrong_passphrase"],
  "header failure": ["corrupt"],
  "armor failure": ["corrupt"],
  "HMAC failure": ["corrupt"],
  "payload failure": ["corrupt"],
};

async function outcome(vector: Vector): Promise<string> {
  const raw = Uint8Array.from(atob(vector.file_b64), (character) => character.charCodeAt(0));
  const file = vector.compressed === "zlib" ? new Uint8Array(inflateSync(raw)) : raw;
  const passphrase = vector.passphrase === undefined ? [] : [scryptIdentity(vector.passphrase)];
  try {
    const payload = await openBytes("it", file, [...passphrase, ...vector.identities]);
    return createHash("sha256").update(payload).digest("hex");
  } catch (error) {
    if (error instanceof VaultError) return error.code;
    throw error;
  }
}

Deno.test({
  name: `every age vector has the outcome it names${reason}`,
  // The corpus is too large to keep here; the name says when it is missing.
  ignore: vectors.length === 0,
  async fn() {
    assert.equal(vectors.length, 143);
    assert.ok(vectors.filter(({ passphrase }) => passphrase !== undefined).length >= 20);
    for (const vector of vectors) {
      const expected = vector.expect === "success"
        ? [vector.payload_sha256 ?? ""]
        : CODES[vector.expect] ?? [];
      const seen = await outcome(vector);
      assert.ok(expected.includes(seen), `${vector.name}: ${seen} instead of ${vector.expect}`);
    }
    // The library begins to derive a public key that a passphrase's file never asks for.
    await new Promise((resolve) => setTimeout(resolve, 50));
  },
});
