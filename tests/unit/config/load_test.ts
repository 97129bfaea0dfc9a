import assert from "node:assert/strict";
import { PyraError } from "../../../src/protocol/error.ts";
import { type ConfigPlaces, loadConfig } from "../../../src/config/load.ts";

/** A folder with the two files; `undefined` for one that does not exist. */
async function places(
  profile: string | Uint8Array | undefined,
  { system, env = {} }: { system?: string; env?: Record<string, string> } = {},
): Promise<ConfigPlaces & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const profilePath = `${folder}/config.yaml`;
  const systemPath = `${folder}/system.yaml`;
  const bytes = typeof profile === "string" ? new TextEncoder().encode(profile) : profile;
  if (bytes) await Deno.writeFile(profilePath, bytes);
  if (system !== undefined) await Deno.writeTextFile(systemPath, system);
  return {
    profilePath,
    systemPath,
    env,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function failure(text: string | Uint8Array): Promise<PyraError> {
  await using at = await places(text);
  const error = await loadConfig(at).then(() => undefined, (thrown: unknown) => thrown);
  assert.ok(error instanceof PyraError, `${JSON.stringify(text)} was taken`);
  assert.equal(error.category, "configuration");
  assert.doesNotMatch(error.message, /\p{C}/u);
  return error;
}

Deno.test("without any file the defaults hold, and there is no provider", async () => {
  await using at = await places(undefined);
  const { config, sources, warnings } = await loadConfig(at);
  assert.equal(config.ai.provider_id, undefined);
  assert.deepEqual(config.ai.fallbacks, []);
  assert.equal(config.general.assistant_name, "Pyra");
  assert.equal(config.plugins.require_approval, false);
  assert.equal(config.daemon.enabled, false);
  assert.equal(sources["general.theme"], "default");
  assert.equal(sources["ai.model"], undefined);
  assert.deepEqual(warnings, []);
});

Deno.test("the environment comes before the profile, the profile before the system, each setting by itself", async () => {
  await using at = await places(
    "ai:\n  provider_id: groq\n  model: a\nplugin_settings:\n  weather:\n    city: Bonn\n",
    {
      system:
        "ai:\n  provider_id: openai\n  model: b\n  temperature: 0.5\nplugin_settings:\n  weather:\n    city: Rome\n    unit: c\n",
      env: { PYRA_AI_MODEL: "c", PYRA_HOME: "/nowhere", HOME: "/nowhere" },
    },
  );
  const { config, sources, warnings } = await loadConfig(at);
  assert.equal(config.ai.model, "c");
  assert.equal(config.ai.provider_id, "groq");
  assert.equal(config.ai.temperature, 0.5);
  assert.deepEqual(config.plugin_settings, { weather: { city: "Bonn", unit: "c" } });
  assert.equal(sources["ai.model"], "environment");
  assert.equal(sources["ai.provider_id"], "profile");
  assert.equal(sources["ai.temperature"], "system");
  assert.equal(sources["plugin_settings.weather.city"], "profile");
  assert.equal(sources["plugin_settings.weather.unit"], "system");
  assert.deepEqual(warnings, []);
});

Deno.test("variables hold numbers, truth values and lists; an empty one says nothing", async () => {
  await using at = await places("ai:\n  model: kept\n", {
    env: {
      PYRA_AI_MODEL: "",
      PYRA_AI_TEMPERATURE: "0.25",
      PYRA_DAEMON_ENABLED: "yes",
      PYRA_SECURITY_LOG_INJECTIONS: "0",
      PYRA_AI_FALLBACKS: "groq/llama, openai/gpt",
      PYRA_PLUGINS_ENABLED: '["weather"]',
    },
  });
  const { config } = await loadConfig(at);
  assert.equal(config.ai.model, "kept");
  assert.equal(config.ai.temperature, 0.25);
  assert.equal(config.daemon.enabled, true);
  assert.equal(config.security.log_injections, false);
  assert.deepEqual(config.ai.fallbacks, ["groq/llama", "openai/gpt"]);
  assert.deepEqual(config.plugins.enabled, ["weather"]);
});

Deno.test("a wrong variable is an error that names it; an unknown one is a warning", async () => {
  for (
    const [variable, value] of [
      ["PYRA_AI_TEMPERATURE", "hot"],
      ["PYRA_AI_TEMPERATURE", "3"],
      ["PYRA_AI_MAX_OUTPUT_TOKENS", "1.5"],
      ["PYRA_DAEMON_ENABLED", "perhaps"],
      ["PYRA_AI_FALLBACKS", "groq"],
      ["PYRA_AI_FALLBACKS", "[1]"],
      ["PYRA_GENERAL_THEME", "pink"],
      ["PYRA_AI_BASE_URL", "https://user:word@host"],
      ["PYRA_DAEMON_LOG_FILE", "../escape"],
    ] as const
  ) {
    await using at = await places("", { env: { [variable]: value } });
    await assert.rejects(
      loadConfig(at),
      (error: PyraError) => error.code === "config_invalid" && error.message.includes(variable),
      `${variable}=${value}`,
    );
  }
  await using at = await places("", { env: { PYRA_AI_MODLE: "x", PYRA_VAULT_PASSPHRASE: "x" } });
  const { warnings } = await loadConfig(at);
  assert.deepEqual(warnings, [
    "the variable PYRA_AI_MODLE sets no setting; did you mean PYRA_AI_MODEL?",
  ]);
});

Deno.test("an unknown key is warned about with its line and the nearest known one", async () => {
  await using at = await places(
    "# mine\nai:\n  modle: x\n  theme: dark\n  api_key: sk-123\ngenral:\n  theme: dark\nzzzzzzzz: 1\n",
  );
  const { config, warnings } = await loadConfig(at);
  assert.equal(config.general.theme, "auto");
  assert.deepEqual(warnings.map((warning) => warning.replace(at.profilePath, "FILE")), [
    "FILE, line 3: there is no setting ai.modle; did you mean ai.model?",
    "FILE, line 4: there is no setting ai.theme; did you mean general.theme?",
    "FILE, line 5: there is no setting ai.api_key; keys belong into the vault: `pyra vault set`",
    "FILE, line 6: there is no setting genral; did you mean general?",
    "FILE, line 8: there is no setting zzzzzzzz",
  ]);
});

Deno.test("a value of the wrong type names file, line, column, setting and what is expected", async () => {
  const error = await failure("ai:\n  model: m\n  temperature: hot # or not\n");
  assert.equal(error.code, "config_invalid");
  assert.match(
    error.message,
    /config\.yaml, line 3, column 16: ai\.temperature has a wrong value, expected a number from 0 to 2, found text$/,
  );
  for (
    const [text, expected] of [
      ["ai: 3\n", /line 1, column 5: ai .*expected a mapping of settings/],
      ["ai:\n  model: 4.1\n", /line 2, column 10: ai\.model .*found a number/],
      ["daemon:\n  enabled: yes\n", /line 2.*daemon\.enabled .*expected true or false, found text/],
      ["plugins:\n  enabled: weather\n", /line 2.*plugins\.enabled .*expected a list/],
      ["plugins:\n  enabled:\n    - a\n    - 3\n", /line 4.*expected a list of plugins' names/],
      ["ai:\n  fallbacks: [groq]\n", /line 2.*expected a list of provider\/model/],
      ["daemon:\n  socket_path: ../x\n", /line 2.*without a folder/],
      ["daemon:\n  ipc_port: 70000\n", /line 2.*whole number from 0 to 65535/],
      ["general:\n  user_name: |\n    two\n    lines\n", /line 2.*one line of text/],
      ["plugin_settings:\n  weather: 3\n", /line 2.*plugin_settings\.weather .*mapping/],
    ] as const
  ) {
    const wrong = await failure(text);
    assert.equal(wrong.code, "config_invalid", text);
    assert.match(wrong.message, expected);
  }
});

Deno.test("what is no sound YAML, or too clever for the kernel, is an error with line and column", async () => {
  for (
    const [text, line] of [
      ["ai:\n\tmodel: x\n", 2],
      ["ai:\n  model: [x\n", 2],
      ["ai:\n  model: 'x\n", 2],
      ["ai:\n  model: x\n  model: y\n", 3],
      ["ai:\n  model: x\nai:\n  model: y\n", 3],
      ["ai: &a\n  model: x\n", 2],
      ["ai:\n  model: &a x\n", 2],
      ["general:\n  user_name: x\nai:\n  model: *a\n", 4],
      ["ai:\n  <<: { model: x }\n", 2],
      ["ai:\n  model: !!str x\n", 2],
      ["ai:\n  model: !mine x\n", 2],
      ["ai:\n  model: x\n---\nai:\n  model: y\n", 3],
      ["---\nai:\n  model: x\n", 1],
      ["ai:\n  model: x\n...\n", 3],
      ["%YAML 1.1\n---\nai:\n  model: x\n", 1],
      ["- ai\n", 1],
      ["just text\n", 1],
      ["  ai:\n    model: x\n", 1],
      [" {ai: {model: x}}\n", 1],
      ["{ai: {model: x}}\n", 1],
      ["ai: {model: x}\n", 1],
      ['"ai":\n  model: x\n', 1],
      ["'ai':\n  model: x\n", 1],
      ["? ai\n: model: x\n", 1],
      ["ai :\n  model: x\n", 1],
      ["ai:model\n", 1],
      ["ai:\n  __proto__:\n    x: 1\n", 2],
      ["ai:\n  model: a\u0000b\n", 2],
      ["ai:\n  model: x\rsecurity:\n  log_injections: false\n", 2],
      ["ai:\n  model: x\n\ufeffsecurity:\n  log_injections: false\n", 3],
      ['general:\n  user_name: "a\nsecurity:\n  log_injections: false"\n', 2],
      ['general:\n  user_name: "a\n# b\n  c"\n', 2],
      ["plugins:\n  enabled: [a,\n# b\n  c]\n", 4],
      ["ai:\n  model: .nan\n  ? [a, b]\n  : c\n", 3],
    ] as const
  ) {
    const error = await failure(text);
    assert.equal(error.code, "config_broken", JSON.stringify(text));
    const found = Number(/, line (\d+), column \d+: /.exec(error.message)?.[1]);
    assert.equal(found, line, `${JSON.stringify(text)}: ${error.message}`);
  }
});

Deno.test("bytes that are no UTF-8 are an error with their place", async () => {
  const error = await failure(
    Uint8Array.from([...new TextEncoder().encode("ai:\n  model: "), 255]),
  );
  assert.match(error.message, /line 2, column 10: the file is not UTF-8/);
});

Deno.test("a broken line is shown without what looks like a key", async () => {
  const secret = "sk-proj-abcdefghijklmnopqrstuvwxyz0123456789";
  const error = await failure(`ai:\n  model: [${secret}\n`);
  assert.match(error.message, /in "model: \[…"/);
  assert.doesNotMatch(error.message, /abcdef/);
});

Deno.test("CRLF, a byte order mark, comments and an empty file are fine", async () => {
  for (
    const text of [
      "ai:\r\n  model: x\r\n",
      "\ufeffai:\n  model: x\n",
      "# top\n\nai: # block\n\n  # field\n  model: x # end\n",
      "ai: {}\ngeneral:\nai2:\n",
      "",
      "\n\n",
      "# only a comment",
    ]
  ) {
    await using at = await places(text);
    const { config } = await loadConfig(at);
    assert.equal(config.ai.model, text.includes("model") ? "x" : undefined);
  }
});

Deno.test("an empty value leaves the decision to the layer below", async () => {
  await using at = await places("ai:\n  model:\n  temperature: ~\n", {
    system: "ai:\n  model: below\n",
  });
  const { config, sources } = await loadConfig(at);
  assert.equal(config.ai.model, "below");
  assert.equal(sources["ai.model"], "system");
});

Deno.test("a file of a megabyte is refused quickly", async () => {
  for (const text of ["# " + "x".repeat(1_100_000), "ai:\n" + "  a: 1\n".repeat(150_000)]) {
    const start = performance.now();
    const error = await failure(text);
    assert.match(error.message, /larger than/);
    assert.ok(performance.now() - start < 1_000);
  }
});

Deno.test("a system's file that cannot be read is left out with a warning, a broken one is an error", async () => {
  await using at = await places("ai:\n  model: x\n", { system: "ai: [" });
  await assert.rejects(loadConfig(at), (error: PyraError) => error.message.includes("system.yaml"));
  await Deno.remove(at.systemPath ?? "");
  await Deno.mkdir(at.systemPath ?? "");
  const { config, warnings } = await loadConfig(at);
  assert.equal(config.ai.model, "x");
  assert.deepEqual(warnings, [`${at.systemPath} is not a file, so it is left out`]);
});

Deno.test("a profile's file that cannot be read is an error of its own", async () => {
  await using at = await places(undefined);
  await Deno.mkdir(at.profilePath);
  await assert.rejects(
    loadConfig(at),
    (error: PyraError) => error.category === "file" && error.code === "config_unreadable",
  );
});
