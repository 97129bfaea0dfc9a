/**
 * A scripted OpenAI-compatible server on loopback, for every test that needs a model.
 *
 * ```ts
 * await using server = await startModelServer([
 *   FAILURES.rate_limited,                       // the first request
 *   { text: "Hello, Ada.", chunk_delay_ms: 5 },  // the second and all later ones
 * ]);
 * // ask `${server.url}/chat/completions`; look at server.requests
 * ```
 *
 * It serves `POST …/chat/completions` (streamed or in one piece, as the request says), `GET …/models`,
 * Ollama's `GET /api/tags`, and `GET /requests`: what was asked so far, as JSON.
 *
 * As a program: `deno run -A tests/fakes/model_server.ts [--port N] [--script FILE]` prints its URL and
 * serves until it is stopped. The file holds an answer or a list of answers as JSON.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";

/** A tool call that the fake model makes. */
export interface FakeToolCall {
  readonly id?: string;
  readonly name: string;
  /** Sent as it is: broken JSON too. */
  readonly arguments: string;
}

/** What one request is answered with. All of it is optional and JSON. */
export interface Answer {
  /** A string is streamed word by word, a list piece by piece. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  /** The name of the field that carries `reasoning`; `reasoning_content` if absent. */
  readonly reasoning_field?: "reasoning_content" | "reasoning";
  readonly tool_calls?: readonly FakeToolCall[];
  /** Characters of each piece of a call's arguments; 4 if absent. */
  readonly fragment?: number;
  /** `stop` or `tool_calls` if absent; null leaves it out. */
  readonly finish_reason?: string | null;
  /** Null sends none, not even when asked. */
  readonly usage?:
    | { readonly input: number; readonly output: number; readonly cached?: number }
    | null;
  /** Before the first byte of the answer. */
  readonly delay_ms?: number;
  /** Between two events of a stream. */
  readonly chunk_delay_ms?: number;
  /** The stream in pieces of so many bytes, whatever they split. */
  readonly piece_bytes?: number;
  /** The connection breaks after so many events, or in the middle of an answer in one piece. */
  readonly cut_after?: number;
  /** After so many events nothing more comes, and the connection stays. */
  readonly hang_after?: number;
  /** After so many events one that is no JSON. */
  readonly malformed_after?: number;
  /** After so many events one that says `{"error": …}`. */
  readonly error_after?: number;
  /** Ends without `data: [DONE]`. */
  readonly no_done?: boolean;
  /** Puts the request's key header into the text and into the header `x-echo-authorization`. */
  readonly echo_authorization?: boolean;
  /** 400, naming the first of these that the request's body has. */
  readonly refuse_parameters?: readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body, instead of a completion. What is no string is sent as JSON. */
  readonly body?: unknown;
}

/** A request that arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** The path and the query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body, or its text if it is no JSON. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  readonly body: any;
  /** The body's size. */
  readonly bytes: number;
  /** `performance.now()` when the head had arrived. */
  readonly at: number;
  /** Aborted when the client left before the whole answer was sent. */
  readonly abandoned: AbortSignal;
}

/** What is answered: always the same, one after the other (the last one repeats), or as computed. */
export type Script =
  | Answer
  | readonly Answer[]
  | ((request: RecordedRequest, index: number) => Answer | Promise<Answer>);

/** How the server is, apart from its script. */
export interface ModelServerOptions {
  /** 0, the default: any free one. */
  readonly port?: number;
  /** What the list of models holds, or what it is answered with. */
  readonly models?: readonly string[] | Answer;
  /** 401 for every request whose `Authorization` is not `Bearer` and this. */
  readonly key?: string;
}

/** A running server. */
export interface ModelServer extends AsyncDisposable {
  /** The base URL, such as `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  /** Every request of a completion, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** The completion request number `index` (0 is the first), as soon as it has arrived. */
  request(index: number): Promise<RecordedRequest>;
  /** Breaks all connections. */
  [Symbol.asyncDispose](): Promise<void>;
}

function failure(status: number, code: string | null, message: string, more: Answer = {}): Answer {
  return { status, body: { error: { message, type: "fake_error", param: null, code } }, ...more };
}

