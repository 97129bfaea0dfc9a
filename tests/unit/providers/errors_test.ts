import assert from "node:assert/strict";
import fc from "fast-check";
import { EXIT } from "../../../src/protocol/error.ts";
import { refusesParameter, retryAfter } from "../../../src/providers/error_body.ts";
import { fetchError, httpError, ProviderError } from "../../../src/providers/errors.ts";
import { openProvider } from "../../../src/providers/open.ts";
import { RpcError } from "../../../src/rpc/error.ts";
import { startModelServer } from "../../fakes/model_server.ts";
import { ask, at, entry } from "./collect.ts";

const SUBJECT = { entry: entry("openai"), baseUrl: "https://api.openai.com/v1", model: "gpt-x" };

function refused(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): ProviderError {
  return httpError(SUBJECT, { status, headers: new Headers(headers), body }, 0);
}

Deno.test("the words of many providers are understood", () => {
  const said: [status: number, body: unknown, code: string][] = [
    [
      400,
      [{ error: { code: 400, message: "API key not valid. Please pass a valid API key." } }],
      "bad_key",
    ],
    [400, {
      type: "error",
      error: { type: "invalid_request_error", message: "Your credit balance is too low" },
    }, "quota_exhausted"],
    [402, { error: { message: "Insufficient Balance" } }, "quota_exhausted"],
    [
      400,
      { error: { message: "prompt is too long: 210000 tokens > 200000 maximum" } },
      "context_too_long",
    ],
    [422, { detail: "Prompt contains too many tokens" }, "context_too_long"],
    [
      400,
      { object: "error", message: "This model's maximum context length is 4096 tokens" },
      "context_too_long",
    ],
    [404, { error: 'model "llama9" not found, try pulling it first' }, "no_such_model"],
    [400, { error: { message: "Invalid model: gpt-99", code: "invalid_model" } }, "no_such_model"],
    [404, "<html>nginx</html>", "bad_base_url"],
    [301, "", "bad_base_url"],
    [429, { error: { message: "You exceeded your current quota" } }, "quota_exhausted"],
    [529, { error: { type: "overloaded_error", message: "Overloaded" } }, "server_down"],
    [408, "", "server_down"],
    [500, { error: { message: "too many tokens in flight" } }, "server_down"],
    [400, null, "bad_request"],
  ];
  for (const [status, body, code] of said) {
    assert.equal(refused(status, body).code, code, JSON.stringify(body));
  }
});

Deno.test("only what a provider can get over by itself is worth another try", () => {
  const retryable = (status: number, body: unknown = "") => refused(status, body).retryable;
  assert.ok([429, 500, 502, 503, 529].every((status) => retryable(status)));
  assert.ok(![400, 401, 403, 404].some((status) => retryable(status)));
  const quota = refused(429, { error: { code: "insufficient_quota" } });
  assert.deepEqual([quota.retryable, quota.unavailable], [false, true]);
});

Deno.test("a rate limit says how long it lasts", () => {
  const limited = refused(429, "", { "retry-after": "90" });
  assert.equal(limited.retryAfterMs, 90_000);
  assert.match(limited.message, /90 s/);
  assert.match(refused(429, "", { "retry-after": "600" }).hint, /10 min/);
});

Deno.test("a limit that passes is told from credit that is used up", () => {
  const message = "You exceeded your current quota, please check your plan and billing details. " +
    `${"* Quota exceeded for metric x. ".repeat(20)}Please retry in 34.5s.`;
  const limited = refused(429, [{ error: { code: 429, message, status: "RESOURCE_EXHAUSTED" } }]);
  assert.deepEqual([limited.code, limited.retryAfterMs], ["rate_limited", 34_500]);
  const spoken = (text: string) => refused(429, { error: { message: text } }).retryAfterMs;
  assert.equal(spoken("Please try again in 7m12s."), 432_000);
  assert.equal(spoken("try again in 250ms"), 250);
  assert.equal(spoken("try again later"), undefined);
});

Deno.test("the wait is read from seconds, milliseconds and dates, and nothing else", () => {
  const now = Date.UTC(2025, 0, 1);
  const wait = (headers: Record<string, string>) => retryAfter(new Headers(headers), now);
  assert.equal(wait({ "retry-after": "2" }), 2_000);
  assert.equal(wait({ "retry-after": "0.5" }), 500);
  assert.equal(wait({ "retry-after-ms": "123", "retry-after": "9" }), 123);
  assert.equal(wait({ "retry-after": new Date(now + 7_000).toUTCString() }), 7_000);
  assert.equal(wait({ "retry-after": new Date(now - 7_000).toUTCString() }), 0);
  assert.equal(wait({ "retry-after": "soon" }), undefined);
  assert.equal(wait({}), undefined);
  fc.assert(fc.property(fc.stringMatching(/^[\x20-\x7e]*$/), (text) => {
    const ms = wait({ "retry-after": text, "retry-after-ms": text });
    assert.ok(ms === undefined || ms >= 0);
  }));
});

