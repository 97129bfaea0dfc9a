import assert from "node:assert/strict";
import type { Embedder } from "../../../src/protocol/embedding.ts";
import { openEmbedder } from "../../../src/providers/embeddings.ts";
import type { OpenOptions } from "../../../src/providers/open.ts";
import { PROVIDERS } from "../../../src/providers/table.ts";
import { standInVector } from "../../bench/memory/stand_in_embedding.ts";
import { embeddingBody } from "../../fakes/fake_embeddings.ts";
import {
  type Answer,
  FAILURES,
  type ModelServer,
  type RecordedRequest,
  type Script,
  startModelServer,
} from "../../fakes/model_server.ts";
import { entry } from "./collect.ts";

const { signal: NEVER } = new AbortController();

function serve(embeddings: Script = {}): Promise<ModelServer> {
  return startModelServer({}, { embeddings });
}

function at(
  server: ModelServer,
  id = "openai",
  model = "m",
  more: Partial<OpenOptions> = {},
): Embedder {
  return openEmbedder(entry(id), model, { baseUrl: server.url, apiKey: "sk-test", fetch, ...more });
}

function texts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `text number ${at} ${"abc".repeat(at % 7)}`);
}

/** Whether the vectors are those of the texts, in their order. */
function assertVectors(vectors: readonly Float32Array[], given: readonly string[]): void {
  assert.equal(vectors.length, given.length);
  for (const [at, text] of given.entries()) {
    const expected = standInVector(text, 64);
    const distance = Math.hypot(...expected.map((it, place) => it - (vectors[at]?.[place] ?? 9)));
    assert.ok(distance < 1e-5, `text ${at}`);
  }
}

Deno.test("texts become vectors of unit length in their order, however the server sends them", async () => {
  const ways: Script[] = [
    {},
    (request) => ({ body: embeddingBody(request, { reversed: true }) }),
    (request) => ({ body: embeddingBody(request, { base64: true }) }),
    (request) => ({
      body: embeddingBody(request, { entry: ({ embedding }) => ({ embedding }) }),
    }),
    (request) => ({
      body: embeddingBody(request, {
        reversed: true,
        entry: (it) => ({ ...it, embedding: [...it.embedding].map((number) => 7 * +number) }),
      }),
    }),
    (request) => ({
      body: JSON.stringify(embeddingBody(request)),
      headers: { "content-type": "text/plain" },
    }),
  ];
  for (const way of ways) {
    await using server = await serve(way);
    assertVectors(await at(server).embed(texts(5), NEVER), texts(5));
  }
});

Deno.test("a request says what it has to, and carries the key where it belongs", async () => {
  await using server = await serve();
  const embedder = at(server);
  assert.equal(embedder.model, "openai/m");
  await embedder.embed(["one", "two"], NEVER);
  const [request] = server.embeddings;
  assert.equal(request?.path, "/v1/embeddings");
  assert.equal(request?.headers["authorization"], "Bearer sk-test");
  assert.deepEqual(request?.body, { model: "m", input: ["one", "two"], encoding_format: "float" });
  await at(server, "ollama", "m", { apiKey: null }).embed(["one"], NEVER);
  assert.equal(server.embeddings[1]?.headers["authorization"], undefined);
});

Deno.test("many texts go in several requests, and long ones are cut", async () => {
  await using server = await serve();
  const embedder = at(server);
  assertVectors(await embedder.embed(texts(150), NEVER), texts(150));
  const sizes = server.embeddings.map(({ body }) => body.input.length);
  assert.deepEqual(sizes, [64, 64, 22]);
  await embedder.embed([..."abcdefgh"].map((letter) => `${letter} `.repeat(20_000)), NEVER);
  const long = server.embeddings.slice(3).map(({ body }) => body.input);
  assert.ok(long.length > 1);
  assert.ok(long.flat().every((text: string) => text.length > 4_000 && text.length <= 8_000));
});

Deno.test("an empty text has a vector, and half a surrogate does not break a request", async () => {
  await using server = await serve();
  const vectors = await at(server).embed(["", "  ", "\ud83d", "𠮷".repeat(5_000)], NEVER);
  assert.equal(vectors.length, 4);
  for (const text of server.embeddings[0]?.body.input ?? []) {
    assert.ok(text.length > 0 && text.isWellFormed());
  }
});

function refusal(message: string, status = 400): Answer {
  return { status, body: { error: { message } } };
}

