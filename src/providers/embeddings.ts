/**
 * Makes a provider's model of vectors ready to be asked: `POST /embeddings`, as OpenAI, Ollama, LM Studio,
 * llama.cpp and most others understand it.
 * @module
 */
import { estimateTokens } from "../agent/budget.ts";
import type { Embedder, EmbeddingPurpose } from "../protocol/embedding.ts";
import type { Connection } from "./connection.ts";
import { BadVectors, vectorsIn } from "./embedding_answer.ts";
import { embeddingPrompt } from "./embedding_prompts.ts";
import { refusesParameter } from "./error_body.ts";
import { badAnswer, ProviderError, type Subject } from "./errors.ts";
import { connectionTo, type OpenOptions } from "./open.ts";
import { retried } from "./retry.ts";
import { type ProviderEntry, PROVIDERS } from "./table.ts";

/** Texts of one request. Some take fewer and say so: then halves are sent from there on. */
const BATCH = 64;
/** UTF-16 units of one request together; a text that is longer goes alone. */
const BATCH_CHARACTERS = 96_000;
/** Tokens of one text, about. Models take 512 to 8192; what one refuses is cut further. */
const MAX_TOKENS = 2_000;
/** A text of so few tokens is refused for another reason than its length. */
const MIN_TOKENS = 60;
/** An empty text is refused by most; this is one without a meaning. */
const EMPTY = ".";

/**
 * Opens a model that makes vectors; nothing is asked yet. Failed calls are made again as those of the
 * conversation are.
 * @param model as the provider calls it; empty for the provider's usual one
 * @throws {ProviderError} codes `no_embeddings no_embedding_model no_key bad_base_url`
 */
export function openEmbedder(entry: ProviderEntry, model: string, options: OpenOptions): Embedder {
  if (entry.embedding_model === null) throw noEmbeddings(entry);
  const name = model || entry.embedding_model;
  if (name === "") {
    const message = `${entry.display_name} has no usual model that makes vectors`;
    throw new ProviderError("configuration", "no_embedding_model", message, {
      hint: `name one with pyra config set memory.embeddings ${entry.id}/MODEL`,
    });
  }
  const embeddings = new Embeddings(connectionTo(entry, options), name);
  return {
    model: `${entry.id}/${name}`,
    batch: BATCH,
    embed: (texts, signal, purpose = "passage") => embeddings.embed(texts, signal, purpose),
  };
}

function noEmbeddings(entry: ProviderEntry): ProviderError {
  const able = PROVIDERS.filter(({ embedding_model }) => embedding_model !== null);
  const message = `${entry.display_name} makes no vectors of texts`;
  return new ProviderError("configuration", "no_embeddings", message, {
    hint: `set memory.embeddings to a model of one that does: ${
      able.map(({ id }) => id).join(" ")
    }`,
  });
}

/** Asks one model, and remembers what it does not take. */
class Embeddings {
  readonly #connection: Connection;
  readonly #model: string;
  #batch = BATCH;
  #maxTokens = MAX_TOKENS;
  #namesFormat = true;

  constructor(connection: Connection, model: string) {
    this.#connection = connection;
    this.#model = model;
  }

  async embed(
    texts: readonly string[],
    signal: AbortSignal,
    purpose: EmbeddingPurpose,
  ): Promise<Float32Array[]> {
    const prompt = embeddingPrompt(this.#model, purpose);
    const vectors: Float32Array[] = [];
    while (vectors.length < texts.length) {
      const some = this.#nextBatch(texts.slice(vectors.length, vectors.length + this.#batch));
      vectors.push(...await this.#askInParts(some, prompt, signal));
    }
    if (vectors.some(({ length }) => length !== vectors[0]?.length)) {
      throw badAnswer(this.#subject, "its vectors are not equally long");
    }
    return vectors;
  }

  get #subject(): Subject {
    const { entry, baseUrl } = this.#connection;
    return { entry, baseUrl, model: this.#model };
  }

  /** The first texts that may go together; one at least. */
  #nextBatch(texts: readonly string[]): readonly string[] {
    let characters = 0;
    const end = texts.findIndex((text) => (characters += text.length) > BATCH_CHARACTERS);
    return end === -1 ? texts : texts.slice(0, Math.max(1, end));
  }

  /** Asks, and where that is too much at once, asks for each half, down to a text that is cut. */
  async #askInParts(
    texts: readonly string[],
    prompt: string,
    signal: AbortSignal,
  ): Promise<Float32Array[]> {
    signal.throwIfAborted();
    const sent = texts.map((text) => prompt + (cut(text, this.#maxTokens).trim() || EMPTY));
    try {
      return await retried(() => this.#ask(sent, signal), signal);
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof ProviderError)) throw thrown;
      const isTooLong = thrown.code === "context_too_long";
      if (!isTooLong && thrown.code !== "bad_request") throw told(thrown);
      const half = texts.length >> 1;
      if (half > 0) {
        const first = await this.#askInParts(texts.slice(0, half), prompt, signal);
        // What one text alone is refused for says nothing of how many go together.
        if (!isTooLong) this.#batch = Math.max(1, half);
        return [...first, ...await this.#askInParts(texts.slice(half), prompt, signal)];
      }
      const tokens = Math.min(estimateTokens(texts[0] ?? ""), this.#maxTokens);
      if (!isTooLong || tokens <= MIN_TOKENS) throw told(thrown);
      this.#maxTokens = tokens >> 1;
      return await this.#askInParts(texts, prompt, signal);
    }
  }

  async #ask(texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> {
    const { clientError, OpenAiClient, Refusal } = await import("./openai_client.ts");
    const client = new OpenAiClient(this.#connection);
    for (;;) {
      // Numbers are what every server sends, asked or not; base64 is understood where it comes.
      const format = this.#namesFormat ? { encoding_format: "float" } : {};
      const body = { model: this.#model, input: texts, ...format };
      try {
        const answer = await client.post<unknown>("/embeddings", { body, signal });
        return vectorsIn(answer, texts.length);
      } catch (thrown) {
        signal.throwIfAborted();
        if (thrown instanceof BadVectors) throw badAnswer(this.#subject, thrown.message, thrown);
        const isFormat = thrown instanceof Refusal && this.#namesFormat &&
          refusesParameter(thrown.failure, "encoding_format");
        if (!isFormat) throw clientError(this.#subject, thrown, this.#connection.now());
        this.#namesFormat = false;
      }
    }
  }
}

/** The beginning of a text that has about so many tokens at most. */
function cut(text: string, maxTokens: number): string {
  let end = text.length;
  for (let tokens = estimateTokens(text); tokens > maxTokens;) {
    end = Math.floor(end * Math.min(0.95, maxTokens / tokens));
    tokens = estimateTokens(text.slice(0, end));
  }
  return text.slice(0, end).toWellFormed();
}

/** What the conversation's hints advise does not help here. */
function told(error: ProviderError): ProviderError {
  if (error.code !== "no_such_model" && error.code !== "context_too_long") return error;
  const hint = error.code === "no_such_model"
    ? `${/^get it with [^,]+, or /.exec(error.hint)?.[0] ?? ""}name another under memory.embeddings`
    : "name a model that takes longer texts under memory.embeddings";
  const { category, code, message, cause } = error;
  return new ProviderError(category, code, message, { hint, cause });
}
