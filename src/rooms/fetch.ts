/**
 * `fetch` for rooms without a network of their own: every request goes to egress over a channel.
 * @module
 */
import type { FetchHead, FetchParams, NetworkReason } from "../protocol/egress_calls.ts";
import type { Channel } from "../rpc/channel.ts";
import { RpcError } from "../rpc/error.ts";

/** How many redirects one `fetch` follows (the fetch standard says 20; ten are already a loop). */
export const REDIRECTS_LIMIT = 10;
/** Egress gives up a first byte after ten minutes; this side waits a little longer, ms. */
const FIRST_BYTE_LIMIT_MS = 610_000;
const CHUNK_BYTES = 64 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];
const NULL_BODY = [204, 205, 304];
/** Headers that tell of a body, dropped with it. */
const BODY_HEADERS = [
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-location",
];
/** Headers that are for one origin only. */
const ORIGIN_HEADERS = ["authorization", "cookie", "proxy-authorization"];

/**
 * What `fetch` throws when no answer comes, or not all of it: a `TypeError`, as the fetch standard
 * has it, with the `code` and `data` of egress's error (see `EgressErrorCode`).
 */
export class FetchError extends TypeError {
  override readonly name = "FetchError";
  readonly code: string;
  readonly data: unknown;

  constructor(code: string, message: string, data?: unknown, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.data = data;
  }
}

/** A body that may be sent again after a redirect (bytes), or once (a stream). */
type Body = Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array<ArrayBuffer>> | null;

interface Outbound {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Body;
}

/** Stops calls whose answer was dropped unread, so that they do not stay open for ever. */
const unread = new FinalizationRegistry<AbortController>((abort) => abort.abort());

/** A `fetch` whose requests are calls of `channel`. @param more goes along with each request */
export function channelFetch(
  channel: Channel,
  more: Readonly<Record<string, unknown>> = {},
): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    let outbound: Outbound = {
      url: new URL(request.url),
      method: request.method,
      headers: request.headers,
      body: await bodyOf(request, input, init),
    };
    for (let redirects = 0;; redirects++) {
      const response = await exchange(channel, outbound, more, request.signal, redirects > 0);
      const location = REDIRECTS.includes(response.status) && response.headers.get("location");
      if (!location || request.redirect === "manual") return response;
      await response.body?.cancel();
      if (request.redirect === "error") {
        throw new FetchError("redirect", `${outbound.url.origin} answered with a redirect`);
      }
      if (redirects === REDIRECTS_LIMIT) {
        throw new FetchError(
          "redirect",
          `more than ${REDIRECTS_LIMIT} redirects, the last one to ` +
            new URL(location, outbound.url).origin,
        );
      }
      outbound = follow(outbound, response.status, location);
    }
  };
}

/** The body, as bytes where its length is known, else as a stream. */
function bodyOf(
  request: Request,
  input: Request | URL | string,
  init: RequestInit | undefined,
): Body | Promise<Body> {
  if (!request.body) return null;
  const source: unknown = init?.body ?? (input instanceof Request ? input.body : undefined);
  const streamed = typeof source === "object" && source !== null && Symbol.asyncIterator in source;
  return streamed ? request.body : request.bytes();
}

/** The request that a redirect asks for (fetch standard, "HTTP-redirect fetch"). */
function follow(from: Outbound, status: number, location: string): Outbound {
  const url = URL.parse(location, from.url);
  if (!url) throw new FetchError("redirect", `${from.url.origin} redirects to what is no address`);
  if (!url.hash) url.hash = from.url.hash;
  const headers = new Headers(from.headers);
  let { method, body } = from;
  if (
    (status === 303 && method !== "GET" && method !== "HEAD") ||
    ((status === 301 || status === 302) && method === "POST")
  ) {
    method = "GET";
    body = null;
    for (const name of BODY_HEADERS) headers.delete(name);
  } else if (body instanceof ReadableStream) {
    throw new FetchError("redirect", "a streamed body cannot be sent again after a redirect");
  }
  if (url.origin !== from.url.origin) { for (const name of ORIGIN_HEADERS) headers.delete(name); }
  return { url, method, headers, body };
}

