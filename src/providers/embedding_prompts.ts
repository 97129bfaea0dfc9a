/**
 * What some models want to be told before a text: they were trained with it, and place questions and
 * what answers them nearer to each other when it is there.
 * @module
 */
import type { EmbeddingPurpose } from "../protocol/embedding.ts";

/** The words before a text, by what it is. */
type Prompts = Readonly<Record<EmbeddingPurpose, string>>;

/** By a part of the model's name; the sources are the models' own cards. */
const PROMPTS: readonly (readonly [name: RegExp, prompts: Prompts])[] = [
  [/nomic-embed-text/, { query: "search_query: ", passage: "search_document: " }],
  [/embedding-?gemma/, {
    query: "task: search result | query: ",
    passage: "title: none | text: ",
  }],
  [/e5-.*instruct|qwen3-embedding/, {
    query: "Instruct: Given a question, find the notes that answer it\nQuery: ",
    passage: "",
  }],
  [/(^|[/-])e5-/, { query: "query: ", passage: "passage: " }],
  [/mxbai-embed|bge-(small|base|large)-en|arctic-embed/, {
    query: "Represent this sentence for searching relevant passages: ",
    passage: "",
  }],
];

const NONE: Prompts = { query: "", passage: "" };

/** What the model of that name wants before a text; empty for most. */
export function embeddingPrompt(model: string, purpose: EmbeddingPurpose): string {
  const name = model.toLowerCase();
  const [, prompts] = PROMPTS.find(([part]) => part.test(name)) ?? [undefined, NONE];
  return prompts[purpose];
}
