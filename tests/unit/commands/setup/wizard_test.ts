import assert from "node:assert/strict";
import { interruption } from "../../../../src/commands/context.ts";
import { PROVIDERS } from "../../../../src/providers/table.ts";
import {
  echoProvider,
  scriptedPrompts,
  scriptedProvider,
  TestProfile,
} from "../../../fakes/command_context.ts";
import { kernelError } from "../../../fakes/kernel.ts";

import { failing, keyless, listing, NO_CONFIG, settings } from "./setup_providers.ts";

Deno.test("the wizard offers what is there first, and the demo last; Enter takes the demo", async () => {
  await using profile = await TestProfile.create();
  const prompts = scriptedPrompts(["enter"]);
  const { code } = await profile.run(["setup"], { terminal: true, prompts });
  assert.equal(code, 0);
  const [question = ""] = prompts.seen.filter((text) => text.startsWith("Which one?"));
  const rows = question.split(" / ");
  assert.equal(rows.length, PROVIDERS.length);
  assert.match(rows.at(-1) ?? "", /^Demo/);
  assert.match(await settings(profile), /provider_id: demo\n {2}model: demo\n/);
});

Deno.test("the wizard's Enter takes a running server, then a key of the environment", async () => {
  await using profile = await TestProfile.create();
  const connected: string[] = [];
  const serve: typeof fetch = (input) =>
    String(input instanceof Request ? input.url : input).startsWith("http://127.0.0.1:11434/")
      ? Promise.resolve(Response.json({ data: [{ id: "llama" }] }))
      : Promise.reject(new TypeError("connection refused"));
  const prompts = scriptedPrompts(["enter"]);
  const run = {
    terminal: true,
    environmentKeys: ["groq"],
    provider: listing("llama"),
    connect: (id: string) => Promise.resolve(void connected.push(id)),
  };
  const { code } = await profile.run(["setup"], { ...run, prompts, fetch: serve });
  assert.equal(code, 0);
  assert.match(await settings(profile), /provider_id: ollama\n {2}model: llama\n/);
  assert.match(
    prompts.seen.join("\n"),
    /Which one\? Ollama \(runs.*\) \/ Groq \(its key.*\) \/ OpenAI/,
  );
  assert.deepEqual(connected, ["ollama", "lmstudio", "llamacpp", "vllm"]);
  await Deno.remove(profile.configPath);
  await profile.run(["setup"], { ...run, prompts: scriptedPrompts(["enter"]) });
  assert.match(await settings(profile), /provider_id: groq\n {2}model: llama\n/);
});

Deno.test("the wizard lists the models with the usual one chosen", async () => {
  await using profile = await TestProfile.create();
  const usual = PROVIDERS.find(({ id }) => id === "openai")?.default_model ?? "";
  const run = { terminal: true, environmentKeys: ["openai"], provider: listing("a", usual, "z") };
  const [first, second] = [
    scriptedPrompts(["enter", "enter"]),
    scriptedPrompts(["enter", { pick: "z" }]),
  ];
  await profile.run(["setup"], { ...run, prompts: first });
  assert.match(await settings(profile), new RegExp(`model: ${usual}\n`));
  await profile.run(["setup"], { ...run, prompts: second });
  assert.match(await settings(profile), /model: z\n/);
  // What a model can be given is told once.
  assert.match(first.seen.join("\n"), /pyra plugin install files shell system/);
  assert.ok(!second.seen.join("\n").includes("plugin install"));
});

Deno.test("the wizard has the kernel ask for a missing key, and goes on in the next room", async () => {
  await using profile = await TestProfile.create();
  const stored = { value: false };
  let stopped = false;
  const first = await profile.run(["setup"], {
    terminal: true,
    prompts: scriptedPrompts([{ pick: "Mistral" }]),
    provider: keyless(stored),
    answers: {
      storeProviderKey: () => {
        stopped = true;
        return Promise.reject(interruption("terminate"));
      },
    },
    // The kernel stops this room while it asks: nothing after that call is seen.
  }).catch(() => undefined);
  assert.ok(stopped);
  const remembered = first?.kernel.calls.filter(({ method }) => method === "remember").at(-1);
  assert.deepEqual(remembered?.params, {
    state: { setup: { provider: "mistral", key: "to_store" } },
  });
  stored.value = true;
  const { code, kernel } = await profile.run(["setup"], {
    terminal: true,
    remembered: { setup: { provider: "mistral", key: "to_store" } },
    prompts: scriptedPrompts([]),
    provider: keyless(stored),
    answers: { storeProviderKey: () => null },
  });
  assert.equal(code, 0);
  assert.deepEqual(kernel.of("storeProviderKey"), [{ provider: "mistral" }]);
  assert.match(await settings(profile), /provider_id: mistral\n {2}model: m1\n/);
});

