/**
 * The way to a provider, and a `fetch` on it with limits of time and size.
 * @module
 */
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

/** Nothing arrived for as long as the connection allows. */
export class Silence extends Error {
  override readonly name = "Silence";
}

/** An answer went on beyond the limit of its size. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

/**
 * The connection's `fetch`, ended by silence: it, or the reading of its body, then fails with
 * `Silence`. An answer's body fails with `TooLarge` at the limit of size; a refusal's ends there.
 */
export function limitedFetch({ fetch, idleLimitMs }: Connection): typeof globalThis.fetch {
  return async (input, init) => {
    const silence = new AbortController();
    const signal = AbortSignal.any([silence.signal, ...(init?.signal ? [init.signal] : [])]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Silence("nothing arrived")), idleLimitMs);
    };
    const rest = () => clearTimeout(timer);
    listen();
    try {
      return limited(await fetch(input, { ...init, signal }), signal, { listen, rest });
    } catch (thrown) {
      throw silence.signal.aborted ? silence.signal.reason : thrown;
    } finally {
      rest();
    }
  };
}

interface Patience {
  readonly listen: () => void;
  readonly rest: () => void;
}

/** Silence counts only while someone reads: whoever scrolls back must not lose the rest. */
function limited(response: Response, signal: AbortSignal, { listen, rest }: Patience): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  let bytes = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (out) => {
      // Whoever reads is let go at once, whatever the sender does.
      signal.addEventListener("abort", () => {
        rest();
        out.error(signal.reason);
        reader.cancel(signal.reason).catch(() => undefined);
      }, { once: true });
    },
    pull: async (out) => {
      listen();
      const { done, value } = await reader.read().finally(rest);
      if (signal.aborted) return;
      if (done) return out.close();
      bytes += value.length;
      if (response.ok && bytes > MAX_ANSWER_BYTES) throw new TooLarge("the answer does not end");
      out.enqueue(value);
      if (response.ok || bytes <= MAX_REFUSAL_BYTES) return;
      out.close();
      reader.cancel().catch(() => undefined);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
