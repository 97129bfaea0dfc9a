import assert from "node:assert/strict";
import { PROVIDER_ORIGINS } from "../../../src/kernel/origins.ts";
import { findProvider, PROVIDERS } from "../../../src/providers/table.ts";

Deno.test("the table holds every provider that was promised, each once", () => {
  const ids = PROVIDERS.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const promised =
    ("openai anthropic gemini mistral groq deepseek xai openrouter together fireworks " +
      "cerebras perplexity cohere nvidia huggingface github azure bedrock moonshot zai qwen ollama " +
      "lmstudio llamacpp vllm custom demo").split(" ");
  assert.deepEqual(promised.filter((id) => !ids.includes(id)), []);
});

Deno.test("every entry says where requests go, where the key stands and where to get one", () => {
  for (const entry of PROVIDERS) {
    if (entry.base_url !== null) {
      const { protocol, origin } = new URL(entry.base_url);
      assert.equal(protocol, entry.group === "local" ? "http:" : "https:", entry.id);
      assert.ok(entry.base_url.startsWith(origin) && !entry.base_url.endsWith("/"), entry.id);
    }
    if (entry.dialect === "openai") {
      assert.match(entry.placement, /^[a-z-]+: (\S+ )?\{\}$/, entry.id);
      assert.notEqual(entry.connectivity_check, "none", entry.id);
    }
    if (entry.connectivity_check === "models") assert.notEqual(entry.models_path, null, entry.id);
    if (entry.requires_key) {
      assert.match(entry.key_env_var ?? "", /^[A-Z_]+$/, entry.id);
      assert.match(entry.docs_url, /^https:/, entry.id);
    }
  }
});

Deno.test("the kernel's table of origins says the same as the table that is shown", () => {
  const shown = PROVIDERS.filter(({ dialect }) => dialect !== "demo");
  assert.deepEqual(shown.map(({ id }) => id).sort(), Object.keys(PROVIDER_ORIGINS).sort());
  for (const entry of shown) {
    const kept = PROVIDER_ORIGINS[entry.id];
    const origin = entry.base_url === null ? undefined : new URL(entry.base_url).origin;
    assert.equal(kept?.origin, origin, entry.id);
    assert.equal(kept?.variables[0] ?? null, entry.key_env_var, entry.id);
    assert.equal(kept?.placement, entry.placement, entry.id);
    assert.equal(kept?.requiresKey, entry.requires_key, entry.id);
  }
});

Deno.test("an unknown id has no entry", () => {
  assert.equal(findProvider("nobody"), undefined);
});
