/**
 * Texts as vectors: what a provider offers and the memory uses.
 * @module
 */

/** What a text is: some models are told, since they place questions apart from what answers them. */
export type EmbeddingPurpose = "query" | "passage";

/** A model that turns texts into vectors. */
export interface Embedder {
  /** `provider/model`; vectors of different models are never compared. */
  readonly model: string;
  /** The most texts that one call takes. */
  readonly batch: number;
  /**
   * One vector a text, in their order, all of the same dimension and of length 1.
   * @param purpose `passage` if absent
   * @throws {PyraError} category `api`, `network` or `permission`; the signal's reason
   */
  embed(
    texts: readonly string[],
    signal: AbortSignal,
    purpose?: EmbeddingPurpose,
  ): Promise<Float32Array[]>;
}
