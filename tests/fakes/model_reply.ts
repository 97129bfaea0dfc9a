/**
 * How the fake model server carries out one answer of its script.
 * @module
 */
import type { ServerResponse } from "node:http";
import type { Answer, RecordedRequest } from "./model_script.ts";

/** Carries out an answer. */
export async function reply(
  answer: Answer,
  request: RecordedRequest,
  out: ServerResponse,
): Promise<void> {
  if (answer.delay_ms !== undefined) await pause(answer.delay_ms, request.abandoned);
  const key = request.headers["authorization"] ?? request.headers["api-key"] ?? "(no key)";
  const headers: Record<string, string> = { ...answer.headers };
  if (answer.echo_authorization) headers["x-echo-authorization"] = key;

  const refused = answer.refuse_parameters?.find((name) => name in Object(request.body));
  if (refused !== undefined) {
    const message = `Unsupported parameter: '${refused}' is not supported with this model.`;
    const error = {
      message,
      type: "invalid_request_error",
      param: refused,
      code: "unsupported_parameter",
    };
    return sendJson(out, 400, { error }, headers);
  }
  if (answer.body !== undefined || (answer.status ?? 200) !== 200) {
    const status = answer.status ?? 200;
    if (answer.cut_after !== undefined) return await cutShort(answer.body, out, headers);
    if (typeof answer.body !== "string") return sendJson(out, status, answer.body ?? {}, headers);
    out.writeHead(status, headers);
    out.end(answer.body);
    return;
  }
  const pieces = inPieces(answer.text);
  if (answer.echo_authorization) pieces.push(key);
  if (request.body?.stream !== true) {
    const body = completion(answer, pieces.join(""), request);
    if (answer.cut_after === undefined) return sendJson(out, 200, body, headers);
    return await cutShort(body, out, headers);
  }
  out.writeHead(200, { "content-type": "text/event-stream", ...headers });
  out.flushHeaders();
  await sendEvents(answer, pieces, request, out);
}

/** Breaks the connection in the middle of an answer in one piece. */
async function cutShort(
  body: unknown,
  out: ServerResponse,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  out.writeHead(200, { "content-type": "application/json", ...headers });
  await write(out, JSON.stringify(body).slice(0, 40));
  out.destroy();
}

function inPieces(text: Answer["text"]): string[] {
  if (text === undefined) return [];
  return typeof text === "string" ? text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [] : [...text];
}

function finishReason(answer: Answer): string | null {
  if (answer.finish_reason !== undefined) return answer.finish_reason;
  return answer.tool_calls === undefined ? "stop" : "tool_calls";
}

function usageOf(answer: Answer, request: RecordedRequest): Record<string, unknown> | undefined {
  if (answer.usage === null) return undefined;
  const input = answer.usage?.input ?? Math.ceil(request.bytes / 4);
  const output = answer.usage?.output ?? 7;
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: answer.usage?.cached ?? 0 },
  };
}

function completion(answer: Answer, text: string, request: RecordedRequest): unknown {
  const calls = answer.tool_calls?.map((call, index) => ({
    id: call.id ?? `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    id: "fake",
    object: "chat.completion",
    created: 0,
    model: request.body?.model ?? "",
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: text === "" && calls !== undefined ? null : text,
        [answer.reasoning_field ?? "reasoning_content"]: inPieces(answer.reasoning).join("") ||
          undefined,
        tool_calls: calls,
      },
      finish_reason: finishReason(answer),
    }],
    usage: usageOf(answer, request),
  };
}

/** The events of a stream as texts, without what the script breaks. */
function* events(
  answer: Answer,
  pieces: readonly string[],
  request: RecordedRequest,
): Generator<string> {
  const chunk = (choices: unknown[], more: Record<string, unknown> = {}) => {
    const head = { id: "fake", object: "chat.completion.chunk", created: 0 };
    return JSON.stringify({ ...head, model: request.body?.model ?? "", choices, ...more });
  };
  const delta = (content: unknown) => chunk([{ index: 0, delta: content, finish_reason: null }]);

  yield delta({ role: "assistant", content: "" });
  for (const piece of inPieces(answer.reasoning)) {
    yield delta({ [answer.reasoning_field ?? "reasoning_content"]: piece });
  }
  for (const piece of pieces) yield delta({ content: piece });
  for (const [index, call] of (answer.tool_calls ?? []).entries()) {
    const id = call.id ?? `call_${index}`;
    const named = { name: call.name, arguments: "" };
    yield delta({ tool_calls: [{ index, id, type: "function", function: named }] });
    const size = answer.fragment ?? 4;
    for (let at = 0; at < call.arguments.length; at += size) {
      const part = { arguments: call.arguments.slice(at, at + size) };
      yield delta({ tool_calls: [{ index, function: part }] });
    }
  }
  const reason = finishReason(answer);
  if (reason !== null) yield chunk([{ index: 0, delta: {}, finish_reason: reason }]);
  const usage = usageOf(answer, request);
  if (usage !== undefined && request.body?.stream_options?.include_usage === true) {
    yield chunk([], { usage });
  }
  if (!answer.no_done) yield "[DONE]";
}

async function sendEvents(
  answer: Answer,
  pieces: readonly string[],
  request: RecordedRequest,
  out: ServerResponse,
): Promise<void> {
  let count = 0;
  for (const event of events(answer, pieces, request)) {
    if (count === answer.cut_after) return void out.destroy();
    if (count === answer.hang_after) await pause(3_600_000, request.abandoned);
    if (count === answer.malformed_after) await write(out, 'data: {"choices": [\n\n');
    if (count === answer.error_after) {
      await write(out, 'data: {"error":{"message":"The engine fell over.","code":500}}\n\n');
    }
    if (count > 0 && answer.chunk_delay_ms !== undefined) {
      await pause(answer.chunk_delay_ms, request.abandoned);
    }
    if (request.abandoned.aborted) return;
    await write(out, `data: ${event}\n\n`, answer.piece_bytes);
    count++;
  }
  out.end();
}

/** Writes in pieces of so many bytes, each handed to the system before the next. */
async function write(out: ServerResponse, text: string, pieceBytes?: number): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  const size = pieceBytes ?? bytes.length;
  for (let at = 0; at < bytes.length; at += size) {
    await new Promise<void>((resolve) => out.write(bytes.subarray(at, at + size), () => resolve()));
  }
}

/** Waits, or until `gone` aborts; then nothing more needs to be sent. */
function pause(ms: number, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      gone.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    gone.addEventListener("abort", end);
  });
}

/** Sends a whole answer. */
export function sendJson(
  out: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  out.writeHead(status, { "content-type": "application/json", ...headers });
  out.end(JSON.stringify(body));
}