/** One request and its answer, redirects included as they are. */
async function exchange(
  channel: Channel,
  { url, method, headers, body }: Outbound,
  more: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
  redirected: boolean,
): Promise<Response> {
  signal.throwIfAborted();
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new FetchError("bad_request", `only http and https can be fetched, not ${url.protocol}`);
  }
  const pairs = [...headers].filter(([name]) => name !== "content-length");
  // A stream goes out in chunks; whatever else there is, or is not, has a length.
  if (!(body instanceof ReadableStream)) {
    pairs.push(["content-length", String(body?.byteLength ?? 0)]);
  }
  const params: FetchParams = { ...more, url: url.href, method, headers: pairs };
  const abort = new AbortController();
  const answer = channel.stream("fetch", params, {
    signal: AbortSignal.any([signal, abort.signal]),
    limitMs: FIRST_BYTE_LIMIT_MS,
    ...(body ? { input: chunks(body) } : {}),
  });
  const next = async () => {
    try {
      return await answer.next();
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw fetchError(thrown, url);
    }
  };
  const { value } = await next();
  const head = value as FetchHead;
  if (head.status < 200 || head.status > 599) {
    abort.abort();
    throw new FetchError("network", `${url.origin} answered with status ${head.status}`);
  }
  const init = { status: head.status, statusText: head.statusText, headers: headersOf(head) };
  if (method === "HEAD" || NULL_BODY.includes(head.status)) {
    next().then(({ done }) => done || abort.abort(), () => undefined);
    return new ChannelResponse(null, init, url, redirected);
  }
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await next();
      if (done) controller.close();
      else controller.enqueue(value as Uint8Array<ArrayBuffer>);
    },
    // Not `answer.return()`, which would wait for a chunk that may never come.
    cancel: () => abort.abort(),
  }, { highWaterMark: 0 });
  unread.register(stream, abort);
  return new ChannelResponse(stream, init, url, redirected);
}

function headersOf(head: FetchHead): [string, string][] {
  return head.headers.map(([name, value]) => [name, value]);
}

/** Pieces of a body, each in a buffer of its own: a view would drag its whole buffer along. */
async function* chunks(body: NonNullable<Body>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of body instanceof Uint8Array ? [body] : body) {
    if (!(piece instanceof Uint8Array)) {
      throw new FetchError("bad_request", "a streamed body must give Uint8Array pieces");
    }
    for (let at = 0; at < piece.byteLength; at += CHUNK_BYTES) {
      yield piece.slice(at, at + CHUNK_BYTES);
    }
  }
}

/** What a `NetworkReason` means, where a person may read it. */
const TOLD: ReadonlyMap<unknown, string> = new Map<NetworkReason, string>([
  ["dns", "its name leads nowhere"],
  ["refused", "nothing listens there"],
  ["unreachable", "there is no way to it"],
  ["timeout", "it did not answer in time"],
]);

function fetchError(thrown: unknown, { origin }: URL): unknown {
  if (!(thrown instanceof RpcError)) return thrown;
  if (thrown.code === "remote") {
    const { remoteCode = "internal", data } = thrown;
    // In a plugin's room the message alone says why: `… failed (dns)`.
    const reason = remoteCode === "network" ? /\((\w+)\)$/.exec(thrown.message)?.[1] : undefined;
    const told = TOLD.get(reason);
    const message = told === undefined ? thrown.message : `${origin} cannot be reached: ${told}`;
    return new FetchError(remoteCode, message, data, thrown);
  }
  const reason = thrown.code === "timeout" ? "timeout" : "closed";
  return new FetchError("network", thrown.message, { reason }, thrown);
}

/** A response that knows the address it came from. */
class ChannelResponse extends Response {
  readonly #url: URL;
  readonly #redirected: boolean;

  constructor(body: BodyInit | null, init: ResponseInit, url: URL, redirected: boolean) {
    super(body, init);
    this.#url = url;
    this.#redirected = redirected;
  }

  override get url(): string {
    const url = new URL(this.#url);
    url.hash = "";
    return url.href;
  }

  override get redirected(): boolean {
    return this.#redirected;
  }

  override clone(): Response {
    const { body, status, statusText, headers } = super.clone();
    return new ChannelResponse(body, { status, statusText, headers }, this.#url, this.#redirected);
  }
}
