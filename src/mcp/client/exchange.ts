/**
 * Requests of one session, each an exchange over HTTP: the answer is JSON, or a stream of events that ends
 * with it and may be taken up again where it broke off.
 * @module
 */
import { oneLine } from "../../protocol/foreign_text.ts";
import { sleep } from "../../protocol/waiting.ts";
import { isRecord } from "../../rpc/frame.ts";
import { McpError } from "./error.ts";
import { answerTo, type Exchanged, type Message, textOf } from "./message.ts";
import { atMost } from "./waiting.ts";

/** A way to a server. */
export interface McpWay {
  readonly url: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** How a request is waited for. */
export interface Asking {
  readonly signal: AbortSignal;
  /** Told of messages that come before the answer. */
  readonly heard?: (message: Message) => void;
}

const JSON_TYPE = "application/json";
const EVENTS_TYPE = "text/event-stream";
const SESSION = "mcp-session-id";
/** Visible ASCII, as the specification has it, and not longer than a header is. */
const SESSION_ID = /^[\x21-\x7e]{1,1000}$/;
/** A stream that broke off is taken up so often. */
const RESUMES = 5;
const RETRY_MS = 500;
const RETRY_LIMIT_MS = 5_000;
/** A cancelled request is called off within so many ms, or not at all. */
const TELL_LIMIT_MS = 2_000;
/** A server's questions are answered so often in one exchange; others wait in vain. */
const REPLIES = 20;
const METHOD_UNKNOWN = -32_601;
const FAULT_BYTES = 64 * 1024;

let requests = 0;

/** The exchanges of a session. */
export class Exchange {
  /** The version that both speak; unset until that is known. */
  version: string | undefined;
  readonly #way: McpWay;
  #session: string | undefined;

  constructor(way: McpWay) {
    this.#way = way;
  }

  /** Sends a request and waits for its result. @throws {McpError}; the signal's reason */
  async ask(method: string, params: Message, { signal, heard }: Asking): Promise<Message> {
    const id = ++requests;
    const meta = heard ? { _meta: { progressToken: id } } : {};
    const replies = this.#replies(signal);
    const hear = (message: Message) => {
      replies(message);
      heard?.(message);
    };
    try {
      const message = { jsonrpc: "2.0", id, method, params: { ...params, ...meta } };
      const response = await this.#send("POST", message, {}, signal);
      if (method === "initialize") this.#session = sessionOf(response);
      return resultOf(await this.#answer(id, response, hear, signal));
    } catch (thrown) {
      // The specification forbids to call off the first one.
      if (signal.aborted && method !== "initialize") this.#callOff(id);
      throw thrown;
    }
  }

  /** Sends a message that has no answer. @throws {McpError}; the signal's reason */
  async tell(method: string, params: Message, signal: AbortSignal): Promise<void> {
    const response = await this.#send("POST", { jsonrpc: "2.0", method, params }, {}, signal);
    await response.body?.cancel();
  }

  /** Ends the session at the server. @throws {McpError}; the signal's reason */
  async end(signal: AbortSignal): Promise<void> {
    if (this.#session === undefined) return;
    const response = await this.#send("DELETE", undefined, {}, signal);
    await response.body?.cancel();
  }

  async #answer(
    id: number,
    first: Response,
    heard: (message: Message) => void,
    signal: AbortSignal,
  ): Promise<Message> {
    let exchanged: Exchanged = await answerTo(id, first, heard);
    let lastEventId: string | undefined;
    for (let resumes = 0; exchanged.kind === "ended"; resumes++) {
      const { end } = exchanged;
      lastEventId = end.lastEventId ?? lastEventId;
      if (lastEventId === undefined || resumes === RESUMES) {
        throw new McpError("bad_answer", "its stream ended without the answer");
      }
      await sleep(Math.min(end.retryMs ?? RETRY_MS, RETRY_LIMIT_MS), signal);
      const headers = { accept: EVENTS_TYPE, "last-event-id": lastEventId };
      const response = await this.#send("GET", undefined, headers, signal);
      exchanged = await answerTo(id, response, heard);
    }
    return exchanged.message;
  }

  async #send(
    method: "POST" | "GET" | "DELETE",
    message: Message | undefined,
    more: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response> {
    const headers = new Headers({ accept: `${JSON_TYPE}, ${EVENTS_TYPE}`, ...more });
    if (this.#session !== undefined) headers.set(SESSION, this.#session);
    if (this.version !== undefined) headers.set("mcp-protocol-version", this.version);
    if (message) headers.set("content-type", JSON_TYPE);
    const body = message ? { body: JSON.stringify(message) } : {};
    let response: Response;
    try {
      response = await this.#way.fetch(this.#way.url, { method, headers, signal, ...body });
    } catch (cause) {
      signal.throwIfAborted();
      const why = cause instanceof Error ? cause.message : "no answer came";
      throw new McpError("unreachable", `it cannot be reached: ${why}`, cause);
    }
    if (response.ok) return response;
    throw await this.#refusal(response);
  }

  async #refusal(response: Response): Promise<McpError> {
    const { status } = response;
    const said = await textOf(response, FAULT_BYTES).catch(() => "");
    // 404 by the specification; servers in use say 400.
    if (this.#session !== undefined && (status === 404 || status === 400)) {
      return new McpError("session_gone", faultText(said) ?? "it does not know the session");
    }
    if (status === 401 || status === 403) {
      return new McpError("unauthorized", `it refuses who asks (status ${status})`);
    }
    const words = faultText(said);
    const sentence = `it answered with status ${status}`;
    return new McpError("unreachable", words === undefined ? sentence : `${sentence}: ${words}`);
  }

  /** Answers what the server asks: it was offered nothing, so it gets nothing but a sign of life. */
  #replies(signal: AbortSignal): (message: Message) => void {
    let left = REPLIES;
    return ({ id, method }) => {
      const isRequest = typeof id === "string" || typeof id === "number";
      if (!isRequest || typeof method !== "string" || left-- <= 0) return;
      const reply = method === "ping"
        ? { result: {} }
        : { error: { code: METHOD_UNKNOWN, message: "this client offers nothing" } };
      // One that does not want to hear it waits in vain, as if there were no client.
      this.#send("POST", { jsonrpc: "2.0", id, ...reply }, {}, signal)
        .then((response) => response.body?.cancel()).catch(() => undefined);
    };
  }

  #callOff(requestId: number): void {
    const { signal } = new AbortController();
    const params = { requestId, reason: "it is not needed any more" };
    // The request is over for this side whatever the server hears of it.
    atMost(
      TELL_LIMIT_MS,
      signal,
      (limited) => this.tell("notifications/cancelled", params, limited),
    )
      .catch(() => undefined);
  }
}

function sessionOf(response: Response): string | undefined {
  const id = response.headers.get(SESSION);
  if (id === null || SESSION_ID.test(id)) return id ?? undefined;
  throw new McpError("bad_answer", "the name of its session is none");
}

function resultOf({ result, error }: Message): Message {
  if (isRecord(result)) return result;
  const { message } = isRecord(error) ? error : {};
  if (typeof message === "string") throw new McpError("refused", `it says: ${message}`);
  throw new McpError("bad_answer", "it answered neither with a result nor with an error");
}

/** What a server says of its refusal, if it does so in the protocol's way. */
function faultText(text: string): string | undefined {
  try {
    const given: unknown = JSON.parse(text);
    const error = isRecord(given) ? given["error"] : undefined;
    const message = isRecord(error) ? error["message"] : undefined;
    return typeof message === "string" ? oneLine(message, 200) : undefined;
  } catch {
    // A page for people; the status says enough.
    return undefined;
  }
}
