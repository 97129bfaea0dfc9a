/**
 * One request and its answer, by clients that connect to checked addresses or through a proxy.
 * Their connections are kept alive and shared by the requests that may use them.
 * @module
 */
import type { EgressBoot, FetchHead } from "../protocol/egress_calls.ts";
import { blotText } from "../rpc/secret_forms.ts";
import { bare, isAddress, isPublic } from "./address.ts";
import { Blotter } from "./blot.ts";
import { Dialer, type Reach } from "./dialer.ts";
import { addressRefused, exchangeError, networkError } from "./error.ts";
import { proxyFor } from "./proxy.ts";
import type { Draft } from "./request.ts";

const IDLE_LIMIT_MS = 60_000;
/** How long a server may let its answer, or the next piece of it, wait, ms. */
const STALL_LIMIT_MS = 600_000;
/** Of the connection (RFC 9110, 7.6.1), and what stops being true when an answer is decoded. */
const DROPPED = ("connection keep-alive proxy-authenticate proxy-connection trailer " +
  "transfer-encoding upgrade content-encoding").split(" ");

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
   * The answer's head, then its bytes as they come, without `forms` (`formsOf`). Redirects are not
   * followed, nothing is retried, and whoever leaves early ends the exchange.
   * @throws {EgressError} `address_refused`, `network`, `tls`; the signal's reason
   */
  async *run(
    { url, method, headers, body }: Draft,
    reach: Reach,
    forms: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<FetchHead | Uint8Array, void, undefined> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const proxy = proxyFor(url, this.#boot.proxy);
    const timely = async <T>(wait: Promise<T>): Promise<T> => {
      const late = () => stop.abort(networkError(url.origin, "timeout"));
      const limit = setTimeout(late, this.#stallLimitMs);
      try {
        return await wait;
      } catch (thrown) {
        either.throwIfAborted();
        throw exchangeError(thrown, url, proxy === undefined ? "direct" : "proxied");
      } finally {
        clearTimeout(limit);
      }
    };
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    try {
      const client = this.#client(url, proxy, reach);
      const init = { method, headers, body: body ?? null, signal: either, client };
      const response = await timely(fetch(url, { ...init, redirect: "manual" }));
      reader = response.body?.getReader();
      yield headOf(response, forms, url);
      const blotter = new Blotter(forms);
      for (let ended = !reader; reader && !ended;) {
        const { done, value } = await timely(reader.read());
        yield* blotter.push(value);
        ended = done;
      }
    } finally {
      stop.abort();
      // The signal alone does not end every answer that nobody is reading from.
      void reader?.cancel().catch(() => undefined);
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
      throw addressRefused(host);
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

/** What of an answer's head the caller is told. @throws {EgressError} `network` */
function headOf(response: Response, forms: readonly string[], url: URL): FetchHead {
  const encoding = response.headers.get("content-encoding") ?? "identity";
  // The client undoes gzip and br. What it cannot undo cannot be searched for secrets.
  if (!/^(gzip|br|identity)$/.test(encoding)) throw networkError(url.origin, "encoding");
  const whole = encoding === "identity" && forms.length === 0;
  return {
    status: response.status,
    statusText: blotText(response.statusText, forms),
    headers: [...response.headers]
      .filter(([name]) => !DROPPED.includes(name) && (whole || name !== "content-length"))
      .map(([name, value]) => [name, blotText(value, forms)]),
  };
}
