import assert from "node:assert/strict";
import fc from "fast-check";
import { findLocalServers } from "../../../src/providers/local_servers.ts";
import { parseModels } from "../../../src/providers/models.ts";
import type { ProviderEntry } from "../../../src/providers/table.ts";
import { FAILURES, type ModelServer, startModelServer } from "../../fakes/model_server.ts";
import { at, entry } from "./collect.ts";

Deno.test("lists of models are read in every shape that is about, in their order", () => {
  const ids = ["b", "a"];
  for (
    const body of [
      { object: "list", data: [{ id: "b" }, { id: "a" }] },
      { models: [{ name: "b" }, { name: "a" }] },
      [{ id: "b", name: "B" }, { id: "a", name: "A" }],
      ["b", "a"],
      { data: [{ id: "models/b" }, { id: "b" }, {}, { id: 7 }, { id: "a" }] },
    ]
  ) {
    const expected = JSON.stringify(body).includes("7") ? ["b", "7", "a"] : ids;
    assert.deepEqual(parseModels(body), expected);
  }
  for (const body of [undefined, null, "x", {}, { data: {} }, 7]) {
    assert.equal(parseModels(body), undefined);
  }
});

Deno.test("a list of models is bounded and free of control characters", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => ({ id: `m${index}` }));
  assert.equal(parseModels({ data: many })?.length, 2_000);
  assert.deepEqual(parseModels(["x".repeat(500), "a\u001b[31m", "ok"]), ["ok"]);
  fc.assert(fc.property(fc.anything(), (body) => {
    const ids = parseModels(body) ?? [];
    assert.ok(ids.every((id) => typeof id === "string" && id !== ""));
  }));
});

Deno.test("a provider lists its models, at the address its entry names", async () => {
  await using server = await startModelServer({}, { models: ["x", "y"], key: "sk-test" });
  const signal = new AbortController().signal;
  assert.deepEqual(await at(server.url).listModels(signal), ["x", "y"]);
  assert.deepEqual(await at(server.url, "cohere").listModels(signal), ["x", "y"]);
  assert.deepEqual(await at(server.url, "bedrock").listModels(signal), []);
  assert.deepEqual(await at("", "demo").listModels(signal), ["demo"]);
  const wrong = at(server.url, "openai", { apiKey: "sk-wrong" });
  await assert.rejects(wrong.listModels(signal), { code: "bad_key" });
});

Deno.test("what is no list of models is said so", async () => {
  await using server = await startModelServer({}, { models: FAILURES.not_json });
  await assert.rejects(at(server.url).listModels(new AbortController().signal), {
    code: "bad_answer",
  });
});

function local(id: string, server: ModelServer): ProviderEntry {
  return { ...entry(id), base_url: server.url };
}

Deno.test("local servers are found at once; what is slow, absent or something else is not", async () => {
  await using ollama = await startModelServer({}, { models: ["qwen3"] });
  await using empty = await startModelServer({}, { models: [] });
  await using slow = await startModelServer({}, { models: { delay_ms: 60_000 } });
  await using other = await startModelServer({}, { models: FAILURES.not_json });
  const gone = await startModelServer();
  await gone[Symbol.asyncDispose]();
  const began = performance.now();
  const found = await findLocalServers(fetch, new AbortController().signal, [
    local("vllm", slow),
    local("ollama", ollama),
    local("lmstudio", empty),
    local("llamacpp", other),
    local("vllm", gone),
  ]);
  assert.deepEqual(found, [
    { provider: "ollama", base_url: ollama.url, models: ["qwen3"] },
    { provider: "lmstudio", base_url: empty.url, models: [] },
  ]);
  assert.ok(performance.now() - began < 3_000);
});

Deno.test("a server that sends its list drop by drop is not waited for", async () => {
  let timer: ReturnType<typeof setInterval>;
  const dribbling = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      timer = setInterval(() => controller.enqueue(new TextEncoder().encode(" ")), 50);
    },
    cancel: () => clearInterval(timer),
  });
  const began = performance.now();
  const dribble = () => Promise.resolve(new Response(dribbling));
  const found = await findLocalServers(dribble, new AbortController().signal, [entry("ollama")]);
  assert.deepEqual(found, []);
  assert.ok(performance.now() - began < 3_000);
});

Deno.test("looking for local servers ends with the signal", async () => {
  await using slow = await startModelServer({}, { models: { delay_ms: 60_000 } });
  const reason = new Error("enough");
  const looking = findLocalServers(fetch, AbortSignal.timeout(20), [local("ollama", slow)]);
  await assert.rejects(looking, { name: "TimeoutError" });
  await assert.rejects(findLocalServers(fetch, AbortSignal.abort(reason)), reason);
});
