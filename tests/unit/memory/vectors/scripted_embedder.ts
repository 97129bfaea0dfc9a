import type { Embedder } from "../../../../src/protocol/embedding.ts";
import { standInVector } from "../../../bench/memory/stand_in_embedding.ts";

/** What a scripted embedder does besides making vectors. */
export interface EmbedderScript {
  readonly model?: string;
  readonly dimension?: number;
  readonly batch?: number;
  /** Called with each call's texts before it is answered; may throw. */
  readonly before?: (texts: readonly string[], call: number) => void | Promise<void>;
}

/** An embedder whose calls can be looked at. */
export interface ScriptedEmbedder extends Embedder {
  /** The texts of each call. */
  readonly calls: (readonly string[])[];
}

/** Makes the stand-in's vectors as the script says. */
export function scriptedEmbedder(script: EmbedderScript = {}): ScriptedEmbedder {
  const { model = "m", dimension = 32, batch = 4, before } = script;
  const calls: (readonly string[])[] = [];
  return {
    model,
    batch,
    calls,
    async embed(texts, signal) {
      signal.throwIfAborted();
      const call = calls.push(texts) - 1;
      await before?.(texts, call);
      return texts.map((text) => standInVector(text, dimension));
    },
  };
}