const SOME_TEXT = "The answer that never comes to its end.";

/** Every way to fail, by name. Those that break in the middle send text first. */
export const FAILURES = {
  bad_key: failure(401, "invalid_api_key", "Incorrect API key provided."),
  forbidden: failure(403, null, "You may not use this."),
  no_such_model: failure(404, "model_not_found", "The model `x` does not exist."),
  no_such_path: {
    status: 404,
    body: "404 page not found",
    headers: { "content-type": "text/plain" },
  },
  rate_limited: failure(429, "rate_limit_exceeded", "Too many requests.", {
    headers: { "retry-after": "1" },
  }),
  quota_exhausted: failure(429, "insufficient_quota", "You exceeded your current quota."),
  context_too_long: failure(
    400,
    "context_length_exceeded",
    "This model's maximum context length is 8192 tokens.",
  ),
  bad_request: failure(400, null, "Something in the request is wrong."),
  server_error: failure(500, null, "Internal error."),
  overloaded: { status: 503, body: "<html>503</html>", headers: { "content-type": "text/html" } },
  not_json: { status: 200, body: "<html>hello</html>", headers: { "content-type": "text/html" } },
  wrong_shape: { status: 200, body: { hello: "world" } },
  cut_at_once: { text: SOME_TEXT, cut_after: 0 },
  cut: { text: SOME_TEXT, cut_after: 4 },
  malformed_at_once: { text: SOME_TEXT, malformed_after: 0 },
  malformed: { text: SOME_TEXT, malformed_after: 4 },
  error_in_stream: { text: SOME_TEXT, error_after: 4 },
  ends_early: { text: SOME_TEXT, finish_reason: null, no_done: true, usage: null },
} as const satisfies Record<string, Answer>;

/** Answers that are odd and yet whole. */
export const ODDITIES = {
  huge_chunk: { text: ["x".repeat(2_000_000)] },
  split_utf8: { text: "Grüße, 世界 👩‍👩‍👧‍👦 – ça va ?", piece_bytes: 1 },
  no_usage: { text: "No one counted.", usage: null },
  tool_calls_in_fragments: {
    tool_calls: [
      { id: "call_a", name: "add", arguments: '{"a":1,"b":2}' },
      { id: "call_b", name: "say", arguments: '{"text":"ñandú"}' },
    ],
    fragment: 1,
  },
  echo: { text: "You sent ", echo_authorization: true },
  empty: { text: "" },
  slow: { text: "All in good time.", delay_ms: 50, chunk_delay_ms: 10 },
} as const satisfies Record<string, Answer>;

