/**
 * What the fake model server is told to answer, and the answers that many tests share.
 * @module
 */

/** A tool call that the fake model makes. */
export interface FakeToolCall {
  readonly id?: string;
  readonly name: string;
  /** Sent as it is: broken JSON too. */
  readonly arguments: string;
}

/** What one request is answered with. All of it is optional and JSON. */
export interface Answer {
  /** A string is streamed word by word, a list piece by piece. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  /** The name of the field that carries `reasoning`; `reasoning_content` if absent. */
  readonly reasoning_field?: "reasoning_content" | "reasoning";
  readonly tool_calls?: readonly FakeToolCall[];
  /** Characters of each piece of a call's arguments; 4 if absent. */
  readonly fragment?: number;
  /** `stop` or `tool_calls` if absent; null leaves it out. */
  readonly finish_reason?: string | null;
  /** Null sends none, not even when asked. */
  readonly usage?:
    | { readonly input: number; readonly output: number; readonly cached?: number }
    | null;
  /** Before the first byte of the answer. */
  readonly delay_ms?: number;
  /** Between two events of a stream. */
  readonly chunk_delay_ms?: number;
  /** The stream in pieces of so many bytes, whatever they split. */
  readonly piece_bytes?: number;
  /** The connection breaks after so many events, or in the middle of an answer in one piece. */
  readonly cut_after?: number;
  /** After so many events nothing more comes, and the connection stays. */
  readonly hang_after?: number;
  /** After so many events one that is no JSON. */
  readonly malformed_after?: number;
  /** After so many events one that says `{"error": …}`. */
  readonly error_after?: number;
  /** Ends without `data: [DONE]`. */
  readonly no_done?: boolean;
  /** Puts the request's key header into the text and into the header `x-echo-authorization`. */
  readonly echo_authorization?: boolean;
  /** 400, naming the first of these that the request's body has. */
  readonly refuse_parameters?: readonly string[];
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body, instead of a completion. What is no string is sent as JSON. */
  readonly body?: unknown;
}

/** A request that arrived. */
export interface RecordedRequest {
  readonly method: string;
  /** The path and the query. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body, or its text if it is no JSON. */
  // deno-lint-ignore no-explicit-any -- tests look into it freely
  readonly body: any;
  /** The body's size. */
  readonly bytes: number;
  /** `performance.now()` when the head had arrived. */
  readonly at: number;
  /** Aborted when the client left before the whole answer was sent. */
  readonly abandoned: AbortSignal;
}

/** What is answered: always the same, one after the other (the last one repeats), or as computed. */
export type Script =
  | Answer
  | readonly Answer[]
  | ((request: RecordedRequest, index: number) => Answer | Promise<Answer>);

function failure(status: number, code: string | null, message: string, more: Answer = {}): Answer {
  return { status, body: { error: { message, type: "fake_error", param: null, code } }, ...more };
}

const SOME_TEXT = "The answer that never comes to its end.";

/** Every way to fail, by name. Those that break in the middle send text first. */
export const FAILURES = {
  bad_key: failure(401, "invalid_api_key", "Incorrect API key provided."),
  forbidden: failure(403, null, "You may not use this."),
  no_such_model: failure(404, "model_not_found", "The model `x` does not exist."),
  no_such_path: {
    status: 404,
    body: "404 page not found",
    headers: { "content-type": "text/plain" },
  },
  rate_limited: failure(429, "rate_limit_exceeded", "Too many requests.", {
    headers: { "retry-after": "1" },
  }),
  quota_exhausted: failure(429, "insufficient_quota", "You exceeded your current quota."),
  context_too_long: failure(
    400,
    "context_length_exceeded",
    "This model's maximum context length is 8192 tokens.",
  ),
  bad_request: failure(400, null, "Something in the request is wrong."),
  server_error: failure(500, null, "Internal error."),
  overloaded: { status: 503, body: "<html>503</html>", headers: { "content-type": "text/html" } },
  not_json: { status: 200, body: "<html>hello</html>", headers: { "content-type": "text/html" } },
  wrong_shape: { status: 200, body: { hello: "world" } },
  cut_at_once: { text: SOME_TEXT, cut_after: 0 },
  cut: { text: SOME_TEXT, cut_after: 4 },
  malformed_at_once: { text: SOME_TEXT, malformed_after: 0 },
  malformed: { text: SOME_TEXT, malformed_after: 4 },
  error_in_stream: { text: SOME_TEXT, error_after: 4 },
  ends_early: { text: SOME_TEXT, finish_reason: null, no_done: true, usage: null },
} as const satisfies Record<string, Answer>;

/** Answers that are odd and yet whole. */
export const ODDITIES = {
  huge_chunk: { text: ["x".repeat(2_000_000)] },
  split_utf8: { text: "Grüße, 世界 👩‍👩‍👧‍👦 – ça va ?", piece_bytes: 1 },
  no_usage: { text: "No one counted.", usage: null },
  tool_calls_in_fragments: {
    tool_calls: [
      { id: "call_a", name: "add", arguments: '{"a":1,"b":2}' },
      { id: "call_b", name: "say", arguments: '{"text":"ñandú"}' },
    ],
    fragment: 1,
  },
  echo: { text: "You sent ", echo_authorization: true },
  empty: { text: "" },
  slow: { text: "All in good time.", delay_ms: 50, chunk_delay_ms: 10 },
} as const satisfies Record<string, Answer>;
