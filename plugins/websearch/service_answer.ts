/**
 * A service's answer: within a size and a time, and looked at before it is believed.
 * @module
 */
import type { PluginContext } from "pyra/sdk";
import { decodeHTML } from "entities/decode";
import type { Found } from "./search_service.ts";
import { SearchError } from "./search_error.ts";

const SIZE_LIMIT_BYTES = 4 * 1024 * 1024;
const TIME_LIMIT_MS = 20_000;
const TITLE_UNITS = 200;
const URL_UNITS = 1_000;
const SNIPPET_UNITS = 500;
/** What draws nothing, turns the writing round or speaks to a terminal. */
const UNSEEN =
  /\p{Cc}|[\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E0FFF}]/gu;

/** A request to a service. */
export interface ServiceRequest {
  /** The service's name for people. */
  readonly label: string;
  readonly url: URL;
  readonly init?: RequestInit & { readonly credential?: string };
}

/** The text of an answer. @throws {SearchError} */
export async function askService(
  { label, url, init = {} }: ServiceRequest,
  { fetch, signal }: Pick<PluginContext, "fetch" | "signal">,
): Promise<string> {
  const limit = AbortSignal.timeout(TIME_LIMIT_MS);
  try {
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.any([signal, limit]),
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw statusError(label, response.status);
    }
    return await textOf(response, label);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof SearchError) throw thrown;
    if (limit.aborted) {
      throw new SearchError(
        "failed",
        `${label} did not answer in ${TIME_LIMIT_MS / 1000} s`,
        thrown,
      );
    }
    throw requestError(label, thrown);
  }
}

/** The same, as JSON. @throws {SearchError} */
export async function askServiceJson(
  request: ServiceRequest,
  context: Pick<PluginContext, "fetch" | "signal">,
): Promise<unknown> {
  const text = await askService(request, context);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SearchError("failed", `${request.label} answered with what is no JSON`, cause);
  }
}

function statusError(label: string, status: number): SearchError {
  if (status === 401 || status === 403) {
    const hint = "its key may be wrong: pyra plugin setup websearch";
    return new SearchError("refused", `${label} refused the search (${status}); ${hint}`);
  }
  if (status === 429 || status === 432 || status === 433) {
    return new SearchError("limited", `${label} was asked too often, or its plan is used up; wait`);
  }
  return new SearchError("failed", `${label} answered with the error ${status}`);
}

function requestError(label: string, thrown: unknown): SearchError {
  const { code, message } = Object(thrown) as { code?: unknown; message?: unknown };
  const isMissing = ["origin_refused", "no_such_secret", "secret_unavailable"].includes(
    String(code),
  );
  const said = typeof message === "string" ? message.slice(0, 300) : "no answer came";
  if (!isMissing) return new SearchError("failed", `${label} cannot be reached: ${said}`, thrown);
  const hint = "run pyra plugin setup websearch";
  const what = said.includes(hint) ? said : `${said}; ${hint}`;
  return new SearchError("not_set_up", `${label} is not set up: ${what}`, thrown);
}

async function textOf(response: Response, label: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > SIZE_LIMIT_BYTES) {
      throw new SearchError("failed", `${label} answered with more than it should`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Members of a value that may be anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

/** A list of what may be anything. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Results in one form; those that are none are left out. */
export function foundOf(
  values: readonly unknown[],
  read: (value: Readonly<Record<string, unknown>>) => Readonly<Record<keyof Found, unknown>>,
): Found[] {
  return values.flatMap((value) => {
    const { title, url, snippet } = read(fieldsOf(value));
    const address = typeof url === "string" ? URL.parse(url) : null;
    if (!address || !/^https?:$/.test(address.protocol)) return [];
    if (address.href.length > URL_UNITS) return [];
    const shown = plain(title, TITLE_UNITS);
    return [{
      title: shown === "" ? address.hostname : shown,
      url: address.href,
      snippet: plain(snippet, SNIPPET_UNITS),
    }];
  });
}

/** One line of what a service says: without tags, entities and signs that are not seen. */
export function plain(value: unknown, units: number): string {
  if (typeof value !== "string") return "";
  const text = decodeHTML(value.slice(0, 10_000).replace(/<\/?[a-z][^<>]*>/gi, ""))
    .replace(/\s+/g, " ").replace(UNSEEN, "").trim();
  return text.length <= units ? text : `${text.slice(0, units - 1).toWellFormed()}…`;
}
