/**
 * Frames as others know them, too: JSON-RPC 2.0, one JSON text a line, so that any program can speak with Pyra.
 *
 * A request's `id` is a whole number from 1; `"input": true` beside it says that values will be streamed up. An
 * error's number is JSON-RPC's, `data.code` is ours. A notification may have any name; those with `$/` are
 * the ones of `frame.ts`. Values are JSON: bytes are text by whoever sends them.
 * @module
 */
import type { WireError } from "./error.ts";
import { isRecord, type Notice, readFrame, type Request, type Response } from "./frame.ts";
import { FRAME_LIMIT_BYTES } from "./ndjson.ts";

/** Arrays and objects in each other. */
const DEPTH_LIMIT = 100;
const VERSION = "2.0";
/** JSON-RPC's number for what it has none for. */
const SERVER_ERROR = -32_000;
const NUMBERS: Readonly<Record<string, number>> = {
  not_json: -32_700,
  malformed: -32_600,
  method_not_found: -32_601,
  bad_call: -32_602,
  internal: -32_603,
};

const NO_FRAME =
  'this is no frame of JSON-RPC 2.0; {"jsonrpc":"2.0","id":1,"method":"status"} is ' +
  "one, its id a whole number from 1";

/** Any of them. */
export type Frame = Request | Response | Notice;

const STRICT = new TextDecoder("utf-8", { fatal: true });
/** Of a line that is no JSON. */
const NOTHING = Symbol("no JSON");

function valueOf(line: Uint8Array): unknown {
  try {
    return JSON.parse(STRICT.decode(line));
  } catch (cause) {
    if (cause instanceof SyntaxError || cause instanceof TypeError) return NOTHING;
    throw cause;
  }
}

/** The frame that a foreign value is. */
function frameOf(value: unknown): Frame | undefined {
  if (!isRecord(value) || value["jsonrpc"] !== VERSION || !isShallow(value)) return undefined;
  const { id, method, params = null, input = false, result, error } = value;
  if (typeof method === "string") {
    if ("id" in value) return readFrame({ id, method, params, input });
    const isOurs = method.startsWith("$/");
    return readFrame(
      isOurs ? { method, params } : { method: "$/notify", params: { name: method, value: params } },
    );
  }
  if ("method" in value) return undefined;
  if ("error" in value) return readFrame({ id, error: wireError(error) });
  return "result" in value ? readFrame({ id, result }) : undefined;
}

/** What is nested deeper could not be written again, nor cross to a room. */
function isShallow(value: unknown, levels = DEPTH_LIMIT): boolean {
  return typeof value !== "object" || value === null ||
    (levels > 0 && Object.values(value).every((part) => isShallow(part, levels - 1)));
}

/** What a line is: a frame, or none and the line to answer it with, if it may be answered. */
export type Reading =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "malformed"; readonly answer: Uint8Array | undefined };

/** Reads a line of whoever it may be. */
export function readLine(line: Uint8Array): Reading {
  const value = valueOf(line);
  const frame = frameOf(value);
  if (frame) return { kind: "frame", frame };
  const fields = isRecord(value) ? value : {};
  const { id, method } = fields;
  // An answer is never answered: two that do not understand each other would go on for ever.
  if (method === undefined && ("result" in fields || "error" in fields)) {
    return { kind: "malformed", answer: undefined };
  }
  const answer = errorLine(problemOf(value), Number.isSafeInteger(id) ? Number(id) : null);
  return { kind: "malformed", answer };
}

function problemOf(value: unknown): WireError {
  if (value === NOTHING) return { code: "not_json", message: "the line is no JSON text" };
  const message = Array.isArray(value) ? "batches are not taken: send one frame a line" : NO_FRAME;
  return { code: "malformed", message };
}

/** The answer that a call failed; `id` is null if it cannot be told which one. */
export function errorLine(error: WireError, id: number | null): Uint8Array {
  return lineOf({ id, error: rpcError(error) });
}

/** A frame as a line. @throws {RangeError} if it is too large; {TypeError} for what is no JSON */
export function frameLine(frame: Frame): Uint8Array {
  try {
    return lineOf(messageOf(frame));
  } catch (cause) {
    // That something failed must arrive, whatever it carries.
    if ("error" in frame) return errorLine(bare(frame.error), frame.id);
    if ("id" in frame || frame.method !== "$/end" || !frame.params.error) throw cause;
    const { id, error } = frame.params;
    return lineOf({ method: frame.method, params: { id, error: bare(error) } });
  }
}

function bare({ code, message }: WireError): WireError {
  return { code, message };
}

function messageOf(frame: Frame): Record<string, unknown> {
  if ("error" in frame) return { id: frame.id, error: rpcError(frame.error) };
  if (!("method" in frame) || !("id" in frame)) return { ...frame };
  const { id, method, params, input } = frame;
  return { id, method, ...(params === null ? {} : { params }), ...(input ? { input } : {}) };
}

/** @throws {RangeError} for what is too large; {TypeError} for what is no JSON */
function lineOf(message: Readonly<Record<string, unknown>>): Uint8Array {
  const text = JSON.stringify({ jsonrpc: VERSION, ...message });
  const line = new TextEncoder().encode(`${text}\n`);
  if (line.length > FRAME_LIMIT_BYTES) throw new RangeError("the frame is too large");
  return line;
}

function rpcError({ code, message, data }: WireError): unknown {
  return { code: NUMBERS[code] ?? SERVER_ERROR, message, data: { code, data } };
}

/** What of another's error is ours; what has no code of ours keeps its number as one. */
function wireError(error: unknown): unknown {
  if (!isRecord(error)) return undefined;
  const { code, message, data } = error;
  const { code: ours = String(code), data: inner } = isRecord(data) ? data : {};
  return inner === undefined ? { code: ours, message } : { code: ours, message, data: inner };
}
