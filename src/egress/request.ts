/**
 * What a caller asks for, checked: callers are not trusted.
 * @module
 */
import { EgressError } from "./error.ts";

const URL_CHARACTERS = 8 * 1024;
const HEADER_PAIRS = 100;
const HEADER_CHARACTERS = 32 * 1024;
/** A body declared to be at most this long is sent with its length; others go out in chunks. */
const COLLECTED_BYTES = 1024 * 1024;
/** Header names and methods (RFC 9110, "token"). */
const TOKEN = /^[\w!#$%&'*+.^`|~-]{1,256}$/;
/**
 * Of the connection, not of the message (RFC 9110, 7.6.1), or egress's own to say: it takes only
 * the encodings that it can look into.
 */
const DROPPED = new Set(
  ("connection keep-alive proxy-connection proxy-authenticate proxy-authorization te trailer " +
    "transfer-encoding upgrade host content-length expect accept-encoding").split(" "),
);

/** A header's name, lower case, and its value. */
export type Pair = readonly [string, string];
/** Bytes of known length, a stream, or none. */
export type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;

/** A request that may be sent as far as its shape goes. */
export interface Request {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly Pair[];
  /** What the caller says that the body's length is. */
  readonly length: number | undefined;
}

/** Reads the parameters of `fetch`. @throws {EgressError} `bad_request` */
export function readRequest(params: unknown): Request {
  const { url: address, method, headers } = record(params);
  const url = typeof address === "string" && address.length <= URL_CHARACTERS
    ? URL.parse(address)
    : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname.length > 253) {
    throw bad("only an http or https address of at most 8 KiB can be fetched");
  }
  if (url.username || url.password) throw bad("put no user name or password into the address");
  if (
    typeof method !== "string" || !TOKEN.test(method) || /^(connect|trace|track)$/i.test(method)
  ) {
    throw bad("the method is none that may be sent");
  }
  const all = readHeaders(headers);
  const declared = all.find(([name]) => name === "content-length")?.[1];
  if (declared !== undefined && !/^\d{1,15}$/.test(declared)) {
    throw bad("content-length is no number");
  }
  const listed = all.filter(([name]) => name === "connection").join().toLowerCase().split(/[\s,]+/);
  return {
    url,
    method,
    headers: all.filter(([name]) => !DROPPED.has(name) && !listed.includes(name)),
    length: declared === undefined ? undefined : Number(declared),
  };
}

function readHeaders(headers: unknown): Pair[] {
  if (!Array.isArray(headers) || headers.length > HEADER_PAIRS) {
    throw bad(`a request has at most ${HEADER_PAIRS} headers`);
  }
  let size = 0;
  return headers.map((pair: unknown) => {
    const [name, value]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof name !== "string" || typeof value !== "string" || !TOKEN.test(name)) {
      throw bad("a header's name is not one");
    }
    if (/[\0\r\n]|[^\0-\xff]/.test(value)) throw bad(`the header ${name} holds what no header may`);
    size += name.length + value.length;
    if (size > HEADER_CHARACTERS) throw bad("the headers are longer than 32 KiB");
    return [name.toLowerCase(), value];
  });
}

/** Takes the body from a call's input. @throws {EgressError} `bad_request` */
export async function readBody(request: Request, input: AsyncIterable<unknown>): Promise<Body> {
  const iterator = input[Symbol.asyncIterator]();
  const next = async () => {
    const { done, value } = await iterator.next();
    if (done) return undefined;
    if (!(value instanceof Uint8Array)) throw bad("a body is a stream of bytes");
    return value;
  };
  const first = await next();
  if (!first) return undefined;
  if (/^(get|head)$/i.test(request.method)) throw bad(`a ${request.method} has no body`);
  if (request.length !== undefined && request.length <= COLLECTED_BYTES) {
    const body = new Uint8Array(request.length);
    let at = 0;
    for (let chunk: Uint8Array | undefined = first; chunk; chunk = await next()) {
      if (at + chunk.length > body.length) throw bad("the body is longer than its content-length");
      body.set(chunk, at);
      at += chunk.length;
    }
    if (at < body.length) throw bad("the body is shorter than its content-length");
    return body;
  }
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(first),
    async pull(controller) {
      const chunk = await next();
      if (chunk) controller.enqueue(chunk);
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function bad(message: string): EgressError {
  return new EgressError("bad_request", message);
}