Deno.test("a foreign message cannot steer the terminal, and is short", () => {
  const body = { error: { message: "no\u001b[2J\u0007 way\r\nat all \u202e" + "x".repeat(9_000) } };
  const { message } = refused(400, body);
  // deno-lint-ignore no-control-regex -- they are what is looked for
  assert.doesNotMatch(message, /[\u0000-\u001f\u007f-\u009f\u202e]/);
  assert.ok(message.length < 400);
});

Deno.test("any body of any status is some error with something to do", () => {
  fc.assert(fc.property(fc.integer({ min: 300, max: 599 }), fc.anything(), (status, body) => {
    const error = refused(status, body);
    assert.ok(error.message !== "" && error.hint !== "");
  }));
});

Deno.test("what egress refused is a refusal, with exit code 4, however deep it is wrapped", () => {
  const codes = [
    "origin_refused",
    "address_refused",
    "origin_unbound",
    "sentinel_misplaced",
    "insecure_credential",
    "secret_unavailable",
  ];
  for (const remoteCode of codes) {
    const inner = new RpcError("remote", "egress said no", { remoteCode });
    const wrapped = new TypeError("fetch failed", { cause: new Error("again", { cause: inner }) });
    const error = fetchError(SUBJECT, wrapped);
    assert.equal(error.code, remoteCode);
    assert.equal(error.category, "permission");
    assert.equal(error.exitCode, EXIT.refused);
    assert.notEqual(error.hint, "");
    assert.ok(!error.unavailable);
  }
});

Deno.test("failures of the network say which, and what to do", () => {
  const failure = (reason: string, id = "openai") => {
    const subject = { entry: entry(id), baseUrl: entry(id).base_url ?? "" };
    const data = { reason };
    const remoteCode = reason === "tls" ? "tls" : "network";
    return fetchError(subject, new RpcError("remote", "x", { remoteCode, data }));
  };
  const messages = new Map<string, string>();
  for (const reason of ["dns", "refused", "unreachable", "reset", "timeout", "tls", "proxy"]) {
    const error = failure(reason);
    assert.equal(error.category, "network");
    assert.equal(error.code, "network");
    assert.ok(error.unavailable);
    messages.set(error.message, reason);
  }
  assert.equal(messages.size, 7);
  assert.deepEqual([failure("dns").retryable, failure("tls").retryable], [false, false]);
  assert.deepEqual([failure("reset").retryable, failure("timeout").retryable], [true, true]);
  const ollama = failure("refused", "ollama");
  assert.match(ollama.message, /is Ollama running\?/);
  assert.match(ollama.hint, /ollama serve/);
  assert.ok(!ollama.retryable);
});

Deno.test("a real connection that is refused is told from a name that leads nowhere", async () => {
  const gone = await startModelServer();
  await gone[Symbol.asyncDispose]();
  const refusedOne = await ask(at(gone.url, "ollama"));
  assert.match(refusedOne.error?.message ?? "", /is Ollama running\?/);
  const lost = await ask(at("http://nowhere.invalid/v1"));
  assert.match(lost.error?.message ?? "", /leads nowhere/);
});

Deno.test("without a key or an address a provider that needs one is not set up", () => {
  const options = { apiKey: null, fetch };
  const noKey = () => openProvider(entry("mistral"), options);
  assert.throws(noKey, { code: "no_key", category: "configuration", exitCode: EXIT.notSetUp });
  assert.throws(noKey, /MISTRAL_API_KEY|there is no key/);
  const noAddress = () => openProvider(entry("azure"), { ...options, apiKey: "k" });
  assert.throws(noAddress, { code: "bad_base_url", exitCode: EXIT.notSetUp });
  openProvider(entry("ollama"), options);
});

Deno.test("a parameter is refused, or only its value", () => {
  const says = (message: string, more: object = {}, status = 400) => {
    const body = { error: { message, ...more } };
    return refusesParameter({ status, headers: new Headers(), body }, "max_tokens");
  };
  assert.ok(
    says("Unsupported parameter: 'max_tokens'", {
      code: "unsupported_parameter",
      param: "max_tokens",
    }),
  );
  assert.ok(says("Extra inputs are not permitted: max_tokens", {}, 422));
  assert.ok(
    !says("'max_completion_tokens' is not supported, use 'max_tokens'", {
      code: "unsupported_parameter",
      param: "max_completion_tokens",
    }),
  );
  assert.ok(!says("max_tokens must be below 4096"));
  assert.ok(!says("max_tokens is not supported", {}, 500));
});
