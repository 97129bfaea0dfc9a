/**
 * A client on a connection: it sends requests, and reads answers with the parts of the `openai` package
 * that do so. The package's own client has all of its 200 resources with it, 30 times as much to load. It
 * neither retries nor logs, and tells servers nothing of this machine. Loaded only when asked.
 * @module
 */
import type { OpenAI } from "openai";
import { APIError } from "openai/core/error";
import { Stream } from "openai/core/streaming";
import { type Connection, limitedFetch, Silence, TooLarge } from "./connection.ts";
import type { HttpFailure } from "./error_body.ts";
import {
  badAnswer,
  errorInStream,
  fetchError,
  httpError,
  networkError,
  ProviderError,
  type Subject,
} from "./errors.ts";
import { parseJson } from "./json_fields.ts";

/** The package asks who writes its log: nobody. */
const SILENT = {} as OpenAI;

/** An answer whose status is no success, with its body as it came. */
export class Refusal extends APIError {
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(failure.status, undefined, undefined, failure.headers);
    this.failure = failure;
  }
}

/** An answer that was taken. */
export interface Taken {
  /** A stream that no one has read yet, or the body: parsed, or as text if not named as JSON. */
  readonly data: unknown;
  readonly response: Response;
}

/** Sends requests; throws a `Refusal` for an answer whose status is no success. */
export class OpenAiClient {
  readonly #connection: Connection;
  readonly #fetch: typeof fetch;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#fetch = limitedFetch(connection);
  }

  /** @param path below the base URL, or a whole URL @throws what `clientError` understands */
  async get(path: string, signal: AbortSignal): Promise<unknown> {
    return await whole(await this.#send(path, { method: "GET", signal }));
  }

  /** @throws what `clientError` understands */
  async post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
    return await whole(await this.#send(path, posted(body, signal)));
  }

  /** The answer as its events come, if `body` asks for that. @throws what `clientError` understands */
  async ask(
    path: string,
    body: { readonly stream?: boolean | null | undefined },
    signal: AbortSignal,
  ): Promise<Taken> {
    const left = new AbortController();
    const ending = AbortSignal.any([signal, left.signal]);
    const response = await this.#send(path, posted(body, ending));
    if (body.stream !== true) return { data: await whole(response), response };
    return { data: Stream.fromSSEResponse(response, left, SILENT), response };
  }

  async #send(path: string, request: RequestInit): Promise<Response> {
    const { entry, apiKey, baseUrl } = this.#connection;
    const headers = new Headers({ accept: "application/json" });
    if (request.body !== undefined) headers.set("content-type", "application/json");
    const [name = "", ...template] = entry.placement.split(": ");
    if (apiKey !== null) headers.set(name, template.join(": ").replace("{}", () => apiKey));
    const response = await this.#fetch(addressOf(baseUrl, path), { ...request, headers });
    if (response.ok) return response;
    // Where the body breaks off, the status says enough.
    const text = await response.text().catch(() => "");
    const body = parseJson(text) ?? text;
    throw new Refusal({ status: response.status, headers: response.headers, body });
  }
}

function posted(body: unknown, signal: AbortSignal): RequestInit {
  return { method: "POST", body: JSON.stringify(body), signal };
}

/** A query of the base URL stays behind the path. */
function addressOf(baseUrl: string, path: string): string {
  if (URL.canParse(path)) return path;
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/$/, "") + path;
  return url.href;
}

async function whole(response: Response): Promise<unknown> {
  const text = await response.text();
  const isJson = /^[^;]*(?:application\/json|\+json)/i.test(
    response.headers.get("content-type") ?? "",
  );
  return isJson && text !== "" ? JSON.parse(text) : text;
}

/** What the client threw; the signal's own reason must be looked at before. @param now ms since 1970 */
export function clientError(subject: Subject, thrown: unknown, now: number): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof Refusal) return httpError(subject, thrown.failure, now);
  if (thrown instanceof SyntaxError) return badAnswer(subject, "broken JSON", thrown);
  const isWrapped = thrown instanceof APIError;
  if (isWrapped && thrown.error !== undefined) {
    return errorInStream(subject, { error: thrown.error });
  }
  const cause = isWrapped ? thrown.cause ?? thrown : thrown;
  if (cause instanceof Silence) return networkError(subject, "timeout", cause);
  if (cause instanceof TooLarge) return badAnswer(subject, "it does not end");
  return fetchError(subject, cause);
}
