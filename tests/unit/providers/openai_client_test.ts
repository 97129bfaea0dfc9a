import assert from "node:assert/strict";
import { type Answer, FAILURES, startModelServer } from "../../fakes/model_server.ts";
import { ask, at, question } from "./collect.ts";

/** Runs with those variables in the environment, and takes them out again. */
async function withEnvironment(
  variables: Record<string, string>,
  run: () => Promise<void>,
): Promise<void> {
  for (const [name, value] of Object.entries(variables)) Deno.env.set(name, value);
  try {
    await run();
  } finally {
    for (const name of Object.keys(variables)) Deno.env.delete(name);
  }
}

Deno.test("the environment that the package knows changes nothing, and no header is the package's", async () => {
  await using server = await startModelServer({}, { models: ["x"] });
  const environment = {
    OPENAI_API_KEY: "sk-other",
    OPENAI_ADMIN_KEY: "sk-admin",
    OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
    OPENAI_ORG_ID: "org",
    OPENAI_PROJECT_ID: "project",
    OPENAI_LOG: "debug",
    OPENAI_CUSTOM_HEADERS: "authorization: Bearer sk-other\nx-more: 1",
  };
  await withEnvironment(environment, async () => {
    await ask(at(server.url));
    await ask(at(server.url, "custom", { apiKey: null }));
    await ask(at(server.url, "azure"));
  });
  const own = ["accept", "accept-encoding", "accept-language", "content-length", "content-type"];
  const [bearer, none, other] = server.requests.map(({ headers }) => headers);
  for (const [headers, more] of [[bearer, "authorization"], [none, ""], [other, "api-key"]]) {
    const expected = [...own, "host", "user-agent", more].filter((name) => name !== "").sort();
    assert.deepEqual(
      Object.keys(headers ?? {}).filter((it) => it !== "connection").sort(),
      expected,
    );
  }
  assert.equal(bearer?.["authorization"], "Bearer sk-test");
  assert.match(bearer?.["user-agent"] ?? "", /^Deno\//);
});

Deno.test("a query of the base URL stays behind the path", async () => {
  await using server = await startModelServer();
  await ask(at(`${server.url}?api-version=1`));
  assert.equal(server.requests[0]?.path, "/v1/chat/completions?api-version=1");
});

Deno.test("a refusal is understood whatever its body is", async () => {
  const html = { "content-type": "text/html" };
  const refusals: [answer: Answer, code: string, said: RegExp][] = [
    [{ status: 404, body: "<h1>no</h1>", headers: html }, "bad_base_url", /no OpenAI-compatible/],
    [{ status: 404, body: { detail: "nothing here" } }, "no_such_model", /no model/],
    [{ status: 400, body: [{ error: { message: "odd" } }] }, "bad_request", /request: odd$/],
    [{ status: 422, body: { detail: "too odd" } }, "bad_request", /request: too odd$/],
    [{ status: 400, body: "plainly no", headers: html }, "bad_request", /request: plainly no$/],
    [{ status: 400, body: "", headers: html }, "bad_request", /request$/],
    [{ status: 400, body: { error: { code: "x" }, message: "outer" } }, "bad_request", /: outer$/],
  ];
  for (const [answer, code, said] of refusals) {
    await using server = await startModelServer(answer);
    const { error } = await ask(at(server.url));
    assert.equal(error?.code, code);
    assert.match(error?.message ?? "", said);
  }
});

Deno.test("a refusal that never ends is read to a bound", async () => {
  let pulled = 0;
  const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new Uint8Array(1_000).fill(32 + pulled++ % 64)),
  });
  const outcome = await ask(at("http://127.0.0.1:9/v1", "openai", {
    fetch: () => Promise.resolve(new Response(endless, { status: 500 })),
  }));
  assert.equal(outcome.error?.code, "server_down");
  assert.ok(pulled < 100, `${pulled} pieces`);
});

Deno.test("silence ends an answer in one piece and a list of models too", async () => {
  const hanging = () => {
    const body = new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode("{")) });
    const headers = { "content-type": "application/json" };
    return Promise.resolve(new Response(body, { headers }));
  };
  const provider = at("http://127.0.0.1:9/v1", "openai", { fetch: hanging, idleLimitMs: 40 });
  for (const stream of [true, false]) {
    const { error } = await ask(provider, question("hi", { stream }));
    assert.match(error?.message ?? "", /did not answer in time/);
  }
  await assert.rejects(provider.listModels(new AbortController().signal), {
    code: "network",
    message: /did not answer in time/,
  });
});

Deno.test("aborting ends an answer in one piece with the reason, and hangs up", async () => {
  await using server = await startModelServer({ delay_ms: 60_000 });
  const controller = new AbortController();
  const reason = new Error("enough");
  const stream = at(server.url).stream(question("hi", { stream: false }), controller.signal);
  const reading = stream[Symbol.asyncIterator]().next();
  const { abandoned } = await server.request(0);
  controller.abort(reason);
  await assert.rejects(reading, reason);
  if (!abandoned.aborted) {
    await new Promise((resolve) => abandoned.addEventListener("abort", resolve));
  }
});

Deno.test("whoever leaves at the first warning hangs up", async () => {
  const refusal: Answer = {
    status: 400,
    body: { error: { message: "Unsupported parameter: 'temperature'" } },
  };
  await using server = await startModelServer([refusal, { text: "one two", hang_after: 1 }]);
  const { signal } = new AbortController();
  for await (const event of at(server.url).stream(question("hi", { temperature: 1 }), signal)) {
    assert.equal(event.type, "warning");
    break;
  }
  const { abandoned } = await server.request(1);
  if (!abandoned.aborted) {
    await new Promise((resolve) => abandoned.addEventListener("abort", resolve));
  }
});

Deno.test("nothing is written to the console, whatever is answered", async () => {
  const said: unknown[][] = [];
  const names = ["debug", "error", "info", "log", "warn"] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...words: unknown[]) => void said.push(words);
  try {
    for (const name of ["malformed", "malformed_at_once", "server_error", "cut"] as const) {
      await using server = await startModelServer(FAILURES[name]);
      await ask(at(server.url));
    }
  } finally {
    names.forEach((name, index) => console[name] = before[index] ?? (() => undefined));
  }
  assert.deepEqual(said, []);
});