Deno.test("a server that takes fewer texts at once gets fewer", async () => {
  await using server = await serve(({ body }: RecordedRequest) =>
    body.input.length > 10 ? refusal("batch size is invalid, it should not be larger than 10") : {}
  );
  const embedder = at(server, "qwen");
  assertVectors(await embedder.embed(texts(64), NEVER), texts(64));
  const before = server.embeddings.length;
  await embedder.embed(texts(64), NEVER);
  const later = server.embeddings.slice(before).map(({ body }) => body.input.length);
  assert.deepEqual(later, Array.from({ length: 8 }, () => 8));
});

Deno.test("a text that is too long for the model is cut until it fits; its neighbours are not", async () => {
  const refusals = [
    refusal("This model's maximum context length is 512 tokens."),
    refusal("input is too large to process. increase the physical batch size", 500),
  ];
  for (const tooLong of refusals) {
    await using server = await serve(({ body }: RecordedRequest) =>
      body.input.some((text: string) => text.length > 1_500) ? tooLong : {}
    );
    const given = [...texts(5), "word ".repeat(1_000), ...texts(3)];
    const vectors = await at(server).embed(given, NEVER);
    assert.equal(vectors.length, 9);
    assertVectors(vectors.slice(0, 5), texts(5));
    assertVectors(vectors.slice(6), texts(3));
    assert.ok(server.embeddings.length < 20);
    const last = server.embeddings.length;
    await at(server).embed(texts(9), NEVER);
    assert.equal(server.embeddings.length, last + 1);
  }
});

Deno.test("a request that is refused for what it is ends soon, with the server's words", async () => {
  await using server = await serve(refusal("this model does not support embeddings"));
  await assert.rejects(at(server).embed(texts(64), NEVER), {
    code: "bad_request",
    message: /does not support embeddings$/,
  });
  assert.ok(server.embeddings.length <= 7);
});

Deno.test("a server that does not know the format is asked without it", async () => {
  await using server = await serve({ refuse_parameters: ["encoding_format"] });
  const embedder = at(server, "custom");
  assertVectors(await embedder.embed(texts(3), NEVER), texts(3));
  await embedder.embed(texts(1), NEVER);
  assert.deepEqual(server.embeddings.map(({ body }) => "encoding_format" in body), [
    true,
    false,
    false,
  ]);
});

Deno.test("what is no answer is told, and nothing of it is taken", async () => {
  const body = (data: unknown): Answer => ({ body: { data } });
  const cases: [answer: Script, said: RegExp][] = [
    [FAILURES.wrong_shape, /no list of vectors/],
    [FAILURES.not_json, /no list of vectors/],
    [body([{ embedding: [1] }]), /1 vectors for 2 texts/],
    [body([]), /0 vectors for 2 texts/],
    [body([{ index: 0, embedding: [1] }, { index: 0, embedding: [1] }]), /no vector for text 2/],
    [body([{ index: 0, embedding: [1] }, { index: 5, embedding: [1] }]), /no vector for text 2/],
    [body([{ embedding: [1, 2] }, { embedding: [1] }]), /not equally long/],
    [body([{ embedding: [1, null] }, { embedding: [1, 2] }]), /no number/],
    [body([{ embedding: [1, "NaN"] }, { embedding: [1, 2] }]), /no number/],
    [body([{ embedding: [1, 1e300] }, { embedding: [1, 2] }]), /no number/],
    [body([{ embedding: [0, 0] }, { embedding: [1, 2] }]), /all zeros/],
    [body([{ embedding: [] }, { embedding: [1] }]), /0 numbers/],
    [body([{ embedding: "AAAA" }, { embedding: "AAAA" }]), /is cut/],
    [body([{ embedding: "?" }, { embedding: "?" }]), /no base64/],
    [body([{ embedding: "AADAfwAAwH8=" }, { embedding: [1, 2] }]), /no number/],
    [body([null, 5]), /0 numbers/],
  ];
  for (const [answer, said] of cases) {
    await using server = await serve(answer);
    await assert.rejects(at(server).embed(["one", "two"], NEVER), (error: Error) => {
      assert.equal(Object(error).code, "bad_answer");
      assert.match(error.message, said);
      return true;
    });
  }
});

Deno.test("vectors of other sizes in a later answer are refused", async () => {
  await using server = await serve((request, index) => ({
    body: embeddingBody(request, { dimension: 32 + 32 * index }),
  }));
  await assert.rejects(at(server).embed(texts(70), NEVER), { code: "bad_answer" });
});

