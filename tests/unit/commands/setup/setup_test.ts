import assert from "node:assert/strict";
import { PROVIDERS } from "../../../../src/providers/table.ts";
import { echoProvider, scriptedProvider, TestProfile } from "../../../fakes/command_context.ts";
import { kernelError } from "../../../fakes/kernel.ts";

import { failing, keyless, listing, NO_CONFIG, settings } from "./setup_providers.ts";

Deno.test("by options: provider and model are checked and written in one piece", async () => {
  await using profile = await TestProfile.create();
  const { code, out, err, kernel } = await profile.run(
    ["setup", "--provider", "openai", "--model", "m2"],
    { input: "", environmentKeys: ["openai"], provider: listing("m1", "m2") },
  );
  assert.equal(code, 0);
  assert.equal(out, "pyra is set up: openai answers with m2\n");
  assert.equal(err, "");
  assert.match(await settings(profile), /^ai:\n {2}provider_id: openai\n {2}model: m2$/m);
  assert.equal(kernel.of("writeConfig").length, 1);
  assert.deepEqual(kernel.of("storeProviderKey"), []);
});

Deno.test("by options: without a model the usual one is taken, or the first on the list", async () => {
  await using profile = await TestProfile.create();
  const usual = PROVIDERS.find(({ id }) => id === "openai")?.default_model ?? "";
  const cases = [[["x", usual], usual], [["x", "y"], "x"]] as const;
  for (const [models, expected] of cases) {
    const { code } = await profile.run(["setup", "--provider", "openai", "--yes"], {
      input: "",
      provider: listing(...models),
    });
    assert.equal(code, 0);
    assert.match(
      await settings(profile),
      new RegExp(`model: ${expected.replaceAll(".", "\\.")}$`, "m"),
    );
  }
});

Deno.test("by options: an existing file keeps its comments and its other settings", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["setup", "-p", "ollama", "-m", "llama"], {
    config:
      "# mine\nai:\n  base_url: https://old.example\n  temperature: 0.5 # calm\ngeneral:\n  theme: dark\n",
    input: "",
    provider: listing("llama"),
  });
  const text = await settings(profile);
  assert.match(text, /^# mine\n/);
  assert.match(text, /temperature: 0\.5 # calm/);
  assert.match(text, /theme: dark/);
  assert.match(text, /provider_id: ollama/);
  assert.doesNotMatch(text, /old\.example/);
});

Deno.test("by options: a server of one's own needs its address, which is bound with the key", async () => {
  await using profile = await TestProfile.create();
  const bare = await profile.run(["setup", "--provider", "custom", "--model", "m"], { input: "" });
  assert.equal(bare.code, 2);
  assert.match(bare.err, /--base-url/);
  const opened: unknown[] = [];
  const { code, kernel } = await profile.run(
    "setup --provider custom --model m --base-url http://127.0.0.1:9/v1 --key-stdin".split(" "),
    {
      input: "",
      answers: { storeProviderKey: () => null },
      provider: (choice) => {
        opened.push(choice);
        return Promise.resolve(scriptedProvider("custom", echoProvider("custom").stream, ["m"]));
      },
    },
  );
  assert.equal(code, 0);
  assert.deepEqual(kernel.of("storeProviderKey"), [
    { provider: "custom", baseUrl: "http://127.0.0.1:9/v1" },
  ]);
  assert.deepEqual(opened, [{ provider: "custom", model: "m", baseUrl: "http://127.0.0.1:9/v1" }]);
  assert.match(await settings(profile), /base_url: ["']?http:\/\/127\.0\.0\.1:9\/v1/);
});

Deno.test("by options: no key, no terminal and no --key-stdin is exit code 3", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["setup", "--provider", "openai"], {
    input: "",
    provider: keyless({ value: false }),
  });
  assert.equal(code, 3);
  assert.match(err, /^pyra: there is no key for openai — .*--key-stdin.*OPENAI_API_KEY\n$/);
  await assert.rejects(settings(profile), NO_CONFIG);
});

Deno.test("by options: on a terminal a missing key is asked for by the kernel", async () => {
  await using profile = await TestProfile.create();
  const stored = { value: false };
  const { code } = await profile.run(["setup", "--provider", "openai", "--model", "m1"], {
    provider: keyless(stored),
    answers: {
      storeProviderKey: () => {
        stored.value = true;
        return null;
      },
    },
  });
  assert.equal(code, 0);
});

Deno.test("by options: a failing check writes nothing, unless --yes says so", async () => {
  await using profile = await TestProfile.create();
  const line = ["setup", "--provider", "groq", "--model", "m"];
  const run = { input: "", provider: failing("bad_key") };
  const refused = await profile.run(line, run);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /not saved: it went wrong — .*--yes/);
  await assert.rejects(settings(profile), NO_CONFIG);
  const kept = await profile.run([...line, "--yes"], run);
  assert.equal(kept.code, 0);
  assert.match(kept.err, /could not be checked: it went wrong/);
  assert.match(await settings(profile), /provider_id: groq/);
});

Deno.test("by options: the key is not asked for twice when the room was started again", async () => {
  await using profile = await TestProfile.create();
  const line = ["setup", "--provider", "openai", "--model", "m", "--key-stdin"];
  const first = await profile.run(line, {
    input: "",
    answers: { storeProviderKey: () => null },
    provider: () => Promise.reject(kernelError("room", "this room was stopped")),
  });
  assert.deepEqual(first.kernel.remembered, {
    setup: { provider: "openai", model: "m", key: "settled" },
  });
  const { code, kernel } = await profile.run(line, {
    input: "",
    remembered: first.kernel.remembered,
    provider: listing("m"),
  });
  assert.equal(code, 0);
  assert.deepEqual(kernel.of("storeProviderKey"), []);
});

Deno.test("by options: a model that is not listed is warned about, a provider that is not is refused", async () => {
  await using profile = await TestProfile.create();
  const { code, err } = await profile.run(["setup", "-p", "ollama", "-m", "none"], {
    input: "",
    provider: listing("llama"),
  });
  assert.equal(code, 0);
  assert.match(err, /does not list the model none/);
  const unknown = await profile.run(["setup", "-p", "olama", "-m", "x"], { input: "" });
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /did you mean ollama/);
});

Deno.test("by options: nothing named needs a terminal, or --yes, which takes what Enter would", async () => {
  await using profile = await TestProfile.create();
  assert.equal((await profile.run(["setup"], { input: "" })).code, 2);
  const { code } = await profile.run(["setup", "--yes"], { input: "" });
  assert.equal(code, 0);
  assert.match(await settings(profile), /provider_id: demo/);
});

Deno.test("by options: the result as JSON", async () => {
  await using profile = await TestProfile.create();
  const { out } = await profile.run(["setup", "-p", "demo", "-m", "demo"], {
    options: { json: true },
  });
  assert.deepEqual(JSON.parse(out), { provider: "demo", model: "demo", warnings: [] });
});
