/**
 * One request to a provider: the address, the key in its place, limits of time and size.
 * @module
 */
import { type HttpFailure } from "./error_body.ts";
import { badAnswer, fetchError, networkError, type ProviderError, type Subject } from "./errors.ts";
import { parseJson } from "./json_fields.ts";
import type { ProviderEntry } from "./table.ts";

/** The way to a provider. */
export interface Connection {
  readonly entry: ProviderEntry;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** The key, or the sentinel that stands for it; null sends none. */
  readonly apiKey: string | null;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long nothing may arrive, ms. */
  readonly idleLimitMs: number;
}

/** Bytes of one answer: many times what any model writes, and little for this machine. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const MAX_REFUSAL_BYTES = 64 * 1024;

/** The address of a path: under the base URL, or under its origin if it begins with a slash. */
export function urlOf(connection: Connection, path: string): string {
  if (path.startsWith("/")) return new URL(connection.baseUrl).origin + path;
  const [base = "", query] = connection.baseUrl.split("?", 2);
  const slash = base.endsWith("/") ? "" : "/";
  return base + slash + path + (query === undefined ? "" : `?${query}`);
}

/** An exchange with a provider: ended by the person, by silence, or by its disposal. */
export class Exchange implements Disposable {
  readonly controller: AbortController = new AbortController();
  readonly #connection: Connection;
  readonly #subject: Subject;
  readonly #signal: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isSilent = false;

  constructor(connection: Connection, subject: Subject, signal: AbortSignal) {
    this.#connection = connection;
    this.#subject = subject;
    this.#signal = signal;
    signal.throwIfAborted();
    signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /**
   * Sends and waits for the head of the answer. Its body ends, or fails with `bad_answer`, at the
   * limit of size.
   * @throws {ProviderError} if no answer came; the signal's reason
   */
  async send(path: string, body?: unknown): Promise<Response> {
    const { entry, apiKey, fetch } = this.#connection;
    const headers: Record<string, string> = { accept: "application/json" };
    if (apiKey !== null) {
      const [name = "", ...template] = entry.placement.split(": ");
      headers[name] = template.join(": ").replace("{}", () => apiKey);
    }
    if (body !== undefined) headers["content-type"] = "application/json";
    this.#listen();
    try {
      const response = await fetch(urlOf(this.#connection, path), {
        method: body === undefined ? "GET" : "POST",
        headers,
        signal: this.controller.signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      clearTimeout(this.#timer);
      return this.#watched(response);
    } catch (thrown) {
      throw this.failure(thrown);
    }
  }

  /** A refusal's status and body. @throws {ProviderError} the signal's reason */
  async refusal(response: Response): Promise<HttpFailure> {
    const text = await this.text(response, MAX_REFUSAL_BYTES);
    return {
      status: response.status,
      headers: response.headers,
      body: parseJson(text) ?? text,
    };
  }

  /** The body as text, cut at `limit` bytes. @throws {ProviderError} the signal's reason */
  async text(response: Response, limit: number = MAX_ANSWER_BYTES): Promise<string> {
    const decoder = new TextDecoder();
    let text = "";
    let bytes = 0;
    try {
      for await (const chunk of response.body ?? []) {
        text += decoder.decode(chunk, { stream: true });
        bytes += chunk.length;
        if (bytes > limit) break;
      }
    } catch (thrown) {
      throw this.failure(thrown);
    }
    this.throwIfEnded();
    return text + decoder.decode();
  }

  /** Why the exchange failed. @throws the signal's reason, if the person ended it */
  failure(thrown: unknown): ProviderError {
    this.#signal.throwIfAborted();
    if (this.#isSilent) return networkError(this.#subject, "timeout", thrown);
    return thrown instanceof TooLarge
      ? badAnswer(this.#subject, "it does not end")
      : fetchError(this.#subject, thrown);
  }

  /** After a loop that an abort ends silently. @throws {ProviderError} the signal's reason */
  throwIfEnded(): void {
    this.#signal.throwIfAborted();
    if (this.#isSilent) throw networkError(this.#subject, "timeout", undefined);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.controller.abort();
  }

  readonly #onAbort = (): void => this.controller.abort(this.#signal.reason);

  /** From now on silence counts. */
  #listen(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#isSilent = true;
      this.controller.abort();
    }, this.#connection.idleLimitMs);
  }

  /** Silence counts only while someone reads: whoever scrolls back must not lose the rest. */
  #watched(response: Response): Response {
    const reader = response.body?.getReader();
    if (reader === undefined) return response;
    const { signal } = this.controller;
    let bytes = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (out) => {
        // Whoever reads is let go at once, whatever the sender does.
        signal.addEventListener("abort", () => {
          out.error(signal.reason);
          reader.cancel(signal.reason).catch(() => undefined);
        }, { once: true });
      },
      pull: async (out) => {
        this.#listen();
        const { done, value } = await reader.read();
        clearTimeout(this.#timer);
        if (signal.aborted) return;
        if (done) return out.close();
        bytes += value.length;
        if (bytes > MAX_ANSWER_BYTES) throw new TooLarge();
        out.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    }, { highWaterMark: 0 });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  }
}

class TooLarge extends Error {
  override readonly name = "TooLarge";
}
