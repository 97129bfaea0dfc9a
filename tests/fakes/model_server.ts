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
 * It serves `POST …/chat/completions` (streamed or in one piece, as the request says),
 * `POST …/embeddings`, `GET …/models`, Ollama's `GET /api/tags`, and `GET /requests`: what was asked so
 * far, as JSON.
 *
 * As a program: `deno run -A tests/fakes/model_server.ts [--port N] [--script FILE]` prints its URL and
 * serves until it is stopped. The file holds an answer or a list of answers as JSON.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { embeddingBody } from "./fake_embeddings.ts";
import { reply, sendJson } from "./model_reply.ts";
import { type Answer, FAILURES, type RecordedRequest, type Script } from "./model_script.ts";

export {
  type Answer,
  FAILURES,
  ODDITIES,
  type RecordedRequest,
  type Script,
} from "./model_script.ts";

/** How the server is, apart from its script. */
export interface ModelServerOptions {
  /** 0, the default: any free one. */
  readonly port?: number;
  /** What the list of models holds, or what it is answered with. */
  readonly models?: readonly string[] | Answer;
  /** 401 for every request whose `Authorization` is not `Bearer` and this. */
  readonly key?: string;
  /** What the requests of vectors are answered with; vectors by their words if absent or without a body. */
  readonly embeddings?: Script;
}

/** A running server. */
export interface ModelServer extends AsyncDisposable {
  /** The base URL, such as `http://127.0.0.1:40123/v1`. */
  readonly url: string;
  readonly port: number;
  /** Every request of a completion, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Every request of vectors, in order of arrival. */
  readonly embeddings: readonly RecordedRequest[];
  /** The completion request number `index` (0 is the first), as soon as it has arrived. */
  request(index: number): Promise<RecordedRequest>;
  /** Breaks all connections. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the server. Without a script it greets. */
export async function startModelServer(
  script: Script = { text: "Hello from the fake model." },
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const embeddings: RecordedRequest[] = [];
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
    if (path.endsWith("/embeddings")) {
      const index = embeddings.push(request) - 1;
      const answer = await answerFor(options.embeddings ?? {}, request, index);
      const isPlain = answer.body === undefined && answer.status === undefined;
      return await reply(
        isPlain ? { ...answer, body: embeddingBody(request) } : answer,
        request,
        out,
      );
    }
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
    embeddings,
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
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) headers[name] = String(value);
  return {
    method: message.method ?? "",
    path: message.url ?? "",
    headers,
    body: parsed(text),
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

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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
  await Deno.stdout.write(new TextEncoder().encode(`${server.url}\n`));
}
