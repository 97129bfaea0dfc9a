/**
 * Texts as vectors: what a provider offers and the memory uses.
 * @module
 */

/** A model that turns texts into vectors. */
export interface Embedder {
  /** `provider/model`; vectors of different models are never compared. */
  readonly model: string;
  /** The most texts that one call takes. */
  readonly batch: number;
  /**
   * One vector a text, in their order, all of the same dimension.
   * @throws {PyraError} category `api`, `network` or `permission`; the signal's reason
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]>;
}
