/**
 * What a caller asks for, checked: callers are not trusted.
 * @module
 */
import { isRecord } from "../rpc/frame.ts";
import { EgressError } from "./error.ts";

/** All of a request but its body; many headers would end the process, not only the request. */
const REQUEST_CHARACTERS = 40 * 1024;
/** A body declared to be at most this long is sent with its length; others go out in chunks. */
const COLLECTED_BYTES = 1024 * 1024;
/**
 * Of the connection, not of the message (RFC 9110, 7.6.1), or egress's own to say: it takes only
 * the encodings that it can look into, and whole answers, for a part of an echo is not recognised.
 */
const DROPPED = ("connection keep-alive proxy-connection proxy-authenticate proxy-authorization " +
  "te trailer transfer-encoding upgrade host content-length expect accept-encoding range")
  .split(" ");

/** Bytes of known length, a stream, or none. */
type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;

/** A request on its way from the caller to the server. */
export interface Draft {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** Reads the parameters and the input of a call of `fetch`. @throws {EgressError} `bad_request` */
export async function readRequest(params: unknown, input: AsyncIterable<unknown>): Promise<Draft> {
  const { url, method, headers } = readParams(params);
  const length = Number(headers.get("content-length") ?? Infinity);
  const dropped = [...DROPPED, ...(headers.get("connection") ?? "").split(/[\s,]+/)];
  for (const name of dropped.filter((name) => /^[\w-]+$/.test(name))) headers.delete(name);
  const chunks = bytesOf(input);
  const body = /^(get|head)$/i.test(method)
    ? undefined
    : length <= COLLECTED_BYTES
    ? await collect(chunks, length)
    : ReadableStream.from(chunks);
  return { url, method, headers, body };
}

function readParams(params: unknown): { url: URL; method: string; headers: Headers } {
  const { url: address, method, headers: pairs } = isRecord(params) ? params : {};
  try {
    const url = new URL(String(address));
    // The runtime checks methods, names and values as the fetch standard says.
    const headers = new Headers(Array.isArray(pairs) ? pairs : []);
    if (
      typeof method === "string" && Array.isArray(pairs) && new Request(url, { method }) &&
      JSON.stringify(params).length <= REQUEST_CHARACTERS &&
      /^https?:$/.test(url.protocol) && !url.username && !url.password &&
      /^\d{0,15}$/.test(headers.get("content-length") ?? "")
    ) return { url, method, headers };
    throw new TypeError("no request of ours");
  } catch {
    // Without a cause: the runtime's words hold values.
    throw new EgressError(
      "bad_request",
      "a request has an http or https address without a name and password, a method and headers " +
        `that HTTP allows, and at most ${REQUEST_CHARACTERS} characters of these`,
    );
  }
}

async function* bytesOf(input: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    if (!(chunk instanceof Uint8Array)) {
      throw new EgressError("bad_request", "a body is a stream of bytes");
    }
    yield chunk;
  }
}

async function collect(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = new Uint8Array(length);
  let at = 0;
  for await (const chunk of chunks) {
    if (at + chunk.length <= length) body.set(chunk, at);
    at += chunk.length;
    if (at > length) break;
  }
  if (at === length) return body;
  throw new EgressError("bad_request", "the body is not as long as its content-length");
}
