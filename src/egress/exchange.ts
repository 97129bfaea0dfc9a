/**
 * One request and its answer, by clients that connect to checked addresses or through a proxy.
 * Their connections are kept alive and shared by the requests that may use them.
 * @module
 */
import { bare, isAddress, isPublic } from "./address.ts";
import { Blotter, blotText } from "./blot.ts";
import type { EgressBoot, FetchHead } from "./calls.ts";
import { Dialer, type Reach } from "./dialer.ts";
import { EgressError, networkReason } from "./error.ts";
import { portOf, proxyFor } from "./proxy.ts";
import type { Body, Pair } from "./request.ts";

/** The most bytes of an answer that are passed on at a time. */
export const CHUNK_BYTES = 64 * 1024;
const IDLE_LIMIT_MS = 60_000;
/** How long a server may let its answer, or the next piece of it, wait, ms. */
const STALL_LIMIT_MS = 600_000;
/** Of the connection (RFC 9110, 7.6.1), and what stops being true when an answer is decoded. */
const DROPPED = new Set(
  ("connection keep-alive proxy-authenticate proxy-connection trailer transfer-encoding upgrade " +
    "content-encoding content-length").split(" "),
);

/** A request as it is sent, the secret in its place. */
export interface Outbound {
  readonly url: URL;
  readonly method: string;
  readonly headers: readonly Pair[];
  readonly body: Body;
  readonly reach: Reach;
  /** What must not come back (`formsOf`). */
  readonly forms: readonly Uint8Array[];
}

/** The one place of Pyra that calls the runtime's `fetch`. */
export class Exchanges {
  readonly #boot: EgressBoot;
  readonly #stallLimitMs: number;
  readonly #dialer = new Dialer();
  readonly #clients = new Map<string, Deno.HttpClient>();

  /** @param stallLimitMs how long a server may say nothing */
  constructor(boot: EgressBoot, stallLimitMs: number = STALL_LIMIT_MS) {
    this.#boot = boot;
    this.#stallLimitMs = stallLimitMs;
  }

  /**
   * The answer's head, then its bytes as they come. Redirects are not followed, nothing is retried,
   * and whoever leaves early ends the exchange.
   * @throws {EgressError} `address_refused`, `network`, `tls`; the signal's reason
   */
  async *run(
    { url, method, headers, body, reach, forms }: Outbound,
    signal: AbortSignal,
  ): AsyncGenerator<FetchHead | Uint8Array, void, undefined> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const proxy = proxyFor(url, this.#boot.proxy);
    const timely = async <T>(wait: Promise<T>): Promise<T> => {
      const late = () => new EgressError("network", `${url.origin} sends nothing`, "timeout");
      const limit = setTimeout(() => stop.abort(late()), this.#stallLimitMs);
      try {
        return await wait;
      } catch (thrown) {
        either.throwIfAborted();
        const failure = proxy
          ? undefined
          : this.#dialer.failure(reach, bare(url.hostname), portOf(url));
        throw failure ?? exchangeError(thrown, url);
      } finally {
        clearTimeout(limit);
      }
    };
    try {
      const response = await timely(fetch(url, {
        method,
        headers: headers.map(([name, value]) => [name, value]),
        body: body ?? null,
        signal: either,
        redirect: "manual",
        client: this.#client(url, proxy, reach),
      }));
      yield headOf(response, forms, url);
      const reader = response.body?.getReader();
      const blotter = new Blotter(forms);
      for (let ended = !reader; reader && !ended;) {
        const { done, value } = await timely(reader.read());
        const clean = done ? blotter.flush() : blotter.push(value);
        for (let at = 0; at < clean.length; at += CHUNK_BYTES) {
          yield clean.slice(at, at + CHUNK_BYTES);
        }
        ended = done;
      }
    } finally {
      stop.abort();
    }
  }

  /** Ends every connection. */
  close(): void {
    this.#dialer.close();
    for (const client of this.#clients.values()) client.close();
  }

  #client(url: URL, proxy: string | undefined, reach: Reach): Deno.HttpClient {
    const host = bare(url.hostname);
    if (proxy && reach === "public" && isAddress(host) && !isPublic(host)) {
      throw new EgressError("address_refused", `${host} is inside a network: nobody allowed it`);
    }
    const key = proxy ?? reach;
    const client = this.#clients.get(key) ?? Deno.createHttpClient({
      caCerts: [...this.#boot.caCertificates],
      poolIdleTimeout: IDLE_LIMIT_MS,
      proxy: proxy === undefined ? this.#dialer.proxy(reach) : { url: proxy },
    });
    this.#clients.set(key, client);
    return client;
  }
}

/** What of an answer's head the caller is told. */
function headOf(response: Response, forms: readonly Uint8Array[], url: URL): FetchHead {
  const encoding = response.headers.get("content-encoding");
  // The client undoes these two. What it cannot undo cannot be searched either.
  const decoded = encoding === null || encoding === "gzip" || encoding === "br";
  if (!decoded && forms.length > 0) {
    throw new EgressError(
      "network",
      `${url.origin} answers in an encoding nobody asked for`,
      "encoding",
    );
  }
  const whole = encoding === null && forms.length === 0;
  return {
    status: response.status,
    statusText: blotText(response.statusText, forms),
    headers: [...response.headers]
      .filter(([name]) =>
        !DROPPED.has(name) || (name === "content-length" && whole) ||
        (name === "content-encoding" && !decoded)
      )
      .map(([name, value]) => [name, blotText(value, forms)]),
  };
}

/** An exchange's failure for the caller. The runtime's words stay here, for they hold the URL. */
function exchangeError(thrown: unknown, { host, origin }: URL): EgressError {
  const reason = networkReason(thrown);
  const untrusted =
    `the certificate of ${host} is not trusted, or is for another name: check the ` +
    "address; PYRA_CA_FILE may name the file of an authority to trust";
  return reason === "tls"
    ? new EgressError("tls", untrusted, reason)
    : new EgressError("network", `the exchange with ${origin} failed (${reason})`, reason);
}
