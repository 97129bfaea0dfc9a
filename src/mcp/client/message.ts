/**
 * Messages of JSON-RPC 2.0 as servers send them, and how they are read off an answer of HTTP.
 * @module
 */
import { isRecord } from "../../rpc/frame.ts";
import { McpError } from "./error.ts";
import { serverEvents } from "./server_events.ts";

/** A message. Which one it is says what it has. */
export type Message = Readonly<Record<string, unknown>>;

/** Where a stream of events stood when it ended without the answer. */
export interface StreamEnd {
  readonly lastEventId: string | undefined;
  readonly retryMs: number | undefined;
}

/** What an exchange over HTTP brought. */
export type Exchanged =
  | { readonly kind: "answer"; readonly message: Message }
  | { readonly kind: "ended"; readonly end: StreamEnd };

/** Bytes of an answer that is no stream. */
const BODY_BYTES = 4 * 1024 * 1024;
/** Messages of one stream or batch. */
const MESSAGES = 10_000;

/**
 * Reads messages until the answer to the request of that id; what comes before it is told to `heard`.
 * @throws {McpError} `bad_answer`; what reading throws
 */
export async function answerTo(
  id: number,
  response: Response,
  heard: (message: Message) => void,
): Promise<Exchanged> {
  const type = response.headers.get("content-type") ?? "";
  let lastEventId: string | undefined;
  let retryMs: number | undefined;
  if (!/^text\/event-stream\b/i.test(type)) {
    const message = messagesOf(await textOf(response)).find((one) => isAnswer(one, id));
    if (message) return { kind: "answer", message };
    throw new McpError("bad_answer", "its answer is to no request");
  }
  let left = MESSAGES;
  // Leaving the loop ends the request.
  for await (const event of serverEvents(response.body ?? new Blob([]).stream())) {
    lastEventId = event.id ?? lastEventId;
    retryMs = event.retryMs ?? retryMs;
    if (event.data === "") continue;
    for (const message of messagesOf(event.data)) {
      if (isAnswer(message, id)) return { kind: "answer", message };
      if (left-- <= 0) throw new McpError("bad_answer", "it sends messages without end");
      heard(message);
    }
  }
  return { kind: "ended", end: { lastEventId, retryMs } };
}

/** The text of an answer, as far as one may be long. @throws {McpError} `bad_answer` */
export async function textOf(response: Response, most: number = BODY_BYTES): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > most) throw new McpError("bad_answer", "its answer is too large");
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

function isAnswer(message: Message, id: number): boolean {
  return message["id"] === id && message["method"] === undefined;
}

/** One message, or several in a list, as the protocol of March 2025 allowed. */
function messagesOf(text: string): Message[] {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw new McpError("bad_answer", "its answer is no JSON", cause);
  }
  const messages = Array.isArray(given) ? given : [given];
  if (messages.length <= MESSAGES && messages.every(isRecord)) return messages;
  throw new McpError("bad_answer", "its answer is no message of the protocol");
}