/** Starts the server. Without a script it greets. */
export async function startModelServer(
  script: Script = { text: "Hello from the fake model." },
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const waiting: { index: number; resolve: (request: RecordedRequest) => void }[] = [];

  const handle = async (message: IncomingMessage, out: ServerResponse): Promise<void> => {
    const request = await record(message, out);
    const path = request.path.split("?")[0] ?? "";
    if (path === "/requests") return sendJson(out, 200, requests);
    if (options.key !== undefined && request.headers["authorization"] !== `Bearer ${options.key}`) {
      return await reply(FAILURES.bad_key, request, out);
    }
    if (path.endsWith("/models")) {
      const listed = options.models ?? DEFAULT_MODELS;
      return isList(listed) ? sendModels(listed, out) : await reply(listed, request, out);
    }
    if (path === "/api/tags") return sendTags(options.models ?? DEFAULT_MODELS, out);
    if (!path.endsWith("/chat/completions")) {
      return await reply(FAILURES.no_such_path, request, out);
    }
    const index = requests.push(request) - 1;
    for (const waiter of waiting) if (waiter.index === index) waiter.resolve(request);
    await reply(await answerFor(script, request, index), request, out);
  };

  const server = createServer((message, out) => {
    handle(message, out).catch((error: unknown) => {
      if (!out.headersSent) out.writeHead(500);
      out.end(`the fake failed: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(options.port ?? 0, "127.0.0.1", () => resolve());
  });
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    request(index) {
      const arrived = requests[index];
      if (arrived !== undefined) return Promise.resolve(arrived);
      const { promise, resolve } = Promise.withResolvers<RecordedRequest>();
      waiting.push({ index, resolve });
      return promise;
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function record(message: IncomingMessage, out: ServerResponse): Promise<RecordedRequest> {
  const at = performance.now();
  const abandoned = new AbortController();
  out.on("close", () => {
    if (!out.writableFinished) abandoned.abort();
  });
  const text = message.method === "GET" ? "" : await readText(message);
  let body: unknown = text;
  try {
    body = JSON.parse(text);
  } catch {
    // Kept as text.
  }
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) headers[name] = String(value);
  return {
    method: message.method ?? "",
    path: message.url ?? "",
    headers,
    body,
    bytes: new TextEncoder().encode(text).length,
    at,
    abandoned: abandoned.signal,
  };
}

function answerFor(
  script: Script,
  request: RecordedRequest,
  index: number,
): Answer | Promise<Answer> {
  if (typeof script === "function") return script(request, index);
  if (!isList(script)) return script;
  return script[Math.min(index, script.length - 1)] ?? {};
}

function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

const DEFAULT_MODELS: readonly string[] = ["fake-large", "fake-small"];

function sendModels(ids: readonly string[], out: ServerResponse): void {
  const data = ids.map((id) => ({ id, object: "model", created: 0, owned_by: "fake" }));
  sendJson(out, 200, { object: "list", data });
}

function sendTags(listed: readonly string[] | Answer, out: ServerResponse): void {
  const ids = isList(listed) ? listed : DEFAULT_MODELS;
  sendJson(out, 200, { models: ids.map((name) => ({ name, model: name })) });
}

function sendJson(
  out: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  out.writeHead(status, { "content-type": "application/json", ...headers });
  out.end(JSON.stringify(body));
}

async function reply(answer: Answer, request: RecordedRequest, out: ServerResponse): Promise<void> {
  if (answer.delay_ms !== undefined) await pause(answer.delay_ms, request.abandoned);
  const key = request.headers["authorization"] ?? request.headers["api-key"] ?? "(no key)";
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.echo_authorization) headers["x-echo-authorization"] = key;

  const refused = answer.refuse_parameters?.find((name) => name in Object(request.body));
  if (refused !== undefined) {
    const message = `Unsupported parameter: '${refused}' is not supported with this model.`;
    const error = {
      message,
      type: "invalid_request_error",
      param: refused,
      code: "unsupported_parameter",
    };
    return sendJson(out, 400, { error }, headers);
  }
  if (answer.body !== undefined || (answer.status ?? 200) !== 200) {
    const status = answer.status ?? 200;
    if (typeof answer.body !== "string") return sendJson(out, status, answer.body ?? {}, headers);
    out.writeHead(status, headers);
    out.end(answer.body);
    return;
  }
  const pieces = inPieces(answer.text);
  if (answer.echo_authorization) pieces.push(key);
  if (request.body?.stream !== true) {
    const body = completion(answer, pieces.join(""), request);
    if (answer.cut_after === undefined) return sendJson(out, 200, body, headers);
    out.writeHead(200, { "content-type": "application/json", ...headers });
    await write(out, JSON.stringify(body).slice(0, 40));
    return void out.destroy();
  }
  out.writeHead(200, { "content-type": "text/event-stream", ...headers });
  out.flushHeaders();
  await sendEvents(answer, pieces, request, out);
}

function inPieces(text: Answer["text"]): string[] {
  if (text === undefined) return [];
  return typeof text === "string" ? text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [] : [...text];
}

function finishReason(answer: Answer): string | null {
  if (answer.finish_reason !== undefined) return answer.finish_reason;
  return answer.tool_calls === undefined ? "stop" : "tool_calls";
}

function usageOf(answer: Answer, request: RecordedRequest): Record<string, unknown> | undefined {
  if (answer.usage === null) return undefined;
  const input = answer.usage?.input ?? Math.ceil(request.bytes / 4);
  const output = answer.usage?.output ?? 7;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: answer.usage?.cached ?? 0 },
  };
}

function completion(answer: Answer, text: string, request: RecordedRequest): unknown {
  const calls = answer.tool_calls?.map((call, index) => ({
    id: call.id ?? `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    id: "fake",
    object: "chat.completion",
    created: 0,
    model: request.body?.model ?? "",
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: text === "" && calls !== undefined ? null : text,
        [answer.reasoning_field ?? "reasoning_content"]: inPieces(answer.reasoning).join("") ||
          undefined,
        tool_calls: calls,
      },
      finish_reason: finishReason(answer),
    }],
    usage: usageOf(answer, request),
  };
}

/** The events of a stream as texts, without what the script breaks. */
function* events(
  answer: Answer,
  pieces: readonly string[],
  request: RecordedRequest,
): Generator<string> {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}) => {
    const head = { id: "fake", object: "chat.completion.chunk", created: 0 };
    return JSON.stringify({ ...head, model: request.body?.model ?? "", choices, ...more });
  };
  const delta = (content: unknown) => chunk([{ index: 0, delta: content, finish_reason: null }]);

  yield delta({ role: "assistant", content: "" });
  for (const piece of inPieces(answer.reasoning)) {
    yield delta({ [answer.reasoning_field ?? "reasoning_content"]: piece });
  }
  for (const piece of pieces) yield delta({ content: piece });
  for (const [index, call] of (answer.tool_calls ?? []).entries()) {
    const id = call.id ?? `call_${index}`;
    const named = { name: call.name, arguments: "" };
    yield delta({ tool_calls: [{ index, id, type: "function", function: named }] });
    const size = answer.fragment ?? 4;
    for (let at = 0; at < call.arguments.length; at += size) {
      const part = { arguments: call.arguments.slice(at, at + size) };
      yield delta({ tool_calls: [{ index, function: part }] });
    }
  }
  const reason = finishReason(answer);
  if (reason !== null) yield chunk([{ index: 0, delta: {}, finish_reason: reason }]);
  const usage = usageOf(answer, request);
  if (usage !== undefined && request.body?.stream_options?.include_usage === true) {
    yield chunk([], { usage });
  }
  if (!answer.no_done) yield "[DONE]";
}