Deno.test("a server in trouble is asked again", async () => {
  const soon = { headers: { "retry-after-ms": "1" } };
  await using server = await serve((_, index) =>
    [{ ...FAILURES.rate_limited, ...soon }, { ...FAILURES.server_error, ...soon }][index] ?? {}
  );
  assertVectors(await at(server).embed(texts(2), NEVER), texts(2));
  assert.equal(server.embeddings.length, 3);
});

Deno.test("an answer that breaks off is asked for again, and at last told", async () => {
  let breaks = 1;
  await using server = await serve((request) => ({
    body: embeddingBody(request),
    ...(breaks-- > 0 ? { cut_after: 0 } : {}),
  }));
  assertVectors(await at(server).embed(texts(2), NEVER), texts(2));
  assert.equal(server.embeddings.length, 2);
});

Deno.test("other failures are told as those of the conversation, with hints that fit", async () => {
  const cases: [answer: Answer, id: string, code: string, hint: RegExp][] = [
    [FAILURES.bad_key, "openai", "bad_key", /pyra setup/],
    [FAILURES.quota_exhausted, "openai", "quota_exhausted", /credit/],
    [FAILURES.no_such_model, "openai", "no_such_model", /^name another under memory\.embeddings$/],
    [FAILURES.no_such_model, "ollama", "no_such_model", /^get it with ollama pull m, or name/],
    [FAILURES.no_such_path, "openai", "bad_base_url", /base_url/],
    [refusal("This server does not support embeddings.", 501), "llamacpp", "bad_request", /./],
  ];
  for (const [answer, id, code, hint] of cases) {
    await using server = await serve(answer);
    await assert.rejects(at(server, id).embed(["one"], NEVER), { code, hint });
    assert.equal(server.embeddings.length, 1);
  }
});

Deno.test("aborting ends a slow call at once, with the signal's reason", async () => {
  await using server = await serve({ delay_ms: 60_000 });
  const stop = new AbortController();
  const reason = new Error("enough");
  const running = at(server).embed(["one"], stop.signal);
  setTimeout(() => stop.abort(reason), 50);
  await assert.rejects(running, reason);
  await assert.rejects(at(server).embed(["one"], stop.signal), reason);
  assert.ok(server.embeddings.length <= 1);
});

Deno.test("a server that falls silent is not waited for without end", async () => {
  await using server = await serve({ delay_ms: 60_000 });
  const embedder = at(server, "ollama", "m", { idleLimitMs: 30 });
  const stop = AbortSignal.timeout(30_000);
  await assert.rejects(embedder.embed(["one"], stop), { code: "network" });
});

Deno.test("models that want to be told what a text is are told", async () => {
  const cases: [model: string, query: string, passage: string][] = [
    ["nomic-embed-text:latest", "search_query: x", "search_document: x"],
    ["embeddinggemma:300m", "task: search result | query: x", "title: none | text: x"],
    ["intfloat/multilingual-e5-large", "query: x", "passage: x"],
    ["text-embedding-3-small", "x", "x"],
    ["bge-m3", "x", "x"],
  ];
  await using server = await serve();
  for (const [model, query, passage] of cases) {
    const embedder = at(server, "custom", model);
    await embedder.embed(["x"], NEVER, "query");
    await embedder.embed(["x"], NEVER);
    const sent = server.embeddings.slice(-2).map(({ body }) => body.input[0]);
    assert.deepEqual(sent, [query, passage], model);
  }
});

Deno.test("who makes no vectors, or has no usual model, says so before anything is asked", () => {
  const options = { apiKey: "k", fetch: () => Promise.reject(new Error("asked")) };
  assert.throws(() => openEmbedder(entry("anthropic"), "m", options), {
    code: "no_embeddings",
    hint: /openai .*ollama/,
  });
  assert.throws(() => openEmbedder(entry("lmstudio"), "", options), {
    code: "no_embedding_model",
    hint: /memory\.embeddings lmstudio\/MODEL/,
  });
  assert.throws(() => openEmbedder(entry("openai"), "", { ...options, apiKey: null }), {
    code: "no_key",
  });
  assert.throws(() => openEmbedder(entry("custom"), "m", options), { code: "bad_base_url" });
  assert.equal(openEmbedder(entry("openai"), "", options).model, "openai/text-embedding-3-small");
});

Deno.test("every provider says which model makes vectors, or that none does", () => {
  const able = PROVIDERS.filter(({ embedding_model }) => embedding_model !== null);
  assert.ok(able.length >= 10);
  for (const { id, dialect, group, embedding_model } of able) {
    assert.equal(dialect, "openai", id);
    if (group === "cloud" && id !== "azure") assert.notEqual(embedding_model, "", id);
  }
});
