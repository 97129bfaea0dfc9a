/**
 * The client of the `openai` package on a connection: it builds the requests and reads the answers.
 * It neither retries nor logs, and tells servers nothing of this machine. Loaded only when asked.
 * @module
 */
import { OpenAI } from "openai/client";
import { type Connection, limitedFetch, Silence, TooLarge } from "./connection.ts";
import type { HttpFailure } from "./error_body.ts";
import {
  badAnswer,
  errorInStream,
  fetchError,
  httpError,
  networkError,
  ProviderError,
  type Subject,
} from "./errors.ts";

/** The longest that a timer takes; the connection's own limit comes sooner. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** An answer whose status is no success, with its body as it came. */
export class Refusal extends OpenAI.APIError {
  readonly failure: HttpFailure;

  constructor(failure: HttpFailure) {
    super(failure.status, undefined, undefined, failure.headers);
    this.failure = failure;
  }
}

/** The package's client, which throws a `Refusal` for an answer whose status is no success. */
export class OpenAiClient extends OpenAI {
  readonly #headers: readonly string[];

  constructor(connection: Connection) {
    const { entry, apiKey, baseUrl } = connection;
    const [name = "", ...template] = entry.placement.split(": ");
    const key = apiKey === null ? {} : { [name]: template.join(": ").replace("{}", () => apiKey) };
    super({
      baseURL: baseUrl,
      // It insists on one; what is sent is decided by the headers.
      apiKey: apiKey ?? "none",
      defaultHeaders: { authorization: null, ...key },
      fetch: limitedFetch(connection),
      maxRetries: 0,
      timeout: NO_LIMIT_MS,
      logLevel: "off",
      // What is undefined here would be looked for in the environment.
      adminAPIKey: null,
      organization: null,
      project: null,
      webhookSecret: null,
      // A worker may look like a browser; no page can reach this key.
      dangerouslyAllowBrowser: true,
    });
    this.#headers = ["accept", "content-type", name];
  }

  /** Leaves out what the package tells of itself and this machine, and `OPENAI_CUSTOM_HEADERS`. */
  protected override prepareRequest(request: RequestInit): Promise<void> {
    const given = new Headers(request.headers);
    const sent = this.#headers.map((name) => [name, given.get(name)] as const);
    request.headers = sent.flatMap(([name, value]) => value === null ? [] : [[name, value]]);
    return Promise.resolve();
  }

  /** The package would keep only the part of a body that OpenAI itself sends. */
  protected override makeStatusError(
    status: number,
    body: unknown,
    text: string | undefined,
    headers: Headers,
  ): Refusal {
    return new Refusal({ status, headers, body: text ?? body });
  }
}

/** What the client threw; the signal's own reason must be looked at before. @param now ms since 1970 */
export function clientError(subject: Subject, thrown: unknown, now: number): ProviderError {
  if (thrown instanceof ProviderError) return thrown;
  if (thrown instanceof Refusal) return httpError(subject, thrown.failure, now);
  if (thrown instanceof SyntaxError) return badAnswer(subject, "broken JSON", thrown);
  const isWrapped = thrown instanceof OpenAI.APIError;
  if (isWrapped && thrown.error !== undefined) {
    return errorInStream(subject, { error: thrown.error });
  }
  const cause = isWrapped ? thrown.cause ?? thrown : thrown;
  if (cause instanceof Silence) return networkError(subject, "timeout", cause);
  if (cause instanceof TooLarge) return badAnswer(subject, "it does not end");
  return fetchError(subject, cause);
}