async function sendEvents(
  answer: Answer,
  pieces: readonly string[],
  request: RecordedRequest,
  out: ServerResponse,
): Promise<void> {
  let count = 0;
  for (const event of events(answer, pieces, request)) {
    if (count === answer.cut_after) return void out.destroy();
    if (count === answer.hang_after) await pause(3_600_000, request.abandoned);
    if (count === answer.malformed_after) await write(out, 'data: {"choices": [\n\n');
    if (count === answer.error_after) {
      await write(out, 'data: {"error":{"message":"The engine fell over.","code":500}}\n\n');
    }
    if (count > 0 && answer.chunk_delay_ms !== undefined) {
      await pause(answer.chunk_delay_ms, request.abandoned);
    }
    if (request.abandoned.aborted) return;
    await write(out, `data: ${event}\n\n`, answer.piece_bytes);
    count++;
  }
  out.end();
}

/** Writes in pieces of so many bytes, each handed to the system before the next. */
async function write(out: ServerResponse, text: string, pieceBytes?: number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const size = pieceBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise<void>((resolve) => out.write(bytes.subarray(at, at + size), () => resolve()));
  }
}

/** Waits, or until `gone` aborts; then nothing more needs to be sent. */
function pause(ms: number, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      gone.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    gone.addEventListener("abort", end);
  });
}

if (import.meta.main) {
  const option = (name: string) => {
    const at = Deno.args.indexOf(name);
    return at < 0 ? undefined : Deno.args[at + 1];
  };
  const file = option("--script");
  const script: Script | undefined = file === undefined
    ? undefined
    : JSON.parse(await Deno.readTextFile(file));
  const server = await startModelServer(script, { port: Number(option("--port") ?? 0) });
  // deno-lint-ignore no-console -- whoever started the program reads the URL from here
  console.log(server.url);
}
