/**
 * Gets a page: within a size and a time, and from the host that was agreed to. Redirects to another host
 * are not followed, since nobody was asked about that one.
 * @module
 */
import type { PluginContext } from "pyra/sdk";
import { PageError } from "./page_error.ts";
import { type PageText, pageText, refuseType } from "./page_text.ts";

/** An answer. */
export type Answer =
  | { readonly kind: "page"; readonly url: string; readonly page: PageText }
  /** It sends to another host. */
  | { readonly kind: "elsewhere"; readonly url: string };

/** Bytes of a page at most. */
export const SIZE_LIMIT_BYTES = 5 * 1024 * 1024;
const TIME_LIMIT_MS = 30_000;
const REDIRECTS_LIMIT = 8;
const REDIRECTS = [301, 302, 303, 307, 308];
const HEADERS = {
  accept: "text/html, application/xhtml+xml, text/markdown, text/plain;q=0.9, */*;q=0.5",
  "accept-language": "en, *;q=0.5",
  "user-agent": "Mozilla/5.0 (compatible; Pyra)",
};

/** The address that a text means. @throws {PageError} `bad_input` */
export function pageAddress(text: string): URL {
  const trimmed = text.trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:/i.test(trimmed) ? trimmed : `https://${trimmed}`);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    const shown = JSON.stringify(trimmed.slice(0, 200));
    throw new PageError("bad_input", `${shown} is no address of a page; give one with https://`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new PageError("bad_input", "an address with a user name or a password is not read");
  }
  url.hash = "";
  return url;
}

/** Gets what lies at an address. @param timeLimitMs for all of it @throws {PageError} */
export async function getPage(
  address: URL,
  { fetch, signal }: Pick<PluginContext, "fetch" | "signal">,
  timeLimitMs: number = TIME_LIMIT_MS,
): Promise<Answer> {
  const limit = AbortSignal.timeout(timeLimitMs);
  const either = AbortSignal.any([signal, limit]);
  try {
    let url = address;
    for (let redirects = 0; redirects <= REDIRECTS_LIMIT; redirects++) {
      const response = await fetch(url, { headers: HEADERS, redirect: "manual", signal: either });
      const location = REDIRECTS.includes(response.status) && response.headers.get("location");
      if (!location) return { kind: "page", url: url.href, page: await bodyOf(response, url) };
      await response.body?.cancel();
      const next = redirectOf(url, location);
      if (!isSameHost(url, next)) return { kind: "elsewhere", url: next.href };
      url = next;
    }
    throw new PageError("unreachable", `${address.host} sends from address to address without end`);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof PageError) throw thrown;
    if (limit.aborted) {
      const seconds = Math.round(timeLimitMs / 1000);
      throw new PageError(
        "too_slow",
        `${address.host} did not send the page in ${seconds} s`,
        thrown,
      );
    }
    throw refusal(thrown, address);
  }
}

function redirectOf(from: URL, location: string): URL {
  const url = URL.parse(location, from);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new PageError("unreachable", `${from.host} redirects to what is no address of a page`);
  }
  url.hash = "";
  return url;
}

/** `www.` before it belongs to who has the name; another port or the way back to http does not. */
function isSameHost(from: URL, to: URL): boolean {
  const name = ({ hostname }: URL) => hostname.replace(/^www\./, "");
  if (name(from) !== name(to)) return false;
  return from.port === to.port && (from.protocol === to.protocol || to.protocol === "https:");
}

async function bodyOf(response: Response, url: URL): Promise<PageText> {
  const type = response.headers.get("content-type");
  try {
    refuseStatus(response, url);
    refuseType(type);
    const length = Number(response.headers.get("content-length") ?? 0);
    if (length > SIZE_LIMIT_BYTES) throw tooLarge(url);
    return pageText(await bytesOf(response, url), type);
  } finally {
    // What was refused is not loaded to its end.
    if (response.body && !response.body.locked) await response.body.cancel();
  }
}

function refuseStatus({ status, ok }: Response, { host }: URL): void {
  if (ok) return;
  const why = ({
    401: "asks for a password",
    403: "does not let programs read that page",
    404: "has no such page",
    410: "has no such page any more",
    429: "was asked too often; wait before you try again",
  } as Readonly<Record<number, string>>)[status] ?? `answered with the error ${status}`;
  throw new PageError("no_page", `${host} ${why}`);
}

async function bytesOf(response: Response, url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > SIZE_LIMIT_BYTES) throw tooLarge(url);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge({ host }: URL): PageError {
  const megabytes = SIZE_LIMIT_BYTES / 1024 / 1024;
  return new PageError("too_large", `that page of ${host} is larger than ${megabytes} MB`);
}

/** In words what Pyra's network room refused or could not reach. */
function refusal(thrown: unknown, { host, origin }: URL): PageError {
  const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
  if (code === "address_refused") {
    const sentence =
      `${host} lies in a private network, which this tool does not reach; the person ` +
      `may allow it with pyra plugin grants fetch --add ${origin}`;
    return new PageError("refused", sentence, thrown);
  }
  const said = typeof message === "string" ? message.slice(0, 300) : "no answer came";
  return new PageError(code === "origin_refused" ? "refused" : "unreachable", said, thrown);
}
