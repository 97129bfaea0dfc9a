/**
 * Every provider that Pyra knows, as data: one entry adds one. What a key may be sent to is decided by
 * the kernel's own table (`src/kernel/origins.ts`), never by this one; a test compares the two.
 * @module
 */

/** How a provider is spoken to. */
export type Dialect = "openai" | "demo";

/** One provider. */
export interface ProviderEntry {
  readonly id: string;
  readonly display_name: string;
  /** `other`: the demo and an address of one's own. */
  readonly group: "cloud" | "local" | "other";
  /** Without a slash at its end; null where every person has an address of their own. */
  readonly base_url: string | null;
  /** The environment variable that holds the key. */
  readonly key_env_var: string | null;
  readonly requires_key: boolean;
  /** A sensible first choice; empty where the models are the person's own. */
  readonly default_model: string;
  /**
   * The usual model that makes vectors of texts; empty where it is the person's choice, null where the
   * provider's API makes none.
   */
  readonly embedding_model: string | null;
  /** The header that carries the key, `{}` standing for it. */
  readonly placement: string;
  /** Under the base URL, or with a slash first under its origin; null if there is no list. */
  readonly models_path: string | null;
  /**
   * What shows that address and key are right: the list of `models`, or, where that is public or
   * missing, a `completion` of one token.
   */
  readonly connectivity_check: "models" | "completion" | "none";
  readonly dialect: Dialect;
  /** Whether its usual models take images. */
  readonly images: boolean;
  /** Where a key, or the program, is to be had. */
  readonly docs_url: string;
}

const BEARER = "authorization: Bearer {}";

/** What most providers in the cloud have in common. */
const CLOUD = {
  group: "cloud",
  requires_key: true,
  embedding_model: null,
  placement: BEARER,
  models_path: "models",
  connectivity_check: "models",
  dialect: "openai",
  images: true,
} as const;

/** What servers on one's own machine have in common. */
const LOCAL = {
  group: "local",
  key_env_var: null,
  requires_key: false,
  default_model: "",
  embedding_model: "",
  placement: BEARER,
  models_path: "models",
  connectivity_check: "models",
  dialect: "openai",
  images: true,
} as const;

