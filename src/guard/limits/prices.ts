/**
 * What models cost, as far as it is known: the providers' own list prices in US dollars for a million
 * tokens, without discounts for batches and without taxes. Where a price rises with the length of the
 * request, the lower step stands here. Prices change: `limits.prices` in the settings goes before.
 *
 * As others reported them at `PRICES_AS_OF`, not yet compared with the providers' own pages:
 * developers.openai.com, platform.claude.com,
 * ai.google.dev, mistral.ai, console.groq.com, api-docs.deepseek.com, docs.x.ai, together.ai,
 * fireworks.ai, inference-docs.cerebras.ai, docs.perplexity.ai, cohere.com, aws.amazon.com/bedrock,
 * platform.moonshot.ai, docs.z.ai and alibabacloud.com/help/en/model-studio.
 * What is sold by other measures (GitHub Models, NVIDIA's trial, Hugging Face's and OpenRouter's choice
 * among servers, deployments on Azure) has no price here.
 * @module
 */

/** The month of the reports that the table is made of. */
export const PRICES_AS_OF = "2026-06";

/** Dollars for a million tokens: input, output, and input that came from the provider's cache. */
export type ListPrice = readonly [input: number, output: number, cached?: number];

/** By `provider/model`. Without the third number the cache makes nothing cheaper. */
export const LIST_PRICES: Readonly<Record<string, ListPrice>> = {
  "openai/gpt-5.5": [5, 30, 0.5],
  "openai/gpt-5.4": [2.5, 15, 0.25],
  "openai/gpt-5.4-mini": [0.75, 4.5, 0.075],
  "openai/gpt-5.4-nano": [0.2, 1.25, 0.02],
  "openai/gpt-5": [1.25, 10, 0.125],
  "openai/gpt-5-mini": [0.25, 2, 0.025],
  "openai/gpt-5-nano": [0.05, 0.4, 0.005],
  "openai/gpt-4.1": [2, 8, 0.5],
  "openai/gpt-4.1-mini": [0.4, 1.6, 0.1],
  "openai/gpt-4.1-nano": [0.1, 0.4, 0.025],
  "openai/gpt-4o": [2.5, 10, 1.25],
  "openai/gpt-4o-mini": [0.15, 0.6, 0.075],
  "openai/text-embedding-3-small": [0.02, 0],
  "openai/text-embedding-3-large": [0.13, 0],
  "anthropic/claude-opus-5": [5, 25, 0.5],
  "anthropic/claude-opus-4-7": [5, 25, 0.5],
  "anthropic/claude-opus-4-6": [5, 25, 0.5],
  "anthropic/claude-opus-4-5": [5, 25, 0.5],
  "anthropic/claude-sonnet-5": [3, 15, 0.3],
  "anthropic/claude-sonnet-4-6": [3, 15, 0.3],
  "anthropic/claude-sonnet-4-5": [3, 15, 0.3],
  "anthropic/claude-haiku-4-5": [1, 5, 0.1],
  // At that time the name stood for gemini-3.5-flash.
  "gemini/gemini-flash-latest": [1.5, 9, 0.15],
  "gemini/gemini-3.5-flash": [1.5, 9, 0.15],
  "gemini/gemini-3.1-flash-lite": [0.25, 1.5, 0.025],
  "gemini/gemini-2.5-pro": [1.25, 10, 0.125],
  "gemini/gemini-2.5-flash": [0.3, 2.5, 0.03],
  "gemini/gemini-2.5-flash-lite": [0.1, 0.4, 0.01],
  "gemini/gemini-embedding-001": [0.15, 0],
  "mistral/mistral-medium-latest": [1.5, 7.5],
  "mistral/mistral-large-latest": [0.5, 1.5],
  "mistral/mistral-small-latest": [0.1, 0.3],
  "mistral/mistral-embed": [0.1, 0],
  "groq/openai/gpt-oss-120b": [0.15, 0.6, 0.075],
  "deepseek/deepseek-v4-pro": [1.74, 3.48, 0.145],
  "deepseek/deepseek-v4-flash": [0.14, 0.28, 0.028],
  "xai/grok-4.3": [1.25, 2.5, 0.2],
  "together/openai/gpt-oss-120b": [0.15, 0.6],
  "fireworks/accounts/fireworks/models/gpt-oss-120b": [0.15, 0.6],
  "cerebras/gpt-oss-120b": [0.35, 0.75],
  "bedrock/openai.gpt-oss-120b-1:0": [0.15, 0.6],
  // Each answer costs a fee for its search besides.
  "perplexity/sonar": [1, 1],
  "perplexity/sonar-pro": [3, 15],
  "cohere/command-a-03-2025": [2.5, 10],
  "cohere/embed-v4.0": [0.12, 0],
  "moonshot/kimi-k2.6": [0.95, 4, 0.16],
  "zai/glm-5": [1, 3.2, 0.2],
  "zai/glm-4.7": [0.6, 2.2, 0.11],
  "qwen/qwen-plus": [0.4, 1.2],
  "qwen/text-embedding-v4": [0.07, 0],
};
