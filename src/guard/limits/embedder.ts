/**
 * Spending caps for vectors: what turns notes into vectors is counted too. Rates do not hold it, since an
 * index of many notes takes many requests at once, and they do not count towards the conversation's.
 * @module
 */
import { estimateTokens } from "../../agent/budget.ts";
import type { Embedder } from "../../protocol/embedding.ts";
import type { LimitPorts } from "../limits.ts";
import { limitReached } from "./sentences.ts";
import type { Wish } from "./verdict.ts";

/** The same model, each of whose calls is counted and held to the spending caps. */
export function limitedEmbedder(
  embedder: Embedder,
  { ledger: open, settings, price: priceOf, now }: Pick<
    LimitPorts,
    "ledger" | "settings" | "price" | "now"
  >,
): Embedder {
  const slash = embedder.model.indexOf("/");
  const [provider, model] = [embedder.model.slice(0, slash), embedder.model.slice(slash + 1)];
  const price = priceOf(model);
  return {
    model: embedder.model,
    batch: embedder.batch,
    async embed(texts, signal, purpose) {
      const input = texts.reduce((sum, text) => sum + estimateTokens(text), 0);
      const wish: Wish = {
        ...{ provider, model, session: "", turn: "", input, price },
        ...{ most: 0, least: 0, paced: false },
      };
      const ledger = await open();
      const time = now();
      const answer = ledger.reserve(wish, settings, time);
      if (answer.kind === "refused") throw limitReached(answer, time);
      let used = 0;
      try {
        const vectors = await embedder.embed(texts, signal, purpose);
        used = input;
        return vectors;
      } finally {
        const input_tokens = signal.aborted ? input : used;
        const usage = { input_tokens, output_tokens: 0, cached_tokens: 0 };
        ledger.settle(answer.id, usage, price);
      }
    },
  };
}