/** The providers, in the order in which they are offered. */
export const PROVIDERS: readonly ProviderEntry[] = [
  {
    ...CLOUD,
    id: "openai",
    display_name: "OpenAI",
    base_url: "https://api.openai.com/v1",
    key_env_var: "OPENAI_API_KEY",
    default_model: "gpt-5.4-mini",
    embedding_model: "text-embedding-3-small",
    docs_url: "https://platform.openai.com/api-keys",
  },
  {
    ...CLOUD,
    id: "anthropic",
    display_name: "Anthropic",
    base_url: "https://api.anthropic.com/v1",
    key_env_var: "ANTHROPIC_API_KEY",
    default_model: "claude-sonnet-5",
    // The list takes the key in another header than the compatible endpoint does.
    models_path: null,
    connectivity_check: "completion",
    docs_url: "https://platform.claude.com/settings/keys",
  },
  {
    ...CLOUD,
    id: "gemini",
    display_name: "Google Gemini",
    base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
    key_env_var: "GEMINI_API_KEY",
    default_model: "gemini-flash-latest",
    embedding_model: "gemini-embedding-001",
    docs_url: "https://aistudio.google.com/apikey",
  },
  {
    ...CLOUD,
    id: "mistral",
    display_name: "Mistral",
    base_url: "https://api.mistral.ai/v1",
    key_env_var: "MISTRAL_API_KEY",
    default_model: "mistral-medium-latest",
    embedding_model: "mistral-embed",
    docs_url: "https://console.mistral.ai/api-keys",
  },
  {
    ...CLOUD,
    id: "groq",
    display_name: "Groq",
    base_url: "https://api.groq.com/openai/v1",
    key_env_var: "GROQ_API_KEY",
    default_model: "openai/gpt-oss-120b",
    images: false,
    docs_url: "https://console.groq.com/keys",
  },
  {
    ...CLOUD,
    id: "deepseek",
    display_name: "DeepSeek",
    base_url: "https://api.deepseek.com",
    key_env_var: "DEEPSEEK_API_KEY",
    default_model: "deepseek-v4-pro",
    images: false,
    docs_url: "https://platform.deepseek.com/api_keys",
  },
  {
    ...CLOUD,
    id: "xai",
    display_name: "xAI",
    base_url: "https://api.x.ai/v1",
    key_env_var: "XAI_API_KEY",
    default_model: "grok-4.5",
    docs_url: "https://console.x.ai",
  },
  {
    ...CLOUD,
    id: "openrouter",
    display_name: "OpenRouter",
    base_url: "https://openrouter.ai/api/v1",
    key_env_var: "OPENROUTER_API_KEY",
    default_model: "openrouter/auto",
    connectivity_check: "completion",
    embedding_model: "openai/text-embedding-3-small",
    docs_url: "https://openrouter.ai/settings/keys",
  },
  {
    ...CLOUD,
    id: "together",
    display_name: "Together AI",
    base_url: "https://api.together.ai/v1",
    key_env_var: "TOGETHER_API_KEY",
    default_model: "openai/gpt-oss-120b",
    images: false,
    embedding_model: "intfloat/multilingual-e5-large-instruct",
    docs_url: "https://api.together.ai/settings/api-keys",
  },
  {
    ...CLOUD,
    id: "fireworks",
    display_name: "Fireworks AI",
    base_url: "https://api.fireworks.ai/inference/v1",
    key_env_var: "FIREWORKS_API_KEY",
    default_model: "accounts/fireworks/models/gpt-oss-120b",
    images: false,
    embedding_model: "fireworks/qwen3-embedding-8b",
    docs_url: "https://app.fireworks.ai/settings/users/api-keys",
  },
  {
    ...CLOUD,
    id: "cerebras",
    display_name: "Cerebras",
    base_url: "https://api.cerebras.ai/v1",
    key_env_var: "CEREBRAS_API_KEY",
    default_model: "gpt-oss-120b",
    images: false,
    docs_url: "https://cloud.cerebras.ai",
  },
  {
    ...CLOUD,
    id: "perplexity",
    display_name: "Perplexity",
    base_url: "https://api.perplexity.ai",
    key_env_var: "PERPLEXITY_API_KEY",
    default_model: "sonar-pro",
    models_path: null,
    connectivity_check: "completion",
    docs_url: "https://www.perplexity.ai/settings/api",
  },
  {
    ...CLOUD,
    id: "cohere",
    display_name: "Cohere",
    base_url: "https://api.cohere.ai/compatibility/v1",
    key_env_var: "COHERE_API_KEY",
    default_model: "command-a-03-2025",
    models_path: "/v1/models?endpoint=chat&page_size=100",
    images: false,
    embedding_model: "embed-v4.0",
    docs_url: "https://dashboard.cohere.com/api-keys",
  },
  {
    ...CLOUD,
    id: "nvidia",
    display_name: "NVIDIA NIM",
    base_url: "https://integrate.api.nvidia.com/v1",
    key_env_var: "NVIDIA_API_KEY",
    default_model: "nvidia/nemotron-3-super-120b-a12b",
    connectivity_check: "completion",
    images: false,
    docs_url: "https://build.nvidia.com",
  },
  {
    ...CLOUD,
    id: "huggingface",
    display_name: "Hugging Face",
    base_url: "https://router.huggingface.co/v1",
    key_env_var: "HF_TOKEN",
    default_model: "openai/gpt-oss-120b",
    connectivity_check: "completion",
    images: false,
    docs_url: "https://huggingface.co/settings/tokens",
  },
  {
    ...CLOUD,
    id: "github",
    display_name: "GitHub Models",
    base_url: "https://models.github.ai/inference",
    key_env_var: "GITHUB_TOKEN",
    default_model: "openai/gpt-4.1-mini",
    models_path: "/catalog/models",
    connectivity_check: "completion",
    embedding_model: "openai/text-embedding-3-small",
    docs_url: "https://github.com/settings/personal-access-tokens",
  },
  {
    ...CLOUD,
    id: "azure",
    display_name: "Azure OpenAI",
    // https://RESOURCE.openai.azure.com/openai/v1
    base_url: null,
    key_env_var: "AZURE_OPENAI_API_KEY",
    // The name of the person's own deployment.
    default_model: "",
    placement: "api-key: {}",
    models_path: null,
    connectivity_check: "completion",
    embedding_model: "",
    docs_url: "https://ai.azure.com",
  },
  {
    ...CLOUD,
    id: "bedrock",
    display_name: "Amazon Bedrock",
    base_url: "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1",
    key_env_var: "AWS_BEARER_TOKEN_BEDROCK",
    default_model: "openai.gpt-oss-120b-1:0",
    models_path: null,
    connectivity_check: "completion",
    images: false,
    docs_url: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html",
  },
  {
    ...CLOUD,
    id: "moonshot",
    display_name: "Moonshot AI",
    base_url: "https://api.moonshot.ai/v1",
    key_env_var: "MOONSHOT_API_KEY",
    default_model: "kimi-k2.6",
    docs_url: "https://platform.moonshot.ai/console/api-keys",
  },
  {
    ...CLOUD,
    id: "zai",
    display_name: "Z.ai",
    base_url: "https://api.z.ai/api/paas/v4",
    key_env_var: "ZAI_API_KEY",
    default_model: "glm-5.2",
    images: false,
    docs_url: "https://z.ai/manage-apikey/apikey-list",
  },
  {
    ...CLOUD,
    id: "qwen",
    display_name: "Qwen (DashScope)",
    base_url: "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    key_env_var: "DASHSCOPE_API_KEY",
    default_model: "qwen-plus",
    embedding_model: "text-embedding-v4",
    docs_url: "https://modelstudio.console.alibabacloud.com",
  },
  {
    ...LOCAL,
    id: "ollama",
    display_name: "Ollama",
    base_url: "http://127.0.0.1:11434/v1",
    embedding_model: "embeddinggemma",
    docs_url: "https://ollama.com/download",
  },
  {
    ...LOCAL,
    id: "lmstudio",
    display_name: "LM Studio",
    base_url: "http://127.0.0.1:1234/v1",
    docs_url: "https://lmstudio.ai",
  },
  {
    ...LOCAL,
    id: "llamacpp",
    display_name: "llama.cpp server",
    base_url: "http://127.0.0.1:8080/v1",
    docs_url: "https://github.com/ggml-org/llama.cpp/tree/master/tools/server",
  },
  {
    ...LOCAL,
    id: "vllm",
    display_name: "vLLM",
    base_url: "http://127.0.0.1:8000/v1",
    docs_url: "https://docs.vllm.ai",
  },
  {
    ...LOCAL,
    id: "custom",
    display_name: "An OpenAI-compatible server of your own",
    group: "other",
    base_url: null,
    key_env_var: "PYRA_CUSTOM_API_KEY",
    docs_url: "",
  },
  {
    id: "demo",
    display_name: "Demo (no model, no key, no network)",
    group: "other",
    base_url: null,
    key_env_var: null,
    requires_key: false,
    default_model: "demo",
    embedding_model: null,
    placement: "",
    models_path: null,
    connectivity_check: "none",
    dialect: "demo",
    images: false,
    docs_url: "",
  },
];

/** The entry with that id, or undefined. */
export function findProvider(id: string): ProviderEntry | undefined {
  return PROVIDERS.find((entry) => entry.id === id);
}
