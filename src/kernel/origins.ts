/**
 * Where each provider's key may go, and where it stands in a request. The provider table of the app
 * room has the same columns and a test compares them: that one is for showing, this one decides.
 * @module
 */

/** A provider as the kernel knows it. */
export interface ProviderOrigin {
  /** Where requests may go without a question; empty where every person has an address of their own. */
  readonly origin: string | undefined;
  /** The variables that may hold its key, the first that is set counts. */
  readonly variables: readonly string[];
  /** A header with `{}` where the key stands. */
  readonly placement: string;
  /** Whether it answers nothing without a key. */
  readonly requiresKey: boolean;
}

const BEARER = "authorization: Bearer {}";

function cloud(origin: string | undefined, variable: string, placement = BEARER): ProviderOrigin {
  return { origin, variables: [variable], placement, requiresKey: true };
}

/** A server that usually runs on this machine, and needs no key unless its owner wants one. */
function local(origin: string | undefined, ...variables: string[]): ProviderOrigin {
  return { origin, variables, placement: BEARER, requiresKey: false };
}

/** Every provider that needs a request; `demo` needs none. */
export const PROVIDER_ORIGINS: Readonly<Record<string, ProviderOrigin>> = {
  openai: cloud("https://api.openai.com", "OPENAI_API_KEY"),
  anthropic: cloud("https://api.anthropic.com", "ANTHROPIC_API_KEY"),
  gemini: cloud("https://generativelanguage.googleapis.com", "GEMINI_API_KEY"),
  mistral: cloud("https://api.mistral.ai", "MISTRAL_API_KEY"),
  groq: cloud("https://api.groq.com", "GROQ_API_KEY"),
  deepseek: cloud("https://api.deepseek.com", "DEEPSEEK_API_KEY"),
  xai: cloud("https://api.x.ai", "XAI_API_KEY"),
  openrouter: cloud("https://openrouter.ai", "OPENROUTER_API_KEY"),
  together: cloud("https://api.together.ai", "TOGETHER_API_KEY"),
  fireworks: cloud("https://api.fireworks.ai", "FIREWORKS_API_KEY"),
  cerebras: cloud("https://api.cerebras.ai", "CEREBRAS_API_KEY"),
  perplexity: cloud("https://api.perplexity.ai", "PERPLEXITY_API_KEY"),
  cohere: cloud("https://api.cohere.ai", "COHERE_API_KEY"),
  nvidia: cloud("https://integrate.api.nvidia.com", "NVIDIA_API_KEY"),
  huggingface: cloud("https://router.huggingface.co", "HF_TOKEN"),
  github: cloud("https://models.github.ai", "GITHUB_TOKEN"),
  azure: cloud(undefined, "AZURE_OPENAI_API_KEY", "api-key: {}"),
  bedrock: cloud("https://bedrock-runtime.us-east-1.amazonaws.com", "AWS_BEARER_TOKEN_BEDROCK"),
  moonshot: cloud("https://api.moonshot.ai", "MOONSHOT_API_KEY"),
  zai: cloud("https://api.z.ai", "ZAI_API_KEY"),
  qwen: cloud("https://dashscope-intl.aliyuncs.com", "DASHSCOPE_API_KEY"),
  ollama: local("http://127.0.0.1:11434"),
  lmstudio: local("http://127.0.0.1:1234"),
  llamacpp: local("http://127.0.0.1:8080"),
  vllm: local("http://127.0.0.1:8000"),
  custom: local(undefined, "PYRA_CUSTOM_API_KEY"),
};