Deno.test("the wizard says why a check failed, and lets the person go back, retry or keep it", async () => {
  await using profile = await TestProfile.create();
  const prompts = scriptedPrompts([
    { pick: "Groq" },
    { pick: "Try again" },
    { pick: "Choose another" },
    { pick: "DeepSeek" },
    { pick: "Keep" },
    "enter",
  ]);
  const { code } = await profile.run(["setup"], {
    terminal: true,
    prompts,
    provider: failing("bad_key"),
  });
  assert.equal(code, 0);
  assert.equal(prompts.seen.filter((text) => /it went wrong/.test(text)).length, 3);
  assert.match(await settings(profile), /provider_id: deepseek\n {2}model: deepseek-/);
});

Deno.test("the wizard asks for another key when one is bad", async () => {
  await using profile = await TestProfile.create();
  let keys = 0;
  const { code } = await profile.run(["setup"], {
    terminal: true,
    prompts: scriptedPrompts([{ pick: "Groq" }, { pick: "Enter another key" }]),
    provider: (choice, signal) =>
      keys === 0 ? failing("bad_key")(choice, signal) : listing("only")(choice, signal),
    answers: {
      storeProviderKey: () => {
        keys++;
        return null;
      },
    },
  });
  assert.equal(code, 0);
  assert.equal(keys, 1);
});

Deno.test("the wizard asks for the address of a server of one's own, and whether it wants a key", async () => {
  await using profile = await TestProfile.create();
  const prompts = scriptedPrompts([
    { pick: "An OpenAI-compatible" },
    { type: "http://127.0.0.1:9/v1" },
    { pick: "No" },
  ]);
  const { code, kernel } = await profile.run(["setup"], {
    terminal: true,
    prompts,
    provider: listing("mine"),
  });
  assert.equal(code, 0);
  assert.deepEqual(kernel.of("storeProviderKey"), []);
  assert.match(await settings(profile), /base_url: .*127\.0\.0\.1:9/);
});

Deno.test("the wizard asks for a model where a provider has no list", async () => {
  await using profile = await TestProfile.create();
  const prompts = scriptedPrompts([
    { pick: "Azure" },
    { type: "https://me.openai.azure.com/openai/v1" },
    { type: "my-deployment" },
  ]);
  const asked: string[] = [];
  const { code } = await profile.run(["setup"], {
    terminal: true,
    prompts,
    environmentKeys: ["azure"],
    provider: ({ provider }) =>
      Promise.resolve(scriptedProvider(provider, (request, signal) => {
        asked.push(request.model);
        return echoProvider(provider).stream(request, signal);
      })),
  });
  assert.equal(code, 0);
  assert.deepEqual(asked, ["my-deployment"]);
});

Deno.test("Ctrl-C anywhere in the wizard leaves the settings as they were", async () => {
  const before = "ai:\n  provider_id: openai\n  model: old\n";
  const scripts = [["ctrl-c"], [{ pick: "Groq" }, "ctrl-c"]] as const;
  for (const script of scripts) {
    await using profile = await TestProfile.create();
    const { code, err } = await profile.run(["setup"], {
      config: before,
      terminal: true,
      environmentKeys: ["groq"],
      prompts: scriptedPrompts(script),
      provider: listing("a", "b"),
    });
    assert.equal(code, 130);
    assert.equal(err, "");
    assert.equal(await settings(profile), before);
  }
});

Deno.test("Ctrl-C at the kernel's question ends the wizard with 130", async () => {
  await using profile = await TestProfile.create();
  const { code } = await profile.run(["setup"], {
    terminal: true,
    prompts: scriptedPrompts([{ pick: "Groq" }]),
    provider: keyless({ value: false }),
    answers: {
      storeProviderKey: () => Promise.reject(kernelError("cancelled", "cancelled at a question")),
    },
  });
  assert.equal(code, 130);
  await assert.rejects(settings(profile), NO_CONFIG);
});

Deno.test("a wizard that runs again begins at what is set up", async () => {
  await using profile = await TestProfile.create();
  await profile.run(["setup"], {
    config: "ai:\n  provider_id: vllm\n  model: old\n",
    terminal: true,
    prompts: scriptedPrompts(["enter"]),
    provider: listing("new"),
  });
  assert.match(await settings(profile), /provider_id: vllm\n {2}model: new\n/);
});
